import { checkpointFrom } from '../ledger/checkpoint.ts'
import { coveredLeaves, tilesAbove } from '../ledger/covered.ts'
import { type Entry, entriesFrom, entryFrom } from '../ledger/entry.ts'
import { leafOf } from '../ledger/journal.ts'
import { HASH_BYTES } from '../ledger/merkle.ts'
import { decodeNote, signatureOf } from '../ledger/note.ts'
import { TILE_HASHES } from '../ledger/tiles.ts'
import { judged, type TrustedKey, vouchedByLog } from '../ledger/trust.ts'
import type { Estate } from '../store/estate.ts'
import type { LedgerEntry } from '../store/ledger.ts'

/** A checkpoint of the log, and whose signature stands under it. */
interface SignedRoot {
  size: number
  root: Uint8Array
  log: TrustedKey
}

/** Fewer are verified one by one sooner than a checkpoint and its tree are read. */
const WORTH_A_TREE = 64

/** Hashing a tile takes as long as verifying two signatures, or three. */
const WORTH_A_TILE = 4

/**
 * Entries read and judged. Those by the log's own key are not verified one by one where many stand in few tiles of the tree: the log's signed
 * checkpoint vouches for them once their leaves, recomputed from what was read, lead to its root. Where they do not, each is verified.
 */
export async function judgedEntries(
  estate: Estate,
  raw: readonly LedgerEntry[],
  { size, trust }: { size: number; trust: ReadonlyMap<string, TrustedKey> },
): Promise<Entry[]> {
  const vouched = raw.length < WORTH_A_TREE ? null : await vouchedFor(estate, raw, size, trust)
  if (vouched === null) return entriesFrom(raw, trust)
  return raw.flatMap((each) => entryFrom(each, () => vouched(each) ?? judged(each.signed, trust, each.time)) ?? [])
}

/** The first checkpoint over `size` entries at least that a log's key trusted here has signed; null where its signature does not fit. */
async function rootOver(
  estate: Estate,
  size: number,
  trust: ReadonlyMap<string, TrustedKey>,
): Promise<SignedRoot | null> {
  const [checkpoint] = await estate.checkpoints(size, 1)
  const note = checkpoint && decodeNote(checkpoint.note)
  if (!note) return null
  const log = [...trust.values()].find(({ use, key }) => use === 'log' && signatureOf(note, key) === 'good')
  const signed = checkpointFrom(note.text)
  return log === undefined || signed === null || signed.size < size ? null : { ...signed, log }
}

type Vouched = (entry: LedgerEntry) => Entry['signatures'] | null

async function vouchedFor(
  estate: Estate,
  raw: readonly LedgerEntry[],
  size: number,
  trust: ReadonlyMap<string, TrustedKey>,
): Promise<Vouched | null> {
  const signed = await rootOver(estate, size, trust)
  if (signed === null) return null
  const { log } = signed
  const byTile = new Map<number, number>()
  for (const { number, time, signed } of raw)
    if (vouchedByLog(signed, log, time)) byTile.set(tileOf(number), (byTile.get(tileOf(number)) ?? 0) + 1)
  const positions = [...byTile].flatMap(([position, entries]) => (entries >= WORTH_A_TILE ? [position] : []))
  const tiles = await estate.tiles(tilesAbove(positions, signed.size))
  const leaves = coveredLeaves(positions, signed, tiles)
  return (entry) => (isCovered(entry, leaves) ? vouchedByLog(entry.signed, log, entry.time) : null)
}

function tileOf(number: number): number {
  return Math.floor(number / TILE_HASHES)
}

function isCovered({ number, time, signed }: LedgerEntry, leaves: ReadonlyMap<number, Uint8Array>): boolean {
  const from = (number % TILE_HASHES) * HASH_BYTES
  const leaf = leaves.get(tileOf(number))?.subarray(from, from + HASH_BYTES)
  return leaf?.length === HASH_BYTES && Buffer.from(leaf).equals(leafOf(signed, time))
}
