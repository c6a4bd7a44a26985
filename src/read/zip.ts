import { inflateSource, type Turn } from './inflate-source.ts'
import { MAX_NAME_BYTES, MAX_ZIP_DIRECTORY_BYTES, MAX_ZIP_GROWTH, MAX_ZIP_MEMBERS, ZIP_GROWTH_FREE } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, partSource, readBytes } from './source.ts'

/** One file in a zip archive, as its central directory lists it. Byte offsets and lengths. */
export interface ZipMember {
  /** With `/`, relative, without `.` and `..`. A folder's ends with `/`. */
  name: string
  method: 'stored' | 'deflated' | 'other' | 'encrypted'
  headerOffset: number
  /** Where the next member's header or the central directory begins: the member ends here or before. */
  endsBefore: number
  compressedBytes: number
  bytes: number
  crc32: number
}

/** A zip archive's members by name, in the order of their bytes. */
export interface ZipDirectory {
  source: ByteSource
  members: ReadonlyMap<string, ZipMember>
  /** Held by the member that is being unpacked. */
  turn: Turn
}

/** APPNOTE.TXT 4.3.16: the end record, and a comment of at most 65,535 bytes behind it. */
const END_BYTES = 22
const MAX_COMMENT_BYTES = 0xffff
const END_MARK = 0x06054b50

/** 4.3.14, 4.3.15 */
const END64_BYTES = 56
const END64_MARK = 0x06064b50
const LOCATOR_BYTES = 20
const LOCATOR_MARK = 0x07064b50

/** 4.3.12, 4.3.7 */
const ENTRY_BYTES = 46
const ENTRY_MARK = 0x02014b50
const LOCAL_BYTES = 30
const LOCAL_MARK = 0x04034b50

/** General purpose bits (4.4.4): encrypted; sizes stand behind the data; strongly encrypted directory. */
const ENCRYPTED = 0x0001
const SIZES_BEHIND = 0x0008
const MASKED = 0x2000

/** In a 32-bit or 16-bit field: the number stands in the zip64 record. */
const IN_ZIP64_32 = 0xffffffff
const IN_ZIP64_16 = 0xffff

const UTF8 = new TextDecoder('utf-8')

/** By content: a first member, or the end record of an archive without members. */
export function looksLikeZip(_name: string, head: Uint8Array): boolean {
  if (head.length < 4) return false
  const mark = viewOf(head).getUint32(0, true)
  return mark === LOCAL_MARK || mark === END_MARK
}

/**
 * Lists a zip archive by its central directory, which is what loaders go by. Throws `unsafe-path` for a name that leads
 * outside, `malformed` for two members of one name or sharing bytes, `limit` for more members or growth than any real
 * archive has. Local headers are checked as members are used (`memberRange`).
 */
export function readZip(source: ByteSource, names: 'safe' | 'any' = 'safe'): ZipDirectory {
  const end = readEnd(source)
  const listed = readEntries(source, end, names)
  const sorted = listed.sort((a, b) => a.headerOffset - b.headerOffset || a.compressedBytes - b.compressedBytes)
  refuseOverlaps(source, sorted, end.offset)
  refuseBomb(source, sorted)
  const members = new Map<string, ZipMember>()
  for (const member of sorted) {
    if (members.has(member.name)) throw malformed(source, member.name, 'stands twice', member.headerOffset)
    members.set(member.name, member)
  }
  return { source, members, turn: { release: null } }
}

/**
 * Where a member's bytes lie, compressed or not, after holding its local header against the central directory: programs
 * differ in which of the two they believe, so an archive in which they differ shows each another file.
 */
export function memberRange({ source }: ZipDirectory, member: ZipMember): { offset: number; length: number } {
  const { name, headerOffset } = member
  const header = viewOf(readBytes(source, headerOffset, LOCAL_BYTES, `header of ${name}`))
  const disagrees = (what: string) => malformed(source, name, `its two headers differ in ${what}`, headerOffset)
  if (header.getUint32(0, true) !== LOCAL_MARK)
    throw malformed(source, name, 'no header where it should be', headerOffset)
  const nameBytes = header.getUint16(26, true)
  const extraBytes = header.getUint16(28, true)
  const fields = readBytes(source, headerOffset + LOCAL_BYTES, nameBytes + extraBytes, `header of ${name}`)
  if (decodeName(fields.subarray(0, nameBytes)) !== name) throw disagrees('name')
  if (methodOf(header.getUint16(8, true), header.getUint16(6, true)) !== member.method) throw disagrees('method')
  const later = (header.getUint16(6, true) & SIZES_BEHIND) !== 0
  const sizes = localSizes(header, fields.subarray(nameBytes))
  const isUnsaid = later && sizes.bytes === 0 && sizes.compressedBytes === 0
  if (!isUnsaid && (sizes.bytes !== member.bytes || sizes.compressedBytes !== member.compressedBytes))
    throw disagrees('size')
  const crc32 = header.getUint32(14, true)
  if (crc32 !== member.crc32 && !(later && crc32 === 0)) throw disagrees('checksum')
  const offset = headerOffset + LOCAL_BYTES + nameBytes + extraBytes
  if (offset + member.compressedBytes > member.endsBefore)
    throw malformed(source, name, 'it overlaps what comes after it', headerOffset)
  return { offset, length: member.compressedBytes }
}

/** A member's own bytes as a source. Stored ones need none: their `memberRange` is where they lie in the archive. */
export function memberSource(zip: ZipDirectory, member: ZipMember): ByteSource {
  const { name, method, bytes, crc32 } = member
  const path = `${zip.source.path}!/${name}`
  if (method === 'encrypted' || method === 'other')
    throw readError(zip.source.path, 'unsupported', { what: `compression of ${name}`, value: method })
  const range = memberRange(zip, member)
  if (method === 'stored') return partSource(path, zip.source, range.offset, range.length)
  const stream = { source: zip.source, ...range, wrapper: 'none', bytes, name } as const
  return inflateSource(path, stream, { size: bytes, crc32 }, zip.turn)
}

interface End {
  /** Of the central directory; it ends where the end records begin. */
  offset: number
  length: number
  members: number
}

function readEnd(source: ByteSource): End {
  const length = Math.min(source.size, END_BYTES + MAX_COMMENT_BYTES)
  const tailAt = source.size - length
  const tail = viewOf(readBytes(source, tailAt, length, 'end of the zip archive'))
  for (let at = length - END_BYTES; at >= 0; at--)
    if (tail.getUint32(at, true) === END_MARK && at + END_BYTES + tail.getUint16(at + 20, true) === length)
      return parseEnd(source, new DataView(tail.buffer, tail.byteOffset + at, END_BYTES), tailAt + at)
  throw readError(source.path, 'truncated', {
    what: 'end of the zip archive',
    need: source.size + END_BYTES,
    size: source.size,
  })
}

function parseEnd(source: ByteSource, record: DataView, recordAt: number): End {
  const wide = readEnd64(source, recordAt)
  const member16 = record.getUint16(10, true)
  const length32 = record.getUint32(12, true)
  const offset32 = record.getUint32(16, true)
  const end = {
    members: wide !== null && member16 === IN_ZIP64_16 ? wide.members : member16,
    length: wide !== null && length32 === IN_ZIP64_32 ? wide.length : length32,
    offset: wide !== null && offset32 === IN_ZIP64_32 ? wide.offset : offset32,
  }
  const what = 'end of the zip archive'
  if (record.getUint16(4, true) !== record.getUint16(6, true))
    throw readError(source.path, 'unsupported', { what: 'zip archive', value: 'several volumes' })
  refuseBeyond(source, 'members of the zip archive', end.members, MAX_ZIP_MEMBERS)
  refuseBeyond(source, 'zip directory bytes', end.length, MAX_ZIP_DIRECTORY_BYTES)
  checkRange(source, end.offset, end.length, 'zip directory')
  if (end.offset + end.length !== (wide?.recordAt ?? recordAt))
    throw malformed(source, what, 'the directory does not end where it begins', recordAt)
  return end
}

function readEnd64(source: ByteSource, recordAt: number): (End & { recordAt: number }) | null {
  const locatorAt = recordAt - LOCATOR_BYTES
  if (locatorAt < 0) return null
  const locator = viewOf(readBytes(source, locatorAt, LOCATOR_BYTES, 'zip64 locator'))
  if (locator.getUint32(0, true) !== LOCATOR_MARK) return null
  const at = Number(locator.getBigUint64(8, true))
  const record = viewOf(readBytes(source, at, END64_BYTES, 'zip64 end record'))
  if (record.getUint32(0, true) !== END64_MARK)
    throw malformed(source, 'zip64 end record', 'not where it should be', at)
  if (Number(record.getBigUint64(4, true)) + 12 + at !== locatorAt)
    throw malformed(source, 'zip64 end record', 'its length is not what it says', at)
  return {
    recordAt: at,
    members: Number(record.getBigUint64(32, true)),
    length: Number(record.getBigUint64(40, true)),
    offset: Number(record.getBigUint64(48, true)),
  }
}

function readEntries(source: ByteSource, end: End, names: 'safe' | 'any'): ZipMember[] {
  const directory = readBytes(source, end.offset, end.length, 'zip directory')
  const view = viewOf(directory)
  const members: ZipMember[] = []
  let at = 0
  while (at < end.length) {
    const offset = end.offset + at
    const entry = at + ENTRY_BYTES <= end.length && view.getUint32(at, true) === ENTRY_MARK
    refuseBeyond(source, 'members of the zip archive', members.length + 1, MAX_ZIP_MEMBERS)
    if (!entry) throw malformed(source, 'zip directory', 'no entry where one should be', offset)
    const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true)
    const extraEnd = nameEnd + view.getUint16(at + 30, true)
    const next = extraEnd + view.getUint16(at + 32, true)
    if (next > end.length) throw malformed(source, 'zip directory', 'an entry runs over its end', offset)
    const name = nameFrom(source, directory.subarray(at + ENTRY_BYTES, nameEnd), names)
    members.push(
      readEntry(
        source,
        name,
        new DataView(view.buffer, view.byteOffset + at, ENTRY_BYTES),
        directory.subarray(nameEnd, extraEnd),
      ),
    )
    at = next
  }
  if (members.length !== end.members)
    throw malformed(source, 'zip directory', `${end.members} members announced, ${members.length} listed`, end.offset)
  return members
}

function readEntry(source: ByteSource, name: string, entry: DataView, extra: Uint8Array): ZipMember {
  const flags = entry.getUint16(8, true)
  if (entry.getUint16(34, true) !== 0 && entry.getUint16(34, true) !== IN_ZIP64_16)
    throw readError(source.path, 'unsupported', { what: 'zip archive', value: 'several volumes' })
  const wide = zip64Fields(extra)
  const bytes = widened(entry.getUint32(24, true), wide)
  const compressedBytes = widened(entry.getUint32(20, true), wide)
  const headerOffset = widened(entry.getUint32(42, true), wide)
  checkRange(source, headerOffset, LOCAL_BYTES + compressedBytes, name)
  const method = methodOf(entry.getUint16(10, true), flags)
  if (!Number.isSafeInteger(bytes)) throw malformed(source, name, 'its size is no whole number', headerOffset)
  if (method === 'stored' && bytes !== compressedBytes)
    throw malformed(source, name, `${bytes} bytes stored as ${compressedBytes}`, headerOffset)
  return { name, method, headerOffset, endsBefore: 0, compressedBytes, bytes, crc32: entry.getUint32(16, true) }
}

function methodOf(method: number, flags: number): ZipMember['method'] {
  if ((flags & (ENCRYPTED | MASKED)) !== 0) return 'encrypted'
  return method === 0 ? 'stored' : method === 8 ? 'deflated' : 'other'
}

/** The local header's sizes. Where both are in the zip64 field, it holds the size, then the compressed size (4.5.3). */
function localSizes(header: DataView, extra: Uint8Array): { bytes: number; compressedBytes: number } {
  const wide = zip64Fields(extra)
  const bytes = widened(header.getUint32(22, true), wide)
  return { bytes, compressedBytes: widened(header.getUint32(18, true), wide) }
}

/** The 64-bit numbers of the zip64 extra field, in order; fields that are not 0xffffffff take none of them. */
function zip64Fields(extra: Uint8Array): number[] {
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = view.getUint16(at + 2, true)
    const end = at + 4 + length
    if (end > extra.length) return []
    if (view.getUint16(at, true) === 0x0001)
      return Array.from({ length: length >> 3 }, (_, index) => Number(view.getBigUint64(at + 4 + 8 * index, true)))
    at = end
  }
  return []
}

function widened(value: number, wide: number[]): number {
  return value === IN_ZIP64_32 ? (wide.shift() ?? value) : value
}

/** Only the names' bytes matter here; archives that mark no encoding are UTF-8 in practice. */
function decodeName(bytes: Uint8Array): string {
  return UTF8.decode(bytes)
}

/** A drive letter or backslash would lead outside on Windows. */
function nameFrom(source: ByteSource, bytes: Uint8Array, names: 'safe' | 'any'): string {
  refuseBeyond(source, 'name in the zip archive', bytes.length, MAX_NAME_BYTES)
  const name = decodeName(bytes)
  if (names === 'any') return name
  const parts = name.replace(/\/$/, '').split('/')
  if (/[\\\0]/.test(name) || /^[a-z]:/i.test(name) || parts.some((part) => ['', '.', '..'].includes(part)))
    throw readError(source.path, 'unsafe-path', { name })
  return name
}

/** Members that share bytes are how a small archive unpacks to terabytes, and how one file shows two contents. */
function refuseOverlaps(source: ByteSource, sorted: readonly ZipMember[], directoryAt: number): void {
  for (const [index, member] of sorted.entries()) {
    member.endsBefore = sorted[index + 1]?.headerOffset ?? directoryAt
    if (member.headerOffset + LOCAL_BYTES + member.compressedBytes > member.endsBefore)
      throw malformed(source, member.name, 'it overlaps what comes after it', member.headerOffset)
  }
}

function refuseBomb(source: ByteSource, members: readonly ZipMember[]): void {
  const packed = members.filter(({ method }) => method !== 'stored')
  const compressed = packed.reduce((sum, member) => sum + member.compressedBytes, 0)
  const bytes = packed.reduce((sum, member) => sum + member.bytes, 0)
  refuseBeyond(source, 'unpacked bytes of the zip archive', bytes, compressed * MAX_ZIP_GROWTH + ZIP_GROWTH_FREE)
}

function refuseBeyond(source: ByteSource, what: string, value: number, limit: number): void {
  if (!(value <= limit)) throw readError(source.path, 'limit', { what, value: String(value), limit: String(limit) })
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function malformed(source: ByteSource, what: string, reason: string, offset: number) {
  return readError(source.path, 'malformed', { what: what.slice(0, MAX_NAME_BYTES), reason, offset })
}
