import type { ElementType } from './model-file.ts'

/** How TensorFlow keeps a data type: elements of complex numbers in two parts. */
export interface TfType {
  element: ElementType
  parts: 1 | 2
  /** Field of a TensorProto that lists such elements, and how an entry is coded there. */
  field: number
  form: 'fixed32' | 'fixed64' | 'varint'
}

const plain = (element: ElementType, field: number, form: TfType['form']): TfType => ({
  element,
  parts: 1,
  field,
  form,
})

/** By number, from tensorflow/core/framework/types.proto; 4-bit numbers take a byte each. */
const TYPES = new Map<number, TfType>([
  [1, plain('f32', 5, 'fixed32')],
  [2, plain('f64', 6, 'fixed64')],
  [3, plain('i32', 7, 'varint')],
  [4, plain('u8', 7, 'varint')],
  [5, plain('i16', 7, 'varint')],
  [6, plain('i8', 7, 'varint')],
  [8, { element: 'f32', parts: 2, field: 9, form: 'fixed32' }],
  [9, plain('i64', 10, 'varint')],
  [10, plain('bool', 11, 'varint')],
  [11, plain('i8', 7, 'varint')],
  [12, plain('u8', 7, 'varint')],
  [13, plain('i32', 7, 'varint')],
  [14, plain('bf16', 13, 'varint')],
  [15, plain('i16', 7, 'varint')],
  [16, plain('u16', 7, 'varint')],
  [17, plain('u16', 7, 'varint')],
  [18, { element: 'f64', parts: 2, field: 12, form: 'fixed64' }],
  [19, plain('f16', 13, 'varint')],
  [22, plain('u32', 16, 'varint')],
  [23, plain('u64', 17, 'varint')],
  [24, plain('f8e5m2', 18, 'varint')],
  [25, plain('f8e4m3', 18, 'varint')],
  [29, plain('i8', 7, 'varint')],
  [30, plain('u8', 7, 'varint')],
])

/** Strings, resources and variants: no numbers, so no weights. */
const NO_NUMBERS = new Set([0, 7, 20, 21])

/** A type that is not known may be one of weights, and is for the caller to refuse. */
export function tfType(number: number): TfType | 'no-numbers' | 'unknown' {
  // Types above 100 are references to variables of the type below.
  const plainNumber = number > 100 ? number - 100 : number
  return TYPES.get(plainNumber) ?? (NO_NUMBERS.has(plainNumber) ? 'no-numbers' : 'unknown')
}
