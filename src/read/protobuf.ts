import { readError } from './read-error.ts'
import type { ByteSource } from './source.ts'

/** Protobuf's own parsers stop at 100 nested messages. */
const MAX_DEPTH = 100

/** A 60,000-node graph with all its tensors takes about two million; at this many a walk still ends within seconds. */
const MAX_FIELDS = 1 << 24

/** The names in a 60,000-node graph take about 15 MB. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024

/** Large enough for a message without its big fields, small beside a tensor that is skipped. */
const WINDOW_BYTES = 16 * 1024

/** Protobuf's wire types; groups (3, 4) are long deprecated and in no format read here. */
const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

export type WireType = 'varint' | 'fixed64' | 'bytes' | 'fixed32'

/** One field of a message. `offset` and `length` are the payload's bytes in the file, not yet read. */
export interface WireField {
  number: number
  wire: WireType
  /** Of a varint: as a signed 64-bit number, rounded beyond 2⁵³; 0 for the other wire types. */
  value: number
  offset: number
  length: number
}

/** The bytes [start, end) hold one message, `depth` messages deep. */
export interface Message {
  start: number
  end: number
  depth: number
}

/** The state of one walk over one file. */
export interface Wire {
  source: ByteSource
  /** Bytes [windowStart, windowEnd) of the file stand in `window`. */
  window: Uint8Array
  windowStart: number
  windowEnd: number
  fieldsLeft: number
  textLeft: number
}

export function wireOf(source: ByteSource): Wire {
  const window = new Uint8Array(Math.min(WINDOW_BYTES, source.size))
  return { source, window, windowStart: 0, windowEnd: 0, fieldsLeft: MAX_FIELDS, textLeft: MAX_TEXT_BYTES }
}

export function wholeFile(source: ByteSource): Message {
  return { start: 0, end: source.size, depth: 0 }
}

/**
 * The fields of a message, in file order. Payloads are passed over, so a walk costs the same whatever their size. Throws
 * `truncated` for what leads out of the file, `malformed` for what leads out of the message, `limit` for too many fields.
 */
export function* fieldsOf(wire: Wire, message: Message, what: string): Generator<WireField> {
  const cursor: Cursor = { position: message.start, end: message.end, low: 0, high: 0, what }
  while (cursor.position < message.end) {
    if (--wire.fieldsLeft < 0) throw limit(wire, 'protobuf fields', `over ${MAX_FIELDS}`, MAX_FIELDS)
    yield nextField(wire, cursor)
  }
}

/** The message inside a field. Throws `malformed` unless the field holds bytes, `limit` when nested too deep. */
export function inside(wire: Wire, parent: Message, field: WireField, what: string): Message {
  expectWire(wire, field, 'bytes', what)
  if (parent.depth >= MAX_DEPTH) throw limit(wire, 'nested messages', `over ${MAX_DEPTH}`, MAX_DEPTH)
  return { start: field.offset, end: field.offset + field.length, depth: parent.depth + 1 }
}

export function expectWire(wire: Wire, field: WireField, expected: WireType, what: string): void {
  if (field.wire === expected) return
  throw malformed(wire, what, `field ${field.number} is ${field.wire}, not ${expected}`, field.offset)
}

/** Calls `take` with the two halves of every varint in the payload of a packed field. */
export function eachPackedVarint(
  wire: Wire,
  field: WireField,
  what: string,
  take: (low: number, high: number) => void,
): void {
  const cursor: Cursor = { position: field.offset, end: field.offset + field.length, low: 0, high: 0, what }
  while (cursor.position < cursor.end) {
    readVarint(wire, cursor)
    take(cursor.low, cursor.high)
  }
}

/** A signed 64-bit number from its unsigned halves; rounded beyond 2⁵³. */
export function signed64(low: number, high: number): number {
  return (high | 0) * 2 ** 32 + low
}

/** A string field of at most `most` bytes. Bytes that are no UTF-8 become U+FFFD: names are hints. */
export function textOf(wire: Wire, field: WireField, most: number, what: string): string {
  expectWire(wire, field, 'bytes', what)
  if (field.length > most) throw limit(wire, what, String(field.length), most)
  wire.textLeft -= field.length
  if (wire.textLeft < 0) throw limit(wire, 'names together', `over ${MAX_TEXT_BYTES}`, MAX_TEXT_BYTES)
  const bytes = new Uint8Array(field.length)
  for (let i = 0; i < field.length; i++) bytes[i] = byteAt(wire, field.offset + i, what)
  return TEXT.decode(bytes)
}

const TEXT = new TextDecoder()

interface Cursor {
  position: number
  end: number
  /** The halves of the varint read last, unsigned. */
  low: number
  high: number
  what: string
}

function nextField(wire: Wire, cursor: Cursor): WireField {
  const tagAt = cursor.position
  readVarint(wire, cursor)
  const number = cursor.low >>> 3
  if (cursor.high !== 0 || number === 0) throw malformed(wire, cursor.what, 'a field number is out of range', tagAt)
  switch (cursor.low & 7) {
    case VARINT: {
      const offset = cursor.position
      readVarint(wire, cursor)
      const value = signed64(cursor.low, cursor.high)
      return { number, wire: 'varint', value, offset, length: cursor.position - offset }
    }
    case BYTES:
      readVarint(wire, cursor)
      return payload(wire, cursor, number, 'bytes', cursor.high * 2 ** 32 + cursor.low)
    case FIXED32:
      return payload(wire, cursor, number, 'fixed32', 4)
    case FIXED64:
      return payload(wire, cursor, number, 'fixed64', 8)
    default:
      throw malformed(wire, cursor.what, `wire type ${cursor.low & 7} does not exist here`, tagAt)
  }
}

function payload(wire: Wire, cursor: Cursor, number: number, type: WireType, length: number): WireField {
  const offset = cursor.position
  const end = offset + length
  checkEnd(wire, cursor, end)
  cursor.position = end
  return { number, wire: type, value: 0, offset, length }
}

/** The varint at the cursor, into its halves. */
function readVarint(wire: Wire, cursor: Cursor): void {
  const start = cursor.position
  let low = 0
  let high = 0
  for (let shift = 0; shift < 70; shift += 7) {
    checkEnd(wire, cursor, cursor.position + 1)
    const byte = byteAt(wire, cursor.position++, cursor.what)
    const bits = byte & 0x7f
    if (shift < 28) low |= bits << shift
    else if (shift === 28) {
      low |= bits << 28
      high |= bits >>> 4
    } else if (shift < 63) high |= bits << (shift - 32)
    else high |= (bits & 1) << 31
    if (byte < 0x80) {
      cursor.low = low >>> 0
      cursor.high = high >>> 0
      return
    }
  }
  throw malformed(wire, cursor.what, 'a number is longer than 10 bytes', start)
}

function checkEnd(wire: Wire, cursor: Cursor, end: number): void {
  if (end <= cursor.end) return
  const { path, size } = wire.source
  if (end > size) throw readError(path, 'truncated', { what: cursor.what, need: end, size })
  throw malformed(wire, cursor.what, 'a field leads out of its message', cursor.position)
}

function byteAt(wire: Wire, position: number, what: string): number {
  if (position < wire.windowStart || position >= wire.windowEnd) fillWindow(wire, position, what)
  return wire.window[position - wire.windowStart]!
}

function fillWindow(wire: Wire, position: number, what: string): void {
  const length = Math.min(wire.window.length, wire.source.size - position)
  wire.source.readInto(wire.window.subarray(0, length), position, what)
  wire.windowStart = position
  wire.windowEnd = position + length
}

export function malformed(wire: Wire, what: string, reason: string, offset: number) {
  return readError(wire.source.path, 'malformed', { what, reason, offset })
}

function limit(wire: Wire, what: string, value: string, most: number) {
  return readError(wire.source.path, 'limit', { what, value, limit: String(most) })
}
