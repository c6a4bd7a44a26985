import type { HuffmanTable } from './huffman.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange } from './source.ts'

/** A deflate stream (RFC 1951), bare or in gzip members (RFC 1952). `name` is what problems call it. */
export interface Deflated {
  source: ByteSource
  offset: number
  length: number
  wrapper: 'none' | 'gzip'
  /** What it should unpack to, where that is said: small streams then get small buffers. */
  bytes?: number
  name: string
}

/** Compressed bytes read at a time. */
const INPUT_BYTES = 64 * 1024

/** More than one length and distance take (48 bits), so that a decoder looks for more input once a symbol only. */
const SLACK_BYTES = 16

/** Bits of a deflate stream, lowest first. The fields are open because the inner loop keeps them in variables. */
export interface ByteReader {
  readonly buffer: Uint8Array
  /** The next byte of `buffer`; those before it are used up or in `bits`. */
  at: number
  bits: number
  /** Of `bits`. */
  count: number
  /** Up to here `SLACK_BYTES` may be taken without asking. */
  safe: number
  /** Reads on so that `at` is safe; behind the end stand zeros. */
  ensure(): void
  /** Throws `truncated` when more bits were taken than there are. */
  refuseOverrun(): void
  /** The next `length` (at most 16) bits as a number. */
  take(length: number): number
  /** The next symbol, or −1 for a code that stands for nothing. */
  decode(table: HuffmanTable): number
  /** Leaves out the bits up to the next whole byte. */
  align(): void
  /** The next bytes; call on a whole byte. */
  copy(target: Uint8Array): void
  isAtEnd(): boolean
  /** Of the next byte, in the source. */
  position(): number
  mark(): { at: number; bits: number; count: number }
}

export function byteReader(
  { source, offset, length, name }: Deflated,
  from: { at: number; bits: number; count: number } | null,
): ByteReader {
  checkRange(source, offset, length, name)
  const end = offset + length
  const most = Math.min(INPUT_BYTES, length)
  /** Of the byte behind `filled`. */
  let next = from?.at ?? offset
  let filled = 0
  const reader: ByteReader = {
    buffer: new Uint8Array(most + SLACK_BYTES),
    at: 0,
    bits: from?.bits ?? 0,
    count: from?.count ?? 0,
    safe: -1,
    ensure() {
      if (reader.at <= reader.safe) return
      reader.refuseOverrun()
      if (next < end) fill()
    },
    refuseOverrun() {
      if (reader.at - (reader.count >> 3) > filled) throw truncated()
    },
    take(length) {
      reader.ensure()
      while (reader.count < length) {
        reader.bits |= reader.buffer[reader.at++]! << reader.count
        reader.count += 8
      }
      const value = reader.bits & ((1 << length) - 1)
      reader.bits >>>= length
      reader.count -= length
      reader.refuseOverrun()
      return value
    },
    decode(table) {
      reader.ensure()
      while (reader.count < 16) {
        reader.bits |= reader.buffer[reader.at++]! << reader.count
        reader.count += 8
      }
      const entry = table.entries[reader.bits & ((1 << table.bits) - 1)]!
      reader.bits >>>= entry & 15
      reader.count -= entry & 15
      reader.refuseOverrun()
      return entry === 0 ? -1 : entry >> 4
    },
    align() {
      reader.bits >>>= reader.count & 7
      reader.count -= reader.count & 7
      // whole bytes go back, so that they can be copied
      reader.at -= reader.count >> 3
      reader.bits = 0
      reader.count = 0
    },
    copy(target) {
      let done = Math.min(target.length, filled - reader.at)
      target.set(reader.buffer.subarray(reader.at, reader.at + done))
      reader.at += done
      while (done < target.length) {
        if (next === end) throw truncated()
        fill()
        const piece = Math.min(target.length - done, filled - reader.at)
        target.set(reader.buffer.subarray(reader.at, reader.at + piece), done)
        reader.at += piece
        done += piece
      }
    },
    isAtEnd: () => next === end && reader.at >= filled,
    position: () => next - filled + reader.at,
    mark: () => ({ at: next - filled + reader.at, bits: reader.bits, count: reader.count }),
  }
  fill()
  return reader

  function fill(): void {
    const rest = Math.max(0, filled - reader.at)
    reader.buffer.copyWithin(0, filled - rest, filled)
    const piece = Math.min(most - rest, end - next)
    source.readInto(reader.buffer.subarray(rest, rest + piece), next, name)
    next += piece
    filled = rest + piece
    reader.buffer.fill(0, filled, filled + SLACK_BYTES)
    reader.at = 0
    reader.safe = filled - SLACK_BYTES
  }

  function truncated() {
    return readError(source.path, 'truncated', { what: name, need: end + 1, size: end })
  }
}
