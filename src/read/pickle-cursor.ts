import { readError } from './read-error.ts'
import { type ByteSource, checkRange } from './source.ts'

/** Read at a time; most pickles of a model's structure fit. */
const PIECE_BYTES = 64 * 1024

/** A line of protocol 0 (a number, a name) longer than this is none. */
const MAX_LINE_BYTES = 64 * 1024

/** Reads a pickle's bytes forward. Every step is checked against the source (`truncated`). */
export interface PickleCursor {
  /** Of the next byte in the source. */
  readonly position: number
  u8(what: string): number
  u16(what: string): number
  u32(what: string): number
  i32(what: string): number
  /** Numbers above 2⁵³ come out rounded, and are refused where they are used. */
  u64(what: string): number
  /** Big-endian. */
  f64(what: string): number
  /** Valid until the next call; at most 4 KiB. */
  bytes(length: number, what: string): Uint8Array
  skip(length: number, what: string): void
  /** Up to the line's end, which is passed over. */
  line(what: string): { text: string; offset: number; length: number }
}

export function pickleCursor(source: ByteSource, start: number): PickleCursor {
  const buffer = new Uint8Array(PIECE_BYTES)
  const view = new DataView(buffer.buffer)
  let at = 0
  let filled = 0
  /** Of buffer[0] in the source. */
  let base = start

  function need(length: number, what: string): number {
    if (at + length > filled) {
      checkRange(source, base + at, length, what)
      base += at
      filled = Math.min(PIECE_BYTES, source.size - base)
      source.readInto(buffer.subarray(0, filled), base, what)
      at = 0
    }
    at += length
    return at - length
  }

  return {
    get position() {
      return base + at
    },
    u8: (what) => buffer[need(1, what)]!,
    u16: (what) => view.getUint16(need(2, what), true),
    u32: (what) => view.getUint32(need(4, what), true),
    i32: (what) => view.getInt32(need(4, what), true),
    u64: (what) => Number(view.getBigUint64(need(8, what), true)),
    f64: (what) => view.getFloat64(need(8, what)),
    bytes(length, what) {
      const from = need(length, what)
      return buffer.subarray(from, from + length)
    },
    skip(length, what) {
      checkRange(source, base + at, length, what)
      base += at + length
      at = 0
      filled = 0
    },
    line(what) {
      const offset = base + at
      let text = ''
      for (let byte = this.u8(what); byte !== 0x0a; byte = this.u8(what)) {
        if (text.length === MAX_LINE_BYTES)
          throw readError(source.path, 'limit', {
            what,
            value: `more than ${MAX_LINE_BYTES}`,
            limit: `${MAX_LINE_BYTES}`,
          })
        text += String.fromCharCode(byte)
      }
      return { text, offset, length: base + at - 1 - offset }
    },
  }
}
