import { type Checkpoint, type Inflater, openInflater } from './inflate.ts'
import type { Deflated } from './inflate-input.ts'
import { MAX_UNPACKINGS } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange } from './source.ts'

/** Of several compressed files only the one read last holds memory; they share one of these. */
export interface Turn {
  release: (() => void) | null
}

/** Places to take unpacking up again from, at most, of 32 KiB each. */
const CHECKPOINTS = 64

/** Closer together they would save less than they cost. */
const MIN_SPACING = 1024 * 1024

/**
 * The unpacked bytes of a deflate stream as a source, meant to be read front to back: going back costs unpacking again
 * from the last checkpoint, and no more than `MAX_UNPACKINGS` times the size in all (`limit`). Holds at most 3 MiB. Throws
 * `malformed` when the bytes are not as many as `size`, or do not have the CRC-32, which is known only at the end.
 */
export function inflateSource(
  path: string,
  stream: Deflated,
  expected: { size: number; crc32: number | null },
  turn: Turn = { release: null },
): ByteSource {
  const { size } = expected
  const spacing = Math.max(MIN_SPACING, Math.ceil(size / CHECKPOINTS))
  let inflater: Inflater | null = null
  let chunk: Uint8Array = new Uint8Array(0)
  /** Where `chunk` stands in the output. */
  let start = 0
  let checkpoints: Checkpoint[] = []
  let unpacked = 0
  const release = () => {
    inflater = null
    chunk = new Uint8Array(0)
    checkpoints = []
  }
  const malformed = (reason: string) =>
    readError(path, 'malformed', { what: stream.name, reason, offset: stream.offset })

  function open(position: number): Inflater {
    if (turn.release !== release) turn.release?.()
    turn.release = release
    if (inflater === null || position < start) {
      inflater = openInflater(stream, checkpoints.findLast(({ output }) => output <= position) ?? null)
      chunk = new Uint8Array(0)
      start = inflater.output
    }
    return inflater
  }

  function advance(current: Inflater): void {
    chunk = current.next()
    start = current.output
    const end = start + chunk.length
    unpacked += chunk.length
    if (chunk.length === 0 && end < size) throw malformed(`unpacks to ${end} bytes instead of ${size}`)
    if (end > size) throw malformed(`unpacks to more than ${size} bytes`)
    if (unpacked > MAX_UNPACKINGS * size + MIN_SPACING)
      throw readError(path, 'limit', {
        what: 'unpacking anew',
        value: String(MAX_UNPACKINGS + 1),
        limit: String(MAX_UNPACKINGS),
      })
    if (end >= (checkpoints.at(-1)?.output ?? 0) + spacing) {
      const checkpoint = current.checkpoint()
      if (checkpoint !== null) checkpoints.push(checkpoint)
    }
    if (end === size) checkEnd(current)
  }

  /** The checksum is known, and too long a stream shows, only behind the last chunk, which `next` may overwrite. */
  function checkEnd(current: Inflater): void {
    const last = chunk.slice()
    if (current.next().length > 0) throw malformed(`unpacks to more than ${size} bytes`)
    chunk = last
    if (expected.crc32 !== null && current.crc32 !== expected.crc32) throw malformed('its checksum does not fit')
  }

  const source: ByteSource = {
    path,
    size,
    virtual: true,
    readInto(target, position, what) {
      checkRange(source, position, target.length, what)
      let done = 0
      while (done < target.length) {
        const current = open(position + done)
        const at = position + done - start
        if (at >= chunk.length) advance(current)
        else {
          const piece = chunk.subarray(at, at + target.length - done)
          target.set(piece, done)
          done += piece.length
        }
      }
      if (position + target.length === size) release()
    },
    close: release,
  }
  return source
}
