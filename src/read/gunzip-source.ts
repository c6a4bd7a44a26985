import type { StreamSource } from './cached-source.ts'
import { type Checkpoint, type Inflater, openInflater } from './inflate.ts'
import { MAX_UNPACKINGS } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange } from './source.ts'

/** Of 32 KiB each; where there would be more, every second one goes, so that they stay evenly spread over any length. */
const CHECKPOINTS = 48

/** Closer together they would save less than they cost. */
const MIN_SPACING = 1024 * 1024

/**
 * The unpacked bytes of a gzip file as a source, meant to be read front to back. How many they are is known only at the end:
 * until then `size` is the largest safe number, and reading beyond the end throws `truncated`. Going back costs unpacking
 * from the last checkpoint. Holds at most 2 MiB.
 */
export function gunzipSource(packed: ByteSource): StreamSource {
  const stream = { source: packed, offset: 0, length: packed.size, wrapper: 'gzip', name: 'gzip stream' } as const
  let size = Number.MAX_SAFE_INTEGER
  let furthest = 0
  let unpacked = 0
  let spacing = MIN_SPACING
  let checkpoints: Checkpoint[] = []
  let inflater: Inflater | null = null
  let chunk: Uint8Array = new Uint8Array(0)

  function openAt(position: number): Inflater {
    if (inflater === null || position < inflater.output) {
      chunk = new Uint8Array(0)
      inflater = openInflater(stream, checkpoints.findLast(({ output }) => output <= position) ?? null)
    }
    return inflater
  }

  function advance(current: Inflater): void {
    chunk = current.next()
    unpacked += chunk.length
    const end = current.output + chunk.length
    furthest = Math.max(furthest, end)
    if (chunk.length === 0) size = current.output
    if (unpacked > MAX_UNPACKINGS * furthest)
      throw readError(packed.path, 'limit', {
        what: 'unpacking anew',
        value: String(MAX_UNPACKINGS + 1),
        limit: String(MAX_UNPACKINGS),
      })
    const checkpoint = end >= (checkpoints.at(-1)?.output ?? 0) + spacing ? current.checkpoint() : null
    if (checkpoint !== null) checkpoints.push(checkpoint)
    if (checkpoints.length > CHECKPOINTS) {
      checkpoints = checkpoints.filter((_, index) => index % 2 === 1)
      spacing *= 2
    }
  }

  const source: StreamSource = {
    path: packed.path,
    get size() {
      return size
    },
    readUpTo(target, position) {
      for (let done = 0; done < target.length; ) {
        const current = openAt(position + done)
        const start = position + done - current.output
        if (start < chunk.length) {
          const piece = chunk.subarray(start, start + target.length - done)
          target.set(piece, done)
          done += piece.length
        } else {
          advance(current)
          if (chunk.length === 0) return done
        }
      }
      return target.length
    },
    readInto(target, position, what) {
      checkRange(source, position, target.length, what)
      if (source.readUpTo(target, position) < target.length)
        throw readError(packed.path, 'truncated', { what, need: position + target.length, size })
    },
    close() {
      inflater = null
      chunk = new Uint8Array(0)
    },
  }
  return source
}
