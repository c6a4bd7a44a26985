import { MAX_INLINE_BYTES } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'

/** A Keras model of 2,000 layers has about 8 MB of headers, names and indices. */
const MAX_METADATA_BYTES = 64 * 1024 * 1024

/** Chunks stick out of their dataset, so they hold more than it does: at most twice as much in real files. */
export const MAX_DECODED_BYTES = 2 * MAX_INLINE_BYTES

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

/** True for a file that begins with HDF5's signature. A user block before it, which HDF5 allows, no model has. */
export function looksLikeHdf5(_name: string, head: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => head[index] === byte)
}

/** One HDF5 file and what may still be spent on it. Format: "HDF5 File Format Specification Version 3.0". */
export interface Hdf5File {
  source: ByteSource
  /** Bytes of an address and of a length. */
  offsetBytes: 4 | 8
  lengthBytes: 4 | 8
  /** Address of the root group's object header. */
  root: number
  /** Bytes of headers and indices that may still be read. */
  metadataLeft: number
  /** Bytes of elements that may still be decoded, and be held in memory. */
  decodingLeft: number
  inlineLeft: number
  /** Names of other files that links and datasets point to. They are never opened. */
  external: Set<string>
}

/** Some bytes of the file and a place in them. */
export interface Fields {
  file: Hdf5File
  view: DataView
  at: number
  /** Byte offset in the file of the first byte; of the bytes' owner where they were copied together. */
  offset: number
  what: string
}

/** Reads the superblock, versions 0 to 3. Throws `malformed`, `truncated`, `unsupported`. */
export function openHdf5(source: ByteSource): Hdf5File {
  const file: Hdf5File = {
    source,
    offsetBytes: 8,
    lengthBytes: 8,
    root: 0,
    metadataLeft: MAX_METADATA_BYTES,
    decodingLeft: MAX_DECODED_BYTES,
    inlineLeft: MAX_INLINE_BYTES,
    external: new Set(),
  }
  const fields = fieldsAt(file, 0, Math.min(source.size, 128), 'superblock')
  if (!looksLikeHdf5('', new Uint8Array(fields.view.buffer))) throw malformed(fields, 'no HDF5 signature')
  fields.at = SIGNATURE.length
  const version = u8(fields)
  if (version > 3) throw unsupported(file, 'HDF5 superblock version', version)
  if (version < 2) readOldSuperblock(file, fields, version)
  else readNewSuperblock(file, fields)
  return file
}

function readOldSuperblock(file: Hdf5File, fields: Fields, version: number): void {
  skip(fields, 4)
  readSizes(file, fields)
  skip(fields, version === 0 ? 9 : 13)
  readExtent(file, fields)
  skip(fields, file.offsetBytes)
  // The root group's entry: an unused name, then the header's address.
  skip(fields, file.offsetBytes)
  file.root = address(fields)
}

function readNewSuperblock(file: Hdf5File, fields: Fields): void {
  readSizes(file, fields)
  skip(fields, 1)
  readExtent(file, fields)
  file.root = address(fields)
}

function readSizes(file: Hdf5File, fields: Fields): void {
  file.offsetBytes = sizeOf(fields, 'HDF5 address size')
  file.lengthBytes = sizeOf(fields, 'HDF5 length size')
}

function sizeOf(fields: Fields, what: string): 4 | 8 {
  const size = u8(fields)
  if (size !== 4 && size !== 8) throw unsupported(fields.file, what, size)
  return size
}

/** Base address, one address of no use here, and the end of the file as its writer saw it. */
function readExtent(file: Hdf5File, fields: Fields): void {
  const base = address(fields)
  if (base !== 0) throw unsupported(file, 'HDF5 base address', base)
  skip(fields, file.offsetBytes)
  const end = address(fields)
  if (end > file.source.size)
    throw readError(file.source.path, 'truncated', { what: 'HDF5 file', need: end, size: file.source.size })
}

/** Copies [at, at + length) of the file. Throws `truncated`, or `limit` when headers and indices get too much. */
export function fieldsAt(file: Hdf5File, at: number, length: number, what: string): Fields {
  checkRange(file.source, at, length, what)
  spendMetadata(file, length)
  const bytes = readBytes(file.source, at, length, what)
  return { file, view: new DataView(bytes.buffer), at: 0, offset: at, what }
}

export function spendMetadata(file: Hdf5File, length: number): void {
  file.metadataLeft -= length
  if (file.metadataLeft < 0)
    throw limit(file, 'HDF5 headers and indices in bytes', `over ${MAX_METADATA_BYTES}`, MAX_METADATA_BYTES)
}

/** The next `length` bytes as fields of their own. */
export function within(fields: Fields, length: number, what: string): Fields {
  const start = advance(fields, length)
  const { view, file, offset } = fields
  return { file, view: new DataView(view.buffer, view.byteOffset + start, length), at: 0, offset: offset + start, what }
}

export function left(fields: Fields): number {
  return fields.view.byteLength - fields.at
}

export function u8(fields: Fields): number {
  return fields.view.getUint8(advance(fields, 1))
}

export function u16(fields: Fields): number {
  return fields.view.getUint16(advance(fields, 2), true)
}

export function u32(fields: Fields): number {
  return fields.view.getUint32(advance(fields, 4), true)
}

/** An unsigned number of 1 to 8 bytes. Throws `malformed` beyond 2⁵³. */
export function unsigned(fields: Fields, size: number): number {
  const start = advance(fields, size)
  let value = 0
  for (let i = size - 1; i >= 0; i--) value = value * 256 + fields.view.getUint8(start + i)
  if (!Number.isSafeInteger(value)) throw malformed(fields, 'a number that no file reaches')
  return value
}

export function lengthField(fields: Fields): number {
  return unsigned(fields, fields.file.lengthBytes)
}

/** Throws `malformed` for the undefined address. */
export function address(fields: Fields): number {
  const found = addressOrNull(fields)
  if (found === null) throw malformed(fields, 'an address is undefined')
  return found
}

/** Null for the undefined address: all bits set. */
export function addressOrNull(fields: Fields): number | null {
  const { offsetBytes } = fields.file
  const start = advance(fields, offsetBytes)
  for (let i = 0; i < offsetBytes; i++)
    if (fields.view.getUint8(start + i) !== 0xff) {
      fields.at = start
      return unsigned(fields, offsetBytes)
    }
  return null
}

export function bytesOf(fields: Fields, length: number): Uint8Array {
  const start = advance(fields, length)
  return new Uint8Array(fields.view.buffer, fields.view.byteOffset + start, length)
}

/** Latin-1, for signatures. */
export function expectSignature(fields: Fields, signature: string): void {
  const found = String.fromCharCode(...bytesOf(fields, signature.length))
  if (found !== signature) throw malformed(fields, `no ${signature} signature`)
}

export function skip(fields: Fields, length: number): void {
  advance(fields, length)
}

function advance(fields: Fields, length: number): number {
  const start = fields.at
  if (!(length >= 0 && length <= left(fields))) throw malformed(fields, 'it ends too early')
  fields.at += length
  return start
}

export function malformed(fields: Fields, reason: string) {
  const { file, what, offset, at } = fields
  return readError(file.source.path, 'malformed', { what, reason, offset: offset + at })
}

export function unsupported(file: Hdf5File, what: string, value: number | string) {
  return readError(file.source.path, 'unsupported', { what, value: String(value) })
}

export function limit(file: Hdf5File, what: string, value: string, most: number) {
  return readError(file.source.path, 'limit', { what, value, limit: String(most) })
}
