import type { OnnxTensor } from './onnx-model.ts'
import {
  eachPackedVarint,
  expectWire,
  type Message,
  malformed,
  signed64,
  type Wire,
  type WireField,
} from './protobuf.ts'

/** Lists longer than this (axes, permutations, sizes) belong to no attribute that is looked at. */
const MAX_ATTRIBUTE_LENGTH = 64

/** The numbers of one attribute field, counted, not yet read. */
export interface NumberList {
  count: number
  /** Its only field so far, when that is packed and fixed-width. */
  packed: WireField | null
}

export function emptyList(): NumberList {
  return { count: 0, packed: null }
}

export function addToList(wire: Wire, list: NumberList, field: WireField, single: 'fixed32' | 'varint'): void {
  let added = 1
  if (field.wire !== 'bytes') expectWire(wire, field, single, 'attribute')
  else if (single === 'fixed32') {
    added = field.length / 4
    if (!Number.isInteger(added)) throw malformed(wire, 'attribute', 'a number is cut in two', field.offset)
  } else {
    added = 0
    eachPackedVarint(wire, field, 'attribute', () => added++)
  }
  list.packed = list.count === 0 && single === 'fixed32' ? field : null
  list.count += added
}

/** The numbers of an attribute as a tensor. */
export function listTensor(
  message: Message,
  list: NumberList,
  field: number,
  element: 'f32' | 'i64',
  dims: number[],
): OnnxTensor {
  const form = element === 'f32' ? ({ wire: 'fixed32', bytes: 4 } as const) : ({ wire: 'varint', bytes: 8 } as const)
  const count = dims.length === 0 ? 1 : list.count
  const about = { name: '', element, dims, count, offset: message.start }
  if (list.packed === null || list.packed.length !== count * 4)
    return { ...about, storage: { kind: 'listed', message, field, form } }
  const { offset, length } = list.packed
  return { ...about, storage: { kind: 'here', offset, length } }
}

export function takeNumbers(wire: Wire, numbers: number[], field: WireField): void {
  if (numbers.length >= MAX_ATTRIBUTE_LENGTH) return
  if (field.wire === 'varint') numbers.push(field.value)
  else
    eachPackedVarint(wire, field, 'attribute', (low, high) => {
      if (numbers.length < MAX_ATTRIBUTE_LENGTH) numbers.push(signed64(low, high))
    })
}
