import { readError } from './read-error.ts'
import { type ByteSource, checkRange } from './source.ts'

/** Bytes read ahead at once: headers are walked value by value. */
const WINDOW_BYTES = 64 * 1024

/** Walks a little-endian header from front to end, reading it in pieces. Throws `truncated` where the file ends before. */
export interface HeaderCursor {
  readonly position: number
  u32(what: string): number
  i32(what: string): number
  f32(what: string): number
  /** Throws `limit` for a number beyond 2⁵³. */
  u64(what: string): number
  /** The next `length` bytes; check the length against a named limit first. Valid until the next call. */
  bytes(length: number, what: string): Uint8Array
  /** As UTF-8, with a replacement character for what is none. */
  text(length: number, what: string): string
  skip(length: number, what: string): void
}

export function headerCursor(source: ByteSource, start = 0): HeaderCursor {
  let window = new Uint8Array(0)
  let windowStart = 0
  let position = start
  const take = (length: number, what: string): Uint8Array => {
    checkRange(source, position, length, what)
    if (position < windowStart || position + length > windowStart + window.length) {
      window = new Uint8Array(Math.min(source.size - position, Math.max(length, WINDOW_BYTES)))
      windowStart = position
      source.readInto(window, position, what)
    }
    const bytes = window.subarray(position - windowStart, position - windowStart + length)
    position += length
    return bytes
  }
  const view = (length: number, what: string): DataView => {
    const bytes = take(length, what)
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }
  return {
    get position() {
      return position
    },
    u32: (what) => view(4, what).getUint32(0, true),
    i32: (what) => view(4, what).getInt32(0, true),
    f32: (what) => view(4, what).getFloat32(0, true),
    u64(what) {
      const value = view(8, what).getBigUint64(0, true)
      if (value > BigInt(Number.MAX_SAFE_INTEGER))
        throw readError(source.path, 'limit', { what, value: String(value), limit: String(Number.MAX_SAFE_INTEGER) })
      return Number(value)
    },
    bytes: take,
    text: (length, what) => new TextDecoder().decode(take(length, what)),
    skip(length, what) {
      checkRange(source, position, length, what)
      position += length
    },
  }
}
