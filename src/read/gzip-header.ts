import type { ByteReader } from './inflate-input.ts'

/** RFC 1952, 2.3.1. */
const HAS_CHECKSUM = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16

/** By content: gzip's magic number and its only method. */
export function looksLikeGzip(_name: string, head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8
}

/**
 * Passes over the header of a gzip member. False at the end, and for anything behind a member that is no other one: tar
 * pads with zeros, and gzip itself passes over the rest.
 */
export function readGzipHeader(input: ByteReader): boolean {
  if (input.isAtEnd() || input.take(8) !== 0x1f) return false
  if (input.isAtEnd() || input.take(8) !== 0x8b) return false
  if (input.isAtEnd() || input.take(8) !== 8) return false
  const flags = input.take(8)
  for (let i = 0; i < 6; i++) input.take(8)
  if ((flags & HAS_EXTRA) !== 0) for (let left = input.take(16); left > 0; left--) input.take(8)
  if ((flags & HAS_NAME) !== 0) while (input.take(8) !== 0);
  if ((flags & HAS_COMMENT) !== 0) while (input.take(8) !== 0);
  if ((flags & HAS_CHECKSUM) !== 0) input.take(16)
  return true
}
