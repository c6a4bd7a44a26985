import { ARCHIVE_CACHE_BYTES } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange } from './source.ts'

/** Of one cached piece; a header and what follows it. */
const BLOCK = 64 * 1024

/** Reads larger than this would only push everything else out. */
const LARGEST = ARCHIVE_CACHE_BYTES / 4

/** Pieces of unpacked bytes of all sources of this thread, those not used for longest given up first. */
const cache = new Map<string, Uint8Array<ArrayBuffer>>()

let sources = 0

/** A source whose size is known only when its end is reached. */
export type StreamSource = ByteSource & {
  /** Fills `target` as far as there are bytes; gives how many there are. */
  readUpTo(target: Uint8Array, position: number): number
}

/**
 * A source whose reads go through the cache: tensors are gone over twice, and headers stand far from what they describe.
 */
export function cachedSource(slow: ByteSource | StreamSource): ByteSource {
  const number = sources++
  /** The one used last, most often the one asked for next. */
  let last = { index: -1, block: new Uint8Array(0) }
  const source: ByteSource = {
    path: slow.path,
    get size() {
      return slow.size
    },
    readInto(target, position, what) {
      if (target.length > LARGEST) return slow.readInto(target, position, what)
      checkRange(source, position, target.length, what)
      for (let done = 0; done < target.length; ) {
        const at = position + done
        const piece = blockAt(Math.floor(at / BLOCK), what).subarray(at % BLOCK, (at % BLOCK) + target.length - done)
        if (piece.length === 0)
          throw readError(slow.path, 'truncated', { what, need: position + target.length, size: slow.size })
        target.set(piece, done)
        done += piece.length
      }
    },
    close() {
      slow.close()
    },
  }
  return source

  function blockAt(index: number, what: string): Uint8Array {
    if (last.index === index) return last.block
    const key = `${number}/${index}`
    const block = cache.get(key) ?? readBlock(index, what)
    cache.delete(key)
    cache.set(key, block)
    if (cache.size > ARCHIVE_CACHE_BYTES / BLOCK) cache.delete(cache.keys().next().value!)
    last = { index, block }
    return block
  }

  function readBlock(index: number, what: string): Uint8Array<ArrayBuffer> {
    const at = index * BLOCK
    const block = new Uint8Array(Math.min(BLOCK, slow.size - at))
    if ('readUpTo' in slow) return block.subarray(0, slow.readUpTo(block, at))
    slow.readInto(block, at, what)
    return block
  }
}
