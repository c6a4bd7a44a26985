import { blobRange } from './coreml-blob.ts'
import type { CoremlFile } from './coreml-file.ts'
import { MIL_TYPES, type MilType } from './coreml-types.ts'
import { numberReader } from './element-numbers.ts'
import { MAX_AXES, MAX_HEADER_BYTES, MAX_NAME_BYTES } from './limits.ts'
import type { ByteRange } from './model-file.ts'
import {
  eachPackedVarint,
  fieldsOf,
  inside,
  type Message,
  malformed,
  signed64,
  textOf,
  type WireField,
} from './protobuf.ts'
import { countElements } from './shape.ts'
import { readBytes } from './source.ts'

/** A value in a program: a tensor of numbers, in the program or in a blob. */
export interface MilValue {
  type: MilType
  shape: number[]
  elements: number
  /** Stored bytes. */
  bytes: number
  content: { kind: 'blob'; fileName: string; at: number } | { kind: 'here'; field: number; message: Message }
  offset: number
}

/** Null for what is no tensor of numbers. Throws `malformed`, `limit`. */
export function readValue(model: CoremlFile, message: Message): MilValue | null {
  const { wire } = model
  let tensor: { type: number; shape: number[] } | null = null
  let content: MilValue['content'] | null = null
  for (const field of fieldsOf(wire, message, 'value')) {
    if (field.number === 2) tensor = readTensorType(model, inside(wire, message, field, 'type'))
    if (field.number === 3) content = readImmediate(model, inside(wire, message, field, 'value'))
    if (field.number === 5) content = readBlobName(model, inside(wire, message, field, 'blob'))
  }
  const type = tensor === null ? undefined : MIL_TYPES.get(tensor.type)
  if (tensor === null || type === undefined || content === null) return null
  const elements = countElements(wire.source.path, tensor.shape, 'value', message.start)
  const bytes = Math.ceil((elements * type.bits) / 8)
  return { type, shape: tensor.shape, elements, bytes, content, offset: message.start }
}

function readTensorType(model: CoremlFile, message: Message): { type: number; shape: number[] } | null {
  const { wire } = model
  for (const field of fieldsOf(wire, message, 'type')) {
    if (field.number !== 1) continue
    const tensor = inside(wire, message, field, 'tensor type')
    const found = { type: 0, shape: [] as number[] }
    for (const one of fieldsOf(wire, tensor, 'tensor type')) {
      if (one.number === 1) found.type = one.value
      if (one.number === 3 && found.shape.length <= MAX_AXES)
        found.shape.push(axisLength(model, inside(wire, tensor, one, 'axis')))
    }
    return found
  }
  return null
}

/** Of a constant, all lengths are known. */
function axisLength({ wire }: CoremlFile, message: Message): number {
  for (const field of fieldsOf(wire, message, 'axis')) {
    if (field.number !== 1) continue
    for (const one of fieldsOf(wire, inside(wire, message, field, 'axis'), 'axis'))
      if (one.number === 1) return one.value
    return 0
  }
  throw malformed(wire, 'value', 'an axis of unknown length', message.start)
}

function readImmediate({ wire }: CoremlFile, message: Message): MilValue['content'] | null {
  for (const field of fieldsOf(wire, message, 'value')) {
    if (field.number !== 1) continue
    const tensor = inside(wire, message, field, 'tensor')
    for (const one of fieldsOf(wire, tensor, 'tensor'))
      return { kind: 'here', field: one.number, message: inside(wire, tensor, one, 'tensor') }
  }
  return null
}

function readBlobName({ wire }: CoremlFile, message: Message): MilValue['content'] {
  const content = { kind: 'blob' as const, fileName: '', at: 0 }
  for (const field of fieldsOf(wire, message, 'blob')) {
    if (field.number === 1) content.fileName = textOf(wire, field, MAX_NAME_BYTES, 'name of the blob file')
    if (field.number === 2) content.at = field.value
  }
  return content
}

/** In TensorValue: lists of floats, doubles, and bytes, which are the elements themselves. */
const PLAIN_FIELDS = new Map([
  [1, 'f32'],
  [6, 'f64'],
])
const BYTES_FIELD = 7

/** Where a value's elements lie as they are; null for those that are listed in another form. */
export function rangeOf(model: CoremlFile, value: MilValue): ByteRange | null {
  const { content, type, bytes } = value
  if (content.kind === 'blob') return blobRange(model, content.fileName, content.at, type, bytes)
  const isPlain = content.field === BYTES_FIELD || PLAIN_FIELDS.get(content.field) === type.element
  const field = isPlain ? onlyField(model, content.message) : null
  if (field === null || field.wire !== 'bytes') return null
  if (field.length !== bytes)
    throw malformed(model.wire, 'value', `it has ${field.length} bytes, its shape needs ${bytes}`, value.offset)
  return { file: 0, offset: field.offset, length: bytes }
}

function onlyField({ wire }: CoremlFile, message: Message): WireField | null {
  const fields: WireField[] = []
  for (const field of fieldsOf(wire, message, 'value')) if (field.number === 1 && fields.push(field) > 1) return null
  return fields[0] ?? null
}

/** Scales, zero points, tables, flags and axes as numbers; null for a form that is not read. Throws `malformed`. */
export function numbersOf(model: CoremlFile, value: MilValue): Float64Array | null {
  if (value.bytes > MAX_HEADER_BYTES || value.elements > MAX_HEADER_BYTES) return null
  const range = rangeOf(model, value)
  if (range === null) return listedNumbers(model, value)
  if (value.type.element === null) return null
  const bytes = readBytes(model.files[range.file]!, range.offset, range.length, 'value')
  const element = numberReader(value.type.element, new DataView(bytes.buffer))
  return Float64Array.from({ length: value.elements }, (_, index) => element(index))
}

/** Whole numbers and booleans, as varints. */
function listedNumbers(model: CoremlFile, value: MilValue): Float64Array | null {
  const { wire } = model
  if (value.content.kind !== 'here' || ![2, 3, 5].includes(value.content.field)) return null
  const numbers: number[] = []
  for (const field of fieldsOf(wire, value.content.message, 'value')) {
    if (field.number !== 1) continue
    if (field.wire === 'varint') numbers.push(field.value)
    else eachPackedVarint(wire, field, 'value', (low, high) => numbers.push(signed64(low, high)))
    if (numbers.length > value.elements)
      throw malformed(wire, 'value', 'it has more elements than its shape', value.offset)
  }
  return numbers.length === value.elements ? Float64Array.from(numbers) : null
}
