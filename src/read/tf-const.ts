import { MAX_INLINE_BYTES } from './limits.ts'
import { ELEMENT_BITS, type ElementType, type TensorBytes } from './model-file.ts'
import {
  eachPackedVarint,
  expectWire,
  fieldsOf,
  inside,
  type Message,
  malformed,
  type Wire,
  type WireField,
} from './protobuf.ts'
import { readError } from './read-error.ts'
import { readShape, type TfShape } from './tf-shape.ts'
import { type TfType, tfType } from './tf-types.ts'

/** A TensorProto: the value of a Const node. */
export interface TfConstant {
  element: ElementType
  /** As stored, row-major; complex numbers have their two parts along a last axis. */
  shape: number[]
  elements: number
  /** Where the elements lie; decodes those that are listed. To be asked once. */
  data(): TensorBytes
}

/** Bytes that the constants of one file may still take in memory. */
export interface Memory {
  left: number
}

/** Null for strings and other things that are no numbers. Throws `malformed`, `limit`, `unsupported`. */
export function readConstant(wire: Wire, message: Message, memory: Memory): TfConstant | null {
  let number = 0
  let stored: TfShape = { shape: [], elements: 1 }
  let content: WireField | null = null
  for (const field of fieldsOf(wire, message, 'constant')) {
    if (field.number === 1) number = field.value
    if (field.number === 2) stored = readShape(wire, message, field)
    if (field.number === 4 && field.length > 0) content = field
  }
  const type = tfType(number)
  if (type === 'no-numbers') return null
  if (type === 'unknown')
    throw readError(wire.source.path, 'unsupported', { what: 'TensorFlow data type', value: String(number) })
  const elements = stored.elements * type.parts
  const shape = type.parts === 2 ? [...stored.shape, 2] : stored.shape
  const data = () => locate(wire, message, { type, elements, content }, memory)
  return { element: type.element, shape, elements, data }
}

interface Stored {
  type: TfType
  elements: number
  content: WireField | null
}

function locate(wire: Wire, message: Message, { type, elements, content }: Stored, memory: Memory): TensorBytes {
  const bytes = (elements * ELEMENT_BITS[type.element]) / 8
  if (content === null) return { kind: 'inline', bytes: listed(wire, message, type, bytes, memory) }
  expectWire(wire, content, 'bytes', 'constant')
  if (content.length !== bytes)
    throw malformed(wire, 'constant', `it has ${content.length} bytes, its shape needs ${bytes}`, content.offset)
  return { kind: 'ranges', ranges: [{ file: 0, offset: content.offset, length: bytes }] }
}

/** Elements in a repeated field of their type. The last one stands for all that follow; none at all are zeros. */
function listed(wire: Wire, message: Message, type: TfType, bytes: number, memory: Memory): Uint8Array {
  memory.left -= bytes
  if (memory.left < 0)
    throw readError(wire.source.path, 'limit', {
      what: 'decoded elements',
      value: `over ${MAX_INLINE_BYTES}`,
      limit: String(MAX_INLINE_BYTES),
    })
  const dense = new Uint8Array(bytes)
  const size = ELEMENT_BITS[type.element] / 8
  let at = 0
  const room = (length: number, field: WireField) => {
    if (at + length > bytes) throw malformed(wire, 'constant', 'it has more elements than its shape', field.offset)
  }
  for (const field of fieldsOf(wire, message, 'constant')) {
    if (field.number !== type.field) continue
    if (field.wire !== 'bytes') expectWire(wire, field, type.form, 'constant')
    if (type.form === 'varint')
      eachPackedVarint(wire, field, 'constant', (low, high) => {
        room(size, field)
        for (let i = 0; i < size; i++) dense[at++] = (i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4))) & 0xff
      })
    else {
      room(field.length, field)
      if (field.length % size !== 0) throw malformed(wire, 'constant', 'a part of an element', field.offset)
      wire.source.readInto(dense.subarray(at, at + field.length), field.offset, 'constant')
      at += field.length
    }
  }
  // Complex numbers repeat as a whole.
  const step = size * type.parts
  if (at >= step) for (let i = at; i < bytes; i++) dense[i] = dense[i - step]!
  return dense
}

/** The value of an attribute, `inside` its map entry. */
export function tensorOf(wire: Wire, value: Message): Message | null {
  for (const field of fieldsOf(wire, value, 'attribute'))
    if (field.number === 8) return inside(wire, value, field, 'constant')
  return null
}
