import { ARCHIVE_CACHE_BYTES } from './limits.ts'
import { type ByteSource, checkRange } from './source.ts'

/** Of one cached piece; a header and what follows it. */
const BLOCK = 64 * 1024

/** Reads larger than this would only push everything else out. */
const LARGEST = ARCHIVE_CACHE_BYTES / 4

/** Pieces of unpacked bytes of all sources of this thread, those not used for longest given up first. */
const cache = new Map<string, Uint8Array<ArrayBuffer>>()

let sources = 0

/** A source that is costly to go back in. `reach` makes sure that `size` is right as far as a position. */
export type SlowSource = ByteSource & { reach?(position: number): void }

/**
 * A source whose reads go through the cache: tensors are gone over twice, and headers stand far from what they describe.
 */
export function cachedSource(slow: SlowSource): ByteSource {
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
      slow.reach?.(position + target.length)
      checkRange(source, position, target.length, what)
      for (let done = 0; done < target.length; ) {
        const at = position + done
        const piece = blockAt(Math.floor(at / BLOCK), what).subarray(at % BLOCK, (at % BLOCK) + target.length - done)
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
    slow.reach?.((index + 1) * BLOCK)
    const block = new Uint8Array(Math.min(BLOCK, slow.size - index * BLOCK))
    slow.readInto(block, index * BLOCK, what)
    return block
  }
}
