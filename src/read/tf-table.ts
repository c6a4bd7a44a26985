import { MAX_HEADER_BYTES, MAX_NAME_BYTES, MAX_TENSORS } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'

/** Two handles padded to 40 bytes, and a magic number: LevelDB's table_format.md. */
const FOOTER_BYTES = 48
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]

/** A byte for the compression and a checksum stand behind every block. */
const TRAILER_BYTES = 5

/** A key and where its value lies in the file. */
export interface TableEntry {
  /** Latin-1: keys of slices are no text. */
  key: string
  offset: number
  length: number
}

/** Whether a file ends like a LevelDB table. */
export function endsLikeTable(source: ByteSource): boolean {
  if (source.size < FOOTER_BYTES) return false
  const magic = readBytes(source, source.size - MAGIC.length, MAGIC.length, 'table footer')
  return MAGIC.every((byte, index) => magic[index] === byte)
}

/** All entries of a LevelDB table (SSTable), in key order. Throws `malformed`, `limit`, `unsupported` for compressed blocks. */
export function readTable(source: ByteSource): TableEntry[] {
  if (source.size > MAX_HEADER_BYTES)
    throw readError(source.path, 'limit', {
      what: 'bytes of a checkpoint index',
      value: String(source.size),
      limit: String(MAX_HEADER_BYTES),
    })
  if (!endsLikeTable(source)) throw malformed(source, 'no table footer', Math.max(0, source.size - FOOTER_BYTES))
  const footer = cursorAt(source, source.size - FOOTER_BYTES, FOOTER_BYTES)
  readHandle(footer)
  const index = readHandle(footer)
  const entries: TableEntry[] = []
  // Blocks follow each other: one that begins before the last one's end is named twice.
  let end = 0
  for (const { offset, length } of readBlock(source, index, [])) {
    const handle = readHandle(cursorAt(source, offset, length))
    if (handle.offset < end) throw malformed(source, 'a block that stands twice in its index', offset)
    end = handle.offset + handle.size
    readBlock(source, handle, entries)
  }
  return entries
}

interface Handle {
  offset: number
  size: number
}

interface Cursor {
  source: ByteSource
  bytes: Uint8Array
  at: number
  /** Of the first byte in the file. */
  offset: number
}

function cursorAt(source: ByteSource, offset: number, length: number): Cursor {
  return { source, bytes: readBytes(source, offset, length, 'checkpoint index'), at: 0, offset }
}

function readHandle(cursor: Cursor): Handle {
  const offset = varint(cursor)
  const size = varint(cursor)
  checkRange(cursor.source, offset, size + TRAILER_BYTES, 'checkpoint index')
  return { offset, size }
}

/** Entries share the beginning of their key with the one before; where they do not is listed behind them. */
function readBlock(source: ByteSource, { offset, size }: Handle, entries: TableEntry[]): TableEntry[] {
  const block = cursorAt(source, offset, size + 1)
  const compression = block.bytes[size]!
  if (compression !== 0) throw readError(source.path, 'unsupported', { what: 'checkpoint index', value: 'compressed' })
  const restarts = size < 4 ? 0 : new DataView(block.bytes.buffer, size - 4, 4).getUint32(0, true)
  const end = size - 4 * (restarts + 1)
  if (end < 0) throw malformed(source, 'a block shorter than its list of restarts', offset)
  let key = ''
  while (block.at < end) {
    const shared = varint(block)
    const own = varint(block)
    const length = varint(block)
    const start = block.at + own
    if (shared > key.length || start + length > end)
      throw malformed(source, 'an entry leads out of its block', offset + block.at)
    if (shared + own > MAX_NAME_BYTES)
      throw readError(source.path, 'limit', {
        what: 'bytes of a name',
        value: String(shared + own),
        limit: String(MAX_NAME_BYTES),
      })
    key = key.slice(0, shared) + String.fromCharCode(...block.bytes.subarray(block.at, start))
    entries.push({ key, offset: offset + start, length })
    if (entries.length > 2 * MAX_TENSORS)
      throw readError(source.path, 'limit', {
        what: 'entries of a checkpoint index',
        value: `over ${2 * MAX_TENSORS}`,
        limit: String(2 * MAX_TENSORS),
      })
    block.at = start + length
  }
  return entries
}

function varint(cursor: Cursor): number {
  let value = 0
  for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) break
    value += (byte & 0x7f) * factor
    if (byte < 0x80) {
      if (!Number.isSafeInteger(value)) break
      return value
    }
  }
  throw malformed(cursor.source, 'a number that is too long', cursor.offset + cursor.at)
}

function malformed(source: ByteSource, reason: string, offset: number) {
  return readError(source.path, 'malformed', { what: 'checkpoint index', reason, offset })
}
