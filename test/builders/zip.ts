import { crc32, deflateRawSync } from 'node:zlib'

/** A member of a zip archive. `says`: what its headers claim in place of the truth. */
export interface ZipPart {
  name: string
  bytes?: Uint8Array | string
  deflate?: boolean
  says?: Partial<Claims>
  /** What only the local header claims. */
  locallySays?: Partial<Claims>
}

interface Claims {
  name: string
  flags: number
  method: number
  crc32: number
  bytes: number
  compressedBytes: number
  headerOffset: number
}

/** A zip archive. `zip64`: all sizes and offsets stand in the 64-bit fields. */
export function zip(parts: readonly ZipPart[], options: { comment?: string; members?: number; zip64?: boolean } = {}) {
  const wide = options.zip64 ?? false
  const body: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const part of parts) {
    const bytes = bytesOf(part)
    const stored = part.deflate ? deflateRawSync(bytes) : bytes
    const truth = { name: part.name, flags: 0x800, method: part.deflate ? 8 : 0, crc32: crc32(bytes) }
    const claims = { ...truth, bytes: bytes.length, compressedBytes: stored.length, headerOffset: at, ...part.says }
    const local = localHeader({ ...claims, ...part.locallySays }, wide)
    body.push(local, stored)
    directory.push(centralHeader(claims, wide))
    at += local.length + stored.length
  }
  const central = Buffer.concat(directory)
  const members = options.members ?? parts.length
  const end = wide ? end64(at, central.length, members) : new Uint8Array(0)
  return new Uint8Array(
    Buffer.concat([...body, central, end, endRecord(at, central.length, members, wide, options.comment ?? '')]),
  )
}

function bytesOf({ bytes = '' }: ZipPart): Uint8Array {
  return typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
}

function localHeader(claims: Claims, wide: boolean): Uint8Array {
  const extra = wide ? wideField([claims.bytes, claims.compressedBytes]) : new Uint8Array(0)
  const name = new TextEncoder().encode(claims.name)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  shared(header, 6, claims, wide)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

function centralHeader(claims: Claims, wide: boolean): Uint8Array {
  const extra = wide ? wideField([claims.bytes, claims.compressedBytes, claims.headerOffset]) : new Uint8Array(0)
  const name = new TextEncoder().encode(claims.name)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 6)
  shared(header, 8, claims, wide)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(wide ? 0xffffffff : claims.headerOffset, 42)
  return Buffer.concat([header, name, extra])
}

/** Flags, method, time, checksum and sizes stand in one order in both headers. */
function shared(header: Buffer, at: number, claims: Claims, wide: boolean): void {
  header.writeUInt16LE(claims.flags, at)
  header.writeUInt16LE(claims.method, at + 2)
  header.writeUInt32LE(claims.crc32, at + 8)
  header.writeUInt32LE(wide ? 0xffffffff : claims.compressedBytes, at + 12)
  header.writeUInt32LE(wide ? 0xffffffff : claims.bytes, at + 16)
}

function wideField(numbers: readonly number[]): Uint8Array {
  const field = Buffer.alloc(4 + 8 * numbers.length)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8 * numbers.length, 2)
  for (const [index, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * index)
  return field
}

function end64(offset: number, length: number, members: number): Uint8Array {
  const record = Buffer.alloc(56 + 20)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(members), 24)
  record.writeBigUInt64LE(BigInt(members), 32)
  record.writeBigUInt64LE(BigInt(length), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  record.writeUInt32LE(0x07064b50, 56)
  record.writeBigUInt64LE(BigInt(offset + length), 64)
  record.writeUInt32LE(1, 72)
  return record
}

function endRecord(offset: number, length: number, members: number, wide: boolean, comment: string): Uint8Array {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(wide ? 0xffff : Math.min(members, 0xfffe), 8)
  record.writeUInt16LE(wide ? 0xffff : Math.min(members, 0xfffe), 10)
  record.writeUInt32LE(wide ? 0xffffffff : length, 12)
  record.writeUInt32LE(wide ? 0xffffffff : offset, 16)
  record.writeUInt16LE(comment.length, 20)
  return Buffer.concat([record, Buffer.from(comment, 'latin1')])
}
