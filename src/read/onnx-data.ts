import { numberReader } from './element-numbers.ts'
import { MAX_FILES, MAX_INLINE_BYTES } from './limits.ts'
import { ELEMENT_BITS, type TensorBytes } from './model-file.ts'
import type { OnnxTensor } from './onnx-model.ts'
import { denseBytes } from './onnx-sparse.ts'
import { eachPackedVarint, expectWire, fieldsOf, malformed, type Wire } from './protobuf.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes, type Siblings } from './source.ts'

/** What finds or decodes the elements of a file's tensors; remembers what it opened and decoded. */
export interface OnnxData {
  wire: Wire
  siblings: Siblings
  /** The main file, then external data in order of first use. */
  files: ByteSource[]
  fileNumbers: Map<string, number>
  decoded: Map<OnnxTensor, TensorBytes>
  /** Bytes that may still be held in memory. */
  inlineLeft: number
}

export function dataOf(wire: Wire, siblings: Siblings): OnnxData {
  const files = [wire.source]
  return { wire, siblings, files, fileNumbers: new Map(), decoded: new Map(), inlineLeft: MAX_INLINE_BYTES }
}

/** Where a tensor's elements lie; decodes them when they lie nowhere in plain form. */
export function bytesOf(data: OnnxData, tensor: OnnxTensor): TensorBytes {
  let found = data.decoded.get(tensor)
  if (found === undefined) {
    found = locate(data, tensor)
    if (found.kind === 'inline') data.decoded.set(tensor, found)
  }
  return found
}

/** Counts bytes that stay in memory. Throws `limit` when they are more than MAX_INLINE_BYTES together. */
export function holdInMemory(data: OnnxData, bytes: number): void {
  checkMemory(data, bytes)
  data.inlineLeft -= bytes
}

/** Throws `limit` unless so many bytes may be held for a while. */
function checkMemory(data: OnnxData, bytes: number): void {
  if (bytes <= data.inlineLeft) return
  const limit = String(MAX_INLINE_BYTES)
  throw readError(data.wire.source.path, 'limit', { what: 'decoded elements', value: `over ${limit}`, limit })
}

/** The elements as numbers (64-bit ones rounded beyond 2⁵³): for scales, zero points, indices and shapes. */
export function numbersOf(data: OnnxData, tensor: OnnxTensor): Float64Array {
  checkMemory(data, tensor.count * 8)
  const bytes = allBytes(data, tensor)
  const element = numberReader(tensor.element, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return Float64Array.from({ length: tensor.count }, (_, index) => element(index))
}

/** All stored bytes of a tensor. */
export function allBytes(data: OnnxData, tensor: OnnxTensor): Uint8Array {
  const found = bytesOf(data, tensor)
  if (found.kind === 'inline') return found.bytes
  const [range] = found.ranges
  if (range === undefined) return new Uint8Array(0)
  checkMemory(data, range.length)
  return readBytes(data.files[range.file]!, range.offset, range.length, tensor.name)
}

function locate(data: OnnxData, tensor: OnnxTensor): TensorBytes {
  const { storage } = tensor
  switch (storage.kind) {
    case 'here':
      return { kind: 'ranges', ranges: [{ file: 0, offset: storage.offset, length: storage.length }] }
    case 'external': {
      const file = openExternal(data, storage.location)
      checkRange(data.files[file]!, storage.offset, storage.length, tensor.name)
      return { kind: 'ranges', ranges: [{ file, offset: storage.offset, length: storage.length }] }
    }
    case 'listed':
      return { kind: 'inline', bytes: decodeListed(data, tensor) }
    case 'sparse': {
      holdInMemory(data, (tensor.count * ELEMENT_BITS[tensor.element]) / 8)
      const indices = numbersOf(data, storage.indices)
      const values = allBytes(data, storage.values)
      return { kind: 'inline', bytes: denseBytes(data.wire, tensor, indices, storage.indices.dims, values) }
    }
    case 'coded': {
      holdInMemory(data, tensor.count * 2)
      const codes = numbersOf(data, storage.codes)
      const elements = Uint16Array.from(codes, (code) => storage.table[code]!)
      return { kind: 'inline', bytes: new Uint8Array(elements.buffer) }
    }
  }
}

function openExternal(data: OnnxData, location: string): number {
  const known = data.fileNumbers.get(location)
  if (known !== undefined) return known
  if (data.files.length >= MAX_FILES) {
    const value = String(data.files.length + 1)
    throw readError(data.wire.source.path, 'limit', { what: 'external data files', value, limit: String(MAX_FILES) })
  }
  const number = data.files.push(data.siblings.open(location)) - 1
  data.fileNumbers.set(location, number)
  return number
}

/** Entries of a repeated field, as little-endian elements. */
function decodeListed(data: OnnxData, tensor: OnnxTensor): Uint8Array {
  const { storage, element, count } = tensor
  if (storage.kind !== 'listed') throw new TypeError('not a listed tensor')
  const { wire } = data
  const length = Math.ceil((count * ELEMENT_BITS[element]) / 8)
  holdInMemory(data, length)
  const bytes = new Uint8Array(length)
  const size = storage.form.bytes
  let at = 0
  const put = (low: number, high: number) => {
    if (at + size > length) throw malformed(wire, 'tensor', 'it has more elements than its shape', tensor.offset)
    for (let i = 0; i < size; i++) bytes[at++] = (i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4))) & 0xff
  }
  for (const field of fieldsOf(wire, storage.message, 'tensor')) {
    if (field.number !== storage.field) continue
    if (field.wire !== 'bytes') expectWire(wire, field, storage.form.wire, 'tensor elements')
    // The payload of a single varint reads like a packed list of one.
    if (storage.form.wire === 'varint') eachPackedVarint(wire, field, 'tensor elements', put)
    else {
      if (at + field.length > length || field.length % size !== 0)
        throw malformed(wire, 'tensor', 'its elements do not fit its shape', field.offset)
      wire.source.readInto(bytes.subarray(at, at + field.length), field.offset, 'tensor elements')
      at += field.length
    }
  }
  if (at !== length) throw malformed(wire, 'tensor', 'it has fewer elements than its shape', tensor.offset)
  return bytes
}
