import type { Member } from './container.ts'
import { MAX_TAR_EXTENSION_BYTES } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'
import { type Extension, paxFields } from './tar-pax.ts'

/** POSIX.1-1988 and later: everything stands in blocks of 512 bytes, each file's header in one. */
const BLOCK = 512

/** Where the fields of a header stand: offset and length (pax, POSIX.1-2001, "ustar Interchange Format"). */
const NAME = [0, 100] as const
const SIZE = [124, 12] as const
const CHECKSUM = [148, 8] as const
const TYPE = 156
const MAGIC = [257, 6] as const
const PREFIX = [345, 155] as const

const encoder = new TextDecoder('utf-8')

/** By content: a header whose checksum is right, with or without the mark of POSIX (`head`: 512 bytes at least). */
export function looksLikeTar(head: Uint8Array): boolean {
  return head.length >= BLOCK && head[0] !== 0 && hasChecksum(head.subarray(0, BLOCK))
}

/**
 * The regular files of a tar archive, front to back, each header read when it is asked for. Links, folders and devices
 * are passed over. Throws `truncated`, `malformed`, `limit`, and `unsupported` for sparse files and several volumes.
 */
export function* tarMembers(source: ByteSource): Generator<Member> {
  const shared: Extension = {}
  let next: Extension = {}
  for (let at = 0; at < source.size; ) {
    const block = readBytes(source, at, BLOCK, 'tar header')
    if (block.every((byte) => byte === 0)) {
      if (isEnd(source, at + BLOCK)) return
      at += BLOCK
      continue
    }
    const header = readHeader(source, block, at, { ...shared, ...next })
    const data = at + BLOCK
    at = data + Math.ceil(header.size / BLOCK) * BLOCK
    if (header.type === 'L') next.path = longName(source, header, data)
    else if (header.type === 'x' || header.type === 'X') next = { ...next, ...extension(source, header, data) }
    else if (header.type === 'g') Object.assign(shared, extension(source, header, data))
    else if (header.type !== 'K') {
      next = {}
      if (isFile(header)) yield { name: header.name, size: header.size, place: { kind: 'range', offset: data } }
    }
  }
}

interface Header {
  name: string
  size: number
  type: string
}

function readHeader(source: ByteSource, block: Uint8Array, at: number, extended: Extension): Header {
  if (!hasChecksum(block))
    throw readError(source.path, 'malformed', { what: 'tar header', reason: 'its checksum is wrong', offset: at })
  const type = String.fromCharCode(block[TYPE]! || 0x30)
  if (extended.sparse || type === 'S')
    throw readError(source.path, 'unsupported', { what: 'tar archive', value: 'a sparse file' })
  if (type === 'M') throw readError(source.path, 'unsupported', { what: 'tar archive', value: 'several volumes' })
  // what extends another header is itself never extended
  const own = 'LKxXg'.includes(type) ? {} : extended
  const size = HOLDS_NOTHING.includes(type) ? 0 : (own.size ?? numberIn(block, SIZE))
  if (size === null || !Number.isSafeInteger(size + at + 2 * BLOCK))
    throw readError(source.path, 'malformed', { what: 'tar header', reason: 'its size is no number', offset: at })
  return { name: own.path ?? fullName(block), size, type }
}

/** Hard and symbolic links, devices, folders, pipes: whatever size they claim, no data follows. */
const HOLDS_NOTHING = '123456'

/** Plain, contiguous, and by the standard every type that is not known; a plain one with a final slash is a folder. */
function isFile({ type, name }: Header): boolean {
  return !HOLDS_NOTHING.includes(type) && !'DNV'.includes(type) && !name.endsWith('/')
}

function longName(source: ByteSource, header: Header, data: number): string {
  const bytes = extensionBytes(source, header, data)
  const end = bytes.indexOf(0)
  return encoder.decode(end < 0 ? bytes : bytes.subarray(0, end))
}

function extension(source: ByteSource, header: Header, data: number): Extension {
  const fields = paxFields(extensionBytes(source, header, data))
  if (fields === null)
    throw readError(source.path, 'malformed', { what: 'pax header', reason: 'not in records', offset: data })
  return fields
}

function extensionBytes(source: ByteSource, { size }: Header, data: number): Uint8Array {
  if (size > MAX_TAR_EXTENSION_BYTES)
    throw readError(source.path, 'limit', {
      what: 'tar header extension bytes',
      value: String(size),
      limit: String(MAX_TAR_EXTENSION_BYTES),
    })
  return readBytes(source, data, size, 'tar header extension')
}

/** Two empty blocks, or the end of the file after one; a single one in the middle is passed over, as GNU tar can be told to. */
function isEnd(source: ByteSource, at: number): boolean {
  if (at + BLOCK > source.size) return true
  return readBytes(source, at, BLOCK, 'end of the tar archive').every((byte) => byte === 0)
}

function fullName(block: Uint8Array): string {
  const name = textIn(block, NAME)
  // GNU's mark ends in blanks, and it keeps times where POSIX has the prefix
  const prefix = textIn(block, MAGIC) === 'ustar' ? textIn(block, PREFIX) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function textIn(block: Uint8Array, [offset, length]: readonly [number, number]): string {
  const field = block.subarray(offset, offset + length)
  const end = field.indexOf(0)
  return encoder.decode(end < 0 ? field : field.subarray(0, end))
}

const ZERO = 0x30
const SEVEN = 0x37
const BLANK = 0x20

/** Octal digits between blanks and zero bytes, or GNU's big-endian number with the highest bit set; null for anything else. */
function numberIn(block: Uint8Array, [offset, length]: readonly [number, number]): number | null {
  const end = offset + length
  if (block[offset] === 0x80) return block.subarray(offset + 1, end).reduce((number, byte) => number * 256 + byte, 0)
  let at = offset
  let number = 0
  while (at < end && block[at] === BLANK) at++
  for (; at < end && block[at]! >= ZERO && block[at]! <= SEVEN; at++) number = number * 8 + block[at]! - ZERO
  for (; at < end; at++) if (block[at] !== BLANK && block[at] !== 0) return null
  return number
}

/** The sum of the header's bytes with blanks for the sum itself; some old programs added signed bytes. */
function hasChecksum(block: Uint8Array): boolean {
  const [offset, length] = CHECKSUM
  const stated = numberIn(block, CHECKSUM)
  let sum = 0
  let signed = 0
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= offset && i < offset + length ? 0x20 : block[i]!
    sum += byte
    signed += byte < 0x80 ? byte : byte - 0x100
  }
  return stated !== null && (stated === sum || stated === signed)
}
