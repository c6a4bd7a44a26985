import { MAX_AXES, MAX_ELEMENTS, MAX_NAME_BYTES } from './limits.ts'
import { ELEMENT_BITS } from './model-file.ts'
import type { NumberForm, OnnxStorage, OnnxTensor } from './onnx-model.ts'
import { DATA_TYPES, type OnnxDataType, STRING_TYPE } from './onnx-types.ts'
import {
  eachPackedVarint,
  expectWire,
  fieldsOf,
  inside,
  type Message,
  malformed,
  signed64,
  textOf,
  type Wire,
  type WireField,
} from './protobuf.ts'
import { readError } from './read-error.ts'

/** TensorProto fields that hold elements, by field number. */
const VALUE_FIELDS = new Set([4, 5, 6, 7, 9, 10, 11])

/** The fields of a TensorProto as they stand, before they are checked against each other. */
interface TensorFields {
  name: string
  dims: number[]
  type: number
  raw: WireField | null
  /** The first occurrence of the repeated field that holds the elements, how many there are, and their bytes. */
  listed: WireField | null
  listedCount: number
  listedBytes: number
  valueField: number | null
  external: Map<string, string> | null
  isExternal: boolean
}

/**
 * A TensorProto, null for strings. Checks the shape, and that exactly the bytes the shape needs are there; elements are
 * not read. Throws `malformed`, `truncated`, `limit`, or `unsupported` for an unknown element type.
 */
export function readTensor(wire: Wire, message: Message): OnnxTensor | null {
  const fields = readFields(wire, message)
  if (fields.type === STRING_TYPE) return null
  const type = DATA_TYPES.get(fields.type)
  if (type === undefined)
    throw readError(wire.source.path, 'unsupported', { what: 'ONNX element type', value: String(fields.type) })
  const count = elementCount(wire, fields.dims) * type.parts
  const dims = type.parts === 2 ? [...fields.dims, 2] : [...fields.dims]
  const storage = storageOf(wire, message, fields, type, count)
  const stored: OnnxTensor = { name: fields.name, element: type.element, dims, count, storage, offset: message.start }
  if (type.table === undefined) return stored
  const decoded: OnnxStorage = { kind: 'coded', codes: stored, table: type.table.values }
  return { ...stored, element: type.table.element, storage: decoded }
}

function readFields(wire: Wire, message: Message): TensorFields {
  const fields: TensorFields = {
    name: '',
    dims: [],
    type: 0,
    raw: null,
    listed: null,
    listedCount: 0,
    listedBytes: 0,
    valueField: null,
    external: null,
    isExternal: false,
  }
  for (const field of fieldsOf(wire, message, 'tensor')) {
    if (VALUE_FIELDS.has(field.number)) takeValues(wire, fields, field)
    else takeDescription(wire, message, fields, field)
  }
  return fields
}

function takeDescription(wire: Wire, message: Message, fields: TensorFields, field: WireField): void {
  switch (field.number) {
    case 1:
      takeDims(wire, fields.dims, field)
      break
    case 2:
      expectWire(wire, field, 'varint', 'tensor data type')
      fields.type = field.value
      break
    case 3:
      throw readError(wire.source.path, 'unsupported', { what: 'ONNX tensor', value: 'stored in segments' })
    case 8:
      fields.name = textOf(wire, field, MAX_NAME_BYTES, 'tensor name')
      break
    case 13:
      fields.external ??= new Map()
      takeExternal(wire, inside(wire, message, field, 'external data'), fields.external)
      break
    case 14:
      expectWire(wire, field, 'varint', 'tensor data location')
      fields.isExternal = field.value === 1
      break
  }
}

/** Two value fields would let two readers see different weights in one file. */
function takeValues(wire: Wire, fields: TensorFields, field: WireField): void {
  if (field.length === 0) return
  if (fields.valueField !== null && fields.valueField !== field.number)
    throw malformed(wire, 'tensor', 'its elements are stated twice', field.offset)
  fields.valueField = field.number
  if (field.number === 9) {
    expectWire(wire, field, 'bytes', 'tensor raw data')
    if (fields.raw !== null) throw malformed(wire, 'tensor', 'its elements are stated twice', field.offset)
    fields.raw = field
    return
  }
  fields.listed ??= field
  fields.listedCount++
  fields.listedBytes += field.length
}

/** Appends one or, packed, all lengths of a shape. */
export function takeDims(wire: Wire, dims: number[], field: WireField): void {
  const take = (length: number) => {
    if (length < 0) throw malformed(wire, 'tensor shape', 'a length is negative', field.offset)
    if (dims.push(length) > MAX_AXES) throw tooMuch(wire, 'tensor axes', dims.length, MAX_AXES)
  }
  if (field.wire === 'bytes') eachPackedVarint(wire, field, 'tensor shape', (low, high) => take(signed64(low, high)))
  else {
    expectWire(wire, field, 'varint', 'tensor shape')
    take(field.value)
  }
}

/** A StringStringEntryProto. Only three keys matter; others (checksum) are passed over. */
function takeExternal(wire: Wire, entry: Message, external: Map<string, string>): void {
  let key = ''
  let value: WireField | null = null
  for (const field of fieldsOf(wire, entry, 'external data')) {
    if (field.number === 1) key = textOf(wire, field, MAX_NAME_BYTES, 'external data key')
    if (field.number === 2) value = field
  }
  if (value === null || !['location', 'offset', 'length'].includes(key)) return
  if (external.has(key)) throw malformed(wire, 'external data', `${key} is stated twice`, value.offset)
  external.set(key, textOf(wire, value, MAX_NAME_BYTES, `external data ${key}`))
}

/** Throws `limit` beyond MAX_ELEMENTS, so that every product of the lengths is exact. */
export function elementCount(wire: Wire, dims: readonly number[]): number {
  const count = dims.includes(0) ? 0 : dims.reduce((product, length) => product * length, 1)
  if (count > MAX_ELEMENTS) throw tooMuch(wire, 'tensor elements', count, MAX_ELEMENTS)
  return count
}

function storageOf(wire: Wire, message: Message, fields: TensorFields, type: OnnxDataType, count: number): OnnxStorage {
  const bytes = Math.ceil((count * ELEMENT_BITS[type.element]) / 8)
  if (fields.isExternal) return externalStorage(wire, fields, bytes, message.start)
  if (fields.raw !== null) {
    checkBytes(wire, fields.raw.length, bytes, fields.raw.offset)
    return { kind: 'here', offset: fields.raw.offset, length: bytes }
  }
  if (fields.valueField === null) {
    if (count > 0) throw malformed(wire, 'tensor', 'it has a shape and no elements', message.start)
    return { kind: 'here', offset: message.start, length: 0 }
  }
  if (fields.valueField !== type.field)
    throw malformed(wire, 'tensor', 'its elements stand in the field of another type', message.start)
  return listedStorage(wire, message, fields, type.form, bytes)
}

/** Packed fixed-width entries are the little-endian elements themselves; everything else must be decoded. */
function listedStorage(
  wire: Wire,
  message: Message,
  fields: TensorFields,
  form: NumberForm,
  bytes: number,
): OnnxStorage {
  const { listed, listedCount, listedBytes } = fields
  if (form.wire !== 'varint' && listedCount === 1 && listed?.wire === 'bytes') {
    checkBytes(wire, listed.length, bytes, message.start)
    return { kind: 'here', offset: listed.offset, length: bytes }
  }
  // An entry takes a byte at least: a shape beyond this cannot be true and must not be allocated.
  if (bytes > listedBytes * form.bytes)
    throw malformed(wire, 'tensor', 'it has fewer elements than its shape', message.start)
  return { kind: 'listed', message, field: fields.valueField!, form }
}

function externalStorage(wire: Wire, fields: TensorFields, bytes: number, at: number): OnnxStorage {
  if (fields.valueField !== null) throw malformed(wire, 'tensor', 'its elements are stated twice', at)
  const location = fields.external?.get('location')
  if (location === undefined) throw malformed(wire, 'external data', 'it names no file', at)
  const offset = wholeNumber(wire, fields.external?.get('offset') ?? '0', at)
  const length = wholeNumber(wire, fields.external?.get('length') ?? String(bytes), at)
  checkBytes(wire, length, bytes, at)
  return { kind: 'external', location, offset, length }
}

function wholeNumber(wire: Wire, text: string, at: number): number {
  const value = /^\d{1,19}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw malformed(wire, 'external data', `${text.slice(0, 40)} is no offset`, at)
  return value
}

function checkBytes(wire: Wire, have: number, need: number, at: number): void {
  if (have !== need) throw malformed(wire, 'tensor', `it has ${have} bytes, its shape needs ${need}`, at)
}

function tooMuch(wire: Wire, what: string, value: number, limit: number) {
  return readError(wire.source.path, 'limit', { what, value: String(value), limit: String(limit) })
}
