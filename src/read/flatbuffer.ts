import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'

/**
 * FlatBuffers access without a schema compiler. Nothing of the file is trusted: every position is checked against the file
 * before it is read, and all that is copied out of the file is counted against one budget.
 */
export interface FlatBuffer {
  readonly source: ByteSource
  readonly pages: Map<number, DataView>
  /** Bytes that may still be copied into memory. */
  budget: number
}

/** A table: `position` in the file, and where its vtable lies and ends. */
export interface FlatTable {
  readonly buffer: FlatBuffer
  readonly position: number
  readonly vtable: number
  readonly vtableBytes: number
}

/** A vector whose elements lie inside the file: first byte of element 0 and the number of elements. */
export interface FlatVector {
  readonly buffer: FlatBuffer
  readonly position: number
  readonly length: number
}

/** Tables lie scattered in a file; a page holds a few neighbouring ones. */
const PAGE_BYTES = 4_096

/** 4 MiB of pages; beyond it they are dropped together, which costs only reading them again. */
const MAX_PAGES = 1_024

/** The longest scalar. Pages overlap by this less one, so that none straddles two. */
const SCALAR_BYTES = 8

/** The shortest vtable: its own size and the table's, both u16. */
const VTABLE_HEADER_BYTES = 4

/** `budget`: bytes that vectors and strings of the file may take in memory together. */
export function openFlatBuffer(source: ByteSource, budget: number): FlatBuffer {
  return { source, pages: new Map(), budget }
}

/** The table a FlatBuffers file begins with. Throws `truncated`, `malformed`. */
export function rootTable(buffer: FlatBuffer, what: string): FlatTable {
  return tableAt(buffer, offsetAt(buffer, 0, what), what)
}

/** Takes `bytes` from the budget. Throws `limit`. */
export function spend(buffer: FlatBuffer, bytes: number, what: string): void {
  if (bytes > buffer.budget)
    throw readError(buffer.source.path, 'limit', {
      what,
      value: `${bytes} bytes`,
      limit: `${buffer.budget} bytes left`,
    })
  buffer.budget -= bytes
}

export function int8Field(table: FlatTable, field: number, fallback: number, what: string): number {
  const position = fieldPosition(table, field, what)
  return position === null ? fallback : scalarView(table.buffer, position, 1, what).getInt8(position % PAGE_BYTES)
}

export function uint8Field(table: FlatTable, field: number, fallback: number, what: string): number {
  const position = fieldPosition(table, field, what)
  return position === null ? fallback : scalarView(table.buffer, position, 1, what).getUint8(position % PAGE_BYTES)
}

export function int32Field(table: FlatTable, field: number, fallback: number, what: string): number {
  const position = fieldPosition(table, field, what)
  return position === null ? fallback : int32At(table.buffer, position, what)
}

export function uint32Field(table: FlatTable, field: number, fallback: number, what: string): number {
  const position = fieldPosition(table, field, what)
  return position === null ? fallback : uint32At(table.buffer, position, what)
}

/** Throws `malformed` beyond 2⁵³: no file is that long. */
export function uint64Field(table: FlatTable, field: number, fallback: number, what: string): number {
  const position = fieldPosition(table, field, what)
  if (position === null) return fallback
  const value = scalarView(table.buffer, position, 8, what).getBigUint64(position % PAGE_BYTES, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(table.buffer, what, `${value} is beyond 2^53`, position)
  return Number(value)
}

export function tableField(table: FlatTable, field: number, what: string): FlatTable | null {
  const position = fieldPosition(table, field, what)
  return position === null ? null : tableAt(table.buffer, offsetAt(table.buffer, position, what), what)
}

/** Null when the field is absent. `elementBytes`: of one element (4 for tables and strings). */
export function vectorField(table: FlatTable, field: number, elementBytes: number, what: string): FlatVector | null {
  const position = fieldPosition(table, field, what)
  if (position === null) return null
  const start = offsetAt(table.buffer, position, what)
  const length = uint32At(table.buffer, start, what)
  checkRange(table.buffer.source, start + 4, length * elementBytes, what)
  return { buffer: table.buffer, position: start + 4, length }
}

/** The first `maxBytes` bytes of a string, '' when absent. Bad UTF-8 shows as U+FFFD. */
export function stringField(table: FlatTable, field: number, maxBytes: number, what: string): string {
  const vector = vectorField(table, field, 1, what)
  if (vector === null) return ''
  const length = Math.min(vector.length, maxBytes)
  spend(vector.buffer, length, what)
  return new TextDecoder().decode(readBytes(vector.buffer.source, vector.position, length, what))
}

/** Table `index` of a vector of tables. */
export function tableOf(vector: FlatVector, index: number, what: string): FlatTable {
  if (!(index >= 0 && index < vector.length))
    throw malformed(vector.buffer, what, `index ${index} of ${vector.length}`, vector.position)
  return tableAt(vector.buffer, offsetAt(vector.buffer, vector.position + 4 * index, what), what)
}

/** The first `most` elements. */
export function int32s(vector: FlatVector, what: string, most = vector.length): number[] {
  const length = Math.min(vector.length, most)
  spend(vector.buffer, length * 8, what)
  return Array.from({ length }, (_, index) => int32At(vector.buffer, vector.position + 4 * index, what))
}

/** Copies the whole vector; `elementBytes` as given to `vectorField`. */
export function vectorBytes(vector: FlatVector, elementBytes: number, what: string): DataView {
  spend(vector.buffer, vector.length * elementBytes, what)
  const bytes = readBytes(vector.buffer.source, vector.position, vector.length * elementBytes, what)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function tableAt(buffer: FlatBuffer, position: number, what: string): FlatTable {
  const vtable = position - int32At(buffer, position, what)
  if (vtable < 0) throw malformed(buffer, what, 'its vtable lies before the file', position)
  const vtableBytes = uint16At(buffer, vtable, what)
  if (vtableBytes < VTABLE_HEADER_BYTES || vtableBytes % 2 !== 0)
    throw malformed(buffer, what, `a vtable of ${vtableBytes} bytes`, vtable)
  checkRange(buffer.source, vtable, vtableBytes, what)
  return { buffer, position, vtable, vtableBytes }
}

/** Fields are numbered from 0 in the order of the schema; a union takes two (its type, then its table). */
function fieldPosition(table: FlatTable, field: number, what: string): number | null {
  const slot = VTABLE_HEADER_BYTES + 2 * field
  if (slot + 2 > table.vtableBytes) return null
  const offset = uint16At(table.buffer, table.vtable + slot, what)
  return offset === 0 ? null : table.position + offset
}

/** Offsets are relative to where they stand and point forwards. */
function offsetAt(buffer: FlatBuffer, position: number, what: string): number {
  const offset = uint32At(buffer, position, what)
  if (offset === 0) throw malformed(buffer, what, 'an offset of 0', position)
  return position + offset
}

function uint16At(buffer: FlatBuffer, position: number, what: string): number {
  return scalarView(buffer, position, 2, what).getUint16(position % PAGE_BYTES, true)
}

function int32At(buffer: FlatBuffer, position: number, what: string): number {
  return scalarView(buffer, position, 4, what).getInt32(position % PAGE_BYTES, true)
}

function uint32At(buffer: FlatBuffer, position: number, what: string): number {
  return scalarView(buffer, position, 4, what).getUint32(position % PAGE_BYTES, true)
}

/** The page that holds the scalar, which stands at `position % PAGE_BYTES` of it. */
function scalarView(buffer: FlatBuffer, position: number, bytes: number, what: string): DataView {
  checkRange(buffer.source, position, bytes, what)
  const page = Math.floor(position / PAGE_BYTES)
  const known = buffer.pages.get(page)
  if (known !== undefined) return known
  const start = page * PAGE_BYTES
  const length = Math.min(PAGE_BYTES + SCALAR_BYTES - 1, buffer.source.size - start)
  const view = new DataView(readBytes(buffer.source, start, length, what).buffer)
  if (buffer.pages.size >= MAX_PAGES) buffer.pages.clear()
  buffer.pages.set(page, view)
  return view
}

function malformed(buffer: FlatBuffer, what: string, reason: string, offset: number) {
  return readError(buffer.source.path, 'malformed', { what, reason, offset })
}
