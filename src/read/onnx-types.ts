import type { ElementType } from './model-file.ts'
import type { NumberForm } from './onnx-model.ts'

/** How a TensorProto.DataType is stored: the element, and the repeated field that may hold it instead of raw_data. */
export interface OnnxDataType {
  element: ElementType
  field: number
  form: NumberForm
  /** Complex numbers are two elements each. */
  parts: 1 | 2
  /** For types without an `ElementType`: stored as `element` codes that stand for entries of this table of bf16 or f16. */
  table?: { values: Uint16Array; element: ElementType }
}

const FLOAT_DATA = 4
const INT32_DATA = 5
const INT64_DATA = 7
const DOUBLE_DATA = 10
const UINT64_DATA = 11

/** Strings hold no weights. */
export const STRING_TYPE = 8

/** Positive values of the four-bit float, by code; the sign is the fourth bit. */
const FLOAT4_E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6]

/** TensorProto.DataType; 0 (undefined) and STRING have no entry. */
export const DATA_TYPES: ReadonlyMap<number, OnnxDataType> = new Map([
  [1, fixed('f32', FLOAT_DATA, 'fixed32')],
  [2, varint('u8', INT32_DATA, 1)],
  [3, varint('i8', INT32_DATA, 1)],
  [4, varint('u16', INT32_DATA, 2)],
  [5, varint('i16', INT32_DATA, 2)],
  [6, varint('i32', INT32_DATA, 4)],
  [7, varint('i64', INT64_DATA, 8)],
  [9, varint('bool', INT32_DATA, 1)],
  [10, varint('f16', INT32_DATA, 2)],
  [11, fixed('f64', DOUBLE_DATA, 'fixed64')],
  [12, varint('u32', UINT64_DATA, 4)],
  [13, varint('u64', UINT64_DATA, 8)],
  [14, { ...fixed('f32', FLOAT_DATA, 'fixed32'), parts: 2 }],
  [15, { ...fixed('f64', DOUBLE_DATA, 'fixed64'), parts: 2 }],
  [16, varint('bf16', INT32_DATA, 2)],
  [17, varint('f8e4m3', INT32_DATA, 1)],
  [18, coded('u8', 'f16', 256, (code) => f16Bits(unsignedZeroFloat(code, 3, 8)))],
  [19, varint('f8e5m2', INT32_DATA, 1)],
  [20, coded('u8', 'f16', 256, (code) => f16Bits(unsignedZeroFloat(code, 2, 16)))],
  [21, varint('u4', INT32_DATA, 1)],
  [22, varint('i4', INT32_DATA, 1)],
  [23, coded('u4', 'bf16', 16, (code) => bf16Bits(FLOAT4_E2M1[code & 7]! * (code < 8 ? 1 : -1)))],
  // Powers of two from 2^-127 on, 255 for "not a number".
  [24, coded('u8', 'bf16', 256, (code) => bf16Bits(code === 255 ? Number.NaN : 2 ** (code - 127)))],
])

function fixed(element: ElementType, field: number, wire: 'fixed32' | 'fixed64'): OnnxDataType {
  return { element, field, form: { wire, bytes: wire === 'fixed32' ? 4 : 8 }, parts: 1 }
}

/** Four-bit types stand two to an entry, low half first. */
function varint(element: ElementType, field: number, bytes: NumberForm['bytes']): OnnxDataType {
  return { element, field, form: { wire: 'varint', bytes }, parts: 1 }
}

function coded(codes: ElementType, element: ElementType, count: number, value: (code: number) => number): OnnxDataType {
  const values = Uint16Array.from({ length: count }, (_, code) => value(code))
  return { ...varint(codes, INT32_DATA, 1), table: { values, element } }
}

/** Float8 "FNUZ" (arXiv 2206.02915): no infinities, no negative zero, 0x80 for "not a number". */
function unsignedZeroFloat(code: number, mantissaBits: number, bias: number): number {
  if (code === 0x80) return Number.NaN
  const sign = code < 0x80 ? 1 : -1
  const exponent = (code & 0x7f) >> mantissaBits
  const fraction = (code & ((1 << mantissaBits) - 1)) / (1 << mantissaBits)
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias)
  return sign * (1 + fraction) * 2 ** (exponent - bias)
}

/** Bits of a value that bf16 holds exactly. */
function bf16Bits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16
}

/** Bits of a value that f16 holds exactly. */
function f16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 ? 0x8000 : 0
  const size = Math.abs(value)
  // Below 2^-14 a half is a multiple of 2^-24.
  if (size < 2 ** -14) return sign | (size * 2 ** 24)
  const exponent = Math.floor(Math.log2(size))
  return sign | ((exponent + 15) << 10) | ((size / 2 ** exponent - 1) * 1024)
}
