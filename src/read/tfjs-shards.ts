import { refuseLfsPointer } from './lfs-pointer.ts'
import type { ByteRange } from './model-file.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes, type Siblings } from './source.ts'

/** Shards of one group seen as one run of bytes. */
export interface ShardRun {
  shards: Shard[]
  bytes: number
}

interface Shard {
  source: ByteSource
  /** Of `ModelFile.files`. */
  file: number
  /** Where its bytes begin in the run. */
  start: number
}

/** Of one model. The largest vocabularies have 262,144 entries; each string costs a read. */
export const MAX_STRINGS = 1 << 20

/** Opens each file once; two groups may name the same. `files` grows in order of first use. */
export function openRun(
  paths: readonly string[],
  siblings: Siblings,
  files: ByteSource[],
  known: Map<string, number>,
): ShardRun {
  const run: ShardRun = { shards: [], bytes: 0 }
  for (const path of paths) {
    const file = known.get(path) ?? files.push(siblings.open(path)) - 1
    known.set(path, file)
    const source = files[file]!
    refuseLfsPointer(source)
    run.shards.push({ source, file, start: run.bytes })
    run.bytes += source.size
  }
  return run
}

/** Where the bytes [offset, offset + length) of the run stand; more than one range where they straddle shards. */
export function rangesOf(path: string, run: ShardRun, offset: number, length: number, what: string): ByteRange[] {
  if (offset + length > run.bytes) throw endsBefore(path, run, offset + length, what)
  const ranges: ByteRange[] = []
  for (let index = firstShard(run, offset); index < run.shards.length; index++) {
    const shard = run.shards[index]!
    if (shard.start >= offset + length) break
    const from = Math.max(offset, shard.start)
    const to = Math.min(offset + length, shard.start + shard.source.size)
    if (to > from) ranges.push({ file: shard.file, offset: from - shard.start, length: to - from })
  }
  return ranges
}

/**
 * Bytes that `count` strings take from `offset` on: each has its length before it, 32 bits. Strings are no weights, but
 * what follows them begins where they end.
 */
export function stringBytes(
  path: string,
  run: ShardRun,
  offset: number,
  count: number,
  budget: { strings: number },
  what: string,
): number {
  if (count > budget.strings)
    throw readError(path, 'limit', { what: `strings of ${what}`, value: `${count}`, limit: `${budget.strings} left` })
  budget.strings -= count
  let at = offset
  for (let index = 0; index < count; index++) at += 4 + uint32At(path, run, at, what)
  rangesOf(path, run, offset, at - offset, what)
  return at - offset
}

function uint32At(path: string, run: ShardRun, offset: number, what: string): number {
  const bytes = rangesOf(path, run, offset, 4, what).flatMap((range) => {
    const shard = run.shards.find(({ file }) => file === range.file)!
    return [...readBytes(shard.source, range.offset, range.length, what)]
  })
  return Buffer.from(bytes).readUInt32LE()
}

/** The last shard that begins at or before `offset`, by bisection: there may be thousands. */
function firstShard(run: ShardRun, offset: number): number {
  let low = 0
  let high = run.shards.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (run.shards[middle]!.start <= offset) low = middle
    else high = middle
  }
  return low
}

/** Names the last shard, for it is the one that a broken download leaves short. */
function endsBefore(path: string, run: ShardRun, need: number, what: string) {
  const last = run.shards.at(-1)
  if (last === undefined) return readError(path, 'truncated', { what, need, size: 0 })
  return readError(last.source.path, 'truncated', { what, need: need - last.start, size: last.source.size })
}
