import type { HeaderCursor } from './header-cursor.ts'
import {
  MAX_METADATA_ARRAY,
  MAX_METADATA_BYTES,
  MAX_METADATA_DEPTH,
  MAX_METADATA_ENTRIES,
  MAX_NAME_BYTES,
} from './limits.ts'
import { readError } from './read-error.ts'

/** A value of a GGUF header that someone may want to know; long arrays and long texts are passed over and left out. */
export type MetadataValue = number | boolean | string | readonly number[]

export type Metadata = ReadonlyMap<string, MetadataValue>

/** Chat templates, the longest text of interest, are under 20 kB. */
const KEPT_TEXT_BYTES = 64 * 1024

/** Head counts by layer; the deepest models have about 200 layers. */
const KEPT_ARRAY = 4_096

/** `enum gguf_type` of gguf.h: the numbers, and their bytes. */
const NUMBERS: Readonly<Record<number, [bytes: number, read: (view: DataView) => number]>> = {
  0: [1, (view) => view.getUint8(0)],
  1: [1, (view) => view.getInt8(0)],
  2: [2, (view) => view.getUint16(0, true)],
  3: [2, (view) => view.getInt16(0, true)],
  4: [4, (view) => view.getUint32(0, true)],
  5: [4, (view) => view.getInt32(0, true)],
  6: [4, (view) => view.getFloat32(0, true)],
  7: [1, (view) => view.getUint8(0)],
  10: [8, (view) => Number(view.getBigUint64(0, true))],
  11: [8, (view) => Number(view.getBigInt64(0, true))],
  12: [8, (view) => view.getFloat64(0, true)],
}
const BOOL = 7
const STRING = 8
const ARRAY = 9

/** The key-value pairs of a GGUF header. Throws `malformed` for a key that comes twice, as ggml does. */
export function readMetadata(path: string, cursor: HeaderCursor, count: number): Metadata {
  if (count > MAX_METADATA_ENTRIES)
    throw readError(path, 'limit', {
      what: 'metadata entries',
      value: String(count),
      limit: String(MAX_METADATA_ENTRIES),
    })
  const metadata = new Map<string, MetadataValue>()
  const seen = new Set<string>()
  for (let entry = 0; entry < count; entry++) {
    const at = cursor.position
    if (at > MAX_METADATA_BYTES)
      throw readError(path, 'limit', { what: 'metadata bytes', value: String(at), limit: String(MAX_METADATA_BYTES) })
    const key = readName(path, cursor, 'metadata key')
    if (seen.has(key)) throw readError(path, 'malformed', { what: key, reason: 'it comes twice', offset: at })
    seen.add(key)
    const value = readValue(path, cursor, key, cursor.u32(key), 0)
    if (value !== null) metadata.set(key, value)
  }
  return metadata
}

export function readName(path: string, cursor: HeaderCursor, what: string): string {
  const length = cursor.u64(what)
  if (length > MAX_NAME_BYTES)
    throw readError(path, 'limit', { what, value: String(length), limit: String(MAX_NAME_BYTES) })
  return cursor.text(length, what)
}

function readValue(path: string, cursor: HeaderCursor, key: string, type: number, depth: number): MetadataValue | null {
  if (type === STRING) return readText(cursor, key)
  if (type === ARRAY) return readArray(path, cursor, key, depth)
  const number = readNumber(path, cursor, key, type)
  return type === BOOL ? number !== 0 : number
}

function readText(cursor: HeaderCursor, key: string): string | null {
  const length = cursor.u64(key)
  if (length <= KEPT_TEXT_BYTES) return cursor.text(length, key)
  cursor.skip(length, key)
  return null
}

function readNumber(path: string, cursor: HeaderCursor, key: string, type: number): number {
  const [bytes, read] = numberType(path, cursor, key, type)
  const value = cursor.bytes(bytes, key)
  return read(new DataView(value.buffer, value.byteOffset, bytes))
}

function readArray(path: string, cursor: HeaderCursor, key: string, depth: number): readonly number[] | null {
  const type = cursor.u32(key)
  const count = cursor.u64(key)
  if (count > MAX_METADATA_ARRAY)
    throw readError(path, 'limit', { what: `items of ${key}`, value: String(count), limit: String(MAX_METADATA_ARRAY) })
  if (type === STRING) {
    for (let item = 0; item < count; item++) cursor.skip(cursor.u64(key), key)
    return null
  }
  if (type === ARRAY) {
    if (depth >= MAX_METADATA_DEPTH)
      throw readError(path, 'limit', { what: `depth of ${key}`, value: `${depth + 1}`, limit: `${MAX_METADATA_DEPTH}` })
    for (let item = 0; item < count; item++) readArray(path, cursor, key, depth + 1)
    return null
  }
  if (count <= KEPT_ARRAY) return Array.from({ length: count }, () => readNumber(path, cursor, key, type))
  cursor.skip(count * numberType(path, cursor, key, type)[0], key)
  return null
}

function numberType(path: string, cursor: HeaderCursor, key: string, type: number) {
  const known = NUMBERS[type]
  if (known) return known
  throw readError(path, 'malformed', { what: key, reason: `no value is of type ${type}`, offset: cursor.position })
}

export function textOf(metadata: Metadata, key: string): string | null {
  const value = metadata.get(key)
  return typeof value === 'string' ? value : null
}

/** A whole number, zero or more; null for anything else. */
export function countOf(metadata: Metadata, key: string): number | null {
  const value = metadata.get(key)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}
