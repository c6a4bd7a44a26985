import { sql } from 'kysely'
import type { PredicateKind } from '../contract/predicates.ts'
import type { Change } from '../ledger/changes.ts'
import type { Signed } from '../ledger/dsse.ts'
import type { Draft, Journal } from '../ledger/journal.ts'
import type { Tile, TileKey } from '../ledger/tiles.ts'
import type { EstateDb } from './database.ts'
import { inBatches, inBulk } from './rows.ts'
import type { EntryRow } from './schema.ts'

/** A statement as the log holds it. */
export interface LedgerEntry {
  /** Its place in the log, from 0 on without gaps. */
  number: number
  /** When it was entered, RFC 3339; never earlier than the one before. */
  time: string
  kind: string
  signed: Signed
}

export interface LedgerHead {
  origin: string
  size: number
  /** Of the last entry. */
  time: string
}

const HEAD = 1

/** What a transaction writes to the log with: null on an estate that keeps none. */
export interface Writing {
  /** Asked for when there is something to enter: the first time of all makes a key. */
  journal: (() => Journal) | null
  now(): Date
}

export async function headOf(db: EstateDb): Promise<LedgerHead | null> {
  const row = await db.selectFrom('ledger_head').selectAll().where('id', '=', HEAD).executeTakeFirst()
  return row ? { origin: row.origin, size: row.size, time: row.time } : null
}

/**
 * From which size on what a transaction changes holds: its own statements are then in the log. Without a journal
 * everything holds from the beginning.
 */
export async function sinceOf(db: EstateDb, { journal }: Writing): Promise<number> {
  return journal === null ? 0 : ((await headOf(db))?.size ?? 0) + 1
}

/** The time of entries made now: clocks may go back, the log does not. */
export async function entryTime(db: EstateDb, { now }: Pick<Writing, 'now'>): Promise<string> {
  const time = now().toISOString()
  const head = await headOf(db)
  return head !== null && head.time > time ? head.time : time
}

/** Enters a statement for each change. */
export async function enterChanges(db: EstateDb, changes: readonly Change[], writing: Writing): Promise<void> {
  const { journal } = writing
  if (journal === null || changes.length === 0) return
  const made = journal()
  const time = await entryTime(db, writing)
  await enterDrafts(db, made, time, made.statements(changes, time))
}

/** Enters statements, and the checkpoint over them; gives the number of the first. */
export async function enterDrafts(
  db: EstateDb,
  journal: Journal,
  time: string,
  drafts: readonly Draft[],
): Promise<number> {
  const head = (await headOf(db)) ?? { origin: journal.origin, size: 0, time }
  const introduced = await introduction(db, journal, time)
  const entries = [...introduced, ...drafts].map(({ kind, signed, topics }, at) => {
    return { number: head.size + at, time, kind, signed, topics }
  })
  await insertEntries(db, entries)
  await growTree(db, head, journal, entries)
  return head.size + introduced.length
}

/** Whether an entry with the same payload is found under the topics of a draft. */
export async function hasTwin(db: EstateDb, { topics, signed }: Draft): Promise<boolean> {
  // every topic of a statement leads to its twin; the one that is rarest leads there soonest
  const numbers = await topicNumbers(db, topics)
  const counts = await Promise.all(
    [...numbers.values()].map(async (topic) => {
      const { rows } = await sql<{
        count: number
      }>`select count(*) as count from entry_topics where topic = ${topic}`.execute(db)
      return { topic, count: Number(rows[0]?.count ?? 0) }
    }),
  )
  const [rarest] = counts.sort((a, b) => a.count - b.count)
  if (rarest === undefined) return false
  const same = db
    .selectFrom('entry_topics')
    .innerJoin('ledger_entries', 'ledger_entries.number', 'entry_topics.entry')
    .select('ledger_entries.number')
    .where('entry_topics.topic', '=', rarest.topic)
    .where('ledger_entries.payload', '=', signed.payload)
  return (await same.limit(1).executeTakeFirst()) !== undefined
}

async function introduction(db: EstateDb, journal: Journal, time: string): Promise<Draft[]> {
  const known = db.selectFrom('topics').select('number').where('topic', '=', journal.keyTopic)
  return (await known.executeTakeFirst()) ? [] : [journal.introduction(time)]
}

interface NewEntry extends LedgerEntry {
  topics: string[]
}

async function insertEntries(db: EstateDb, entries: readonly NewEntry[]): Promise<void> {
  const numbers = await topicNumbers(
    db,
    entries.flatMap(({ topics }) => topics),
  )
  await inBatches(entries, (batch) =>
    db
      .insertInto('ledger_entries')
      .values(
        batch.map(({ number, time, kind, signed: { payload, signatures } }) => {
          return { number, time, kind, payload, signatures: JSON.stringify(signatures) }
        }),
      )
      .execute(),
  )
  const links = entries.flatMap(({ number, topics }) =>
    topics.map((topic) => ({ topic: numbers.get(topic)!, entry: number })),
  )
  await inBatches(links, (batch) => db.insertInto('entry_topics').values(batch).execute())
}

/** The numbers of topics; those that are new are given one. */
export async function topicNumbers(db: EstateDb, topics: readonly string[]): Promise<Map<string, number>> {
  const numbers = new Map<string, number>()
  await inBatches([...new Set(topics)], async (batch) => {
    const find = db.selectFrom('topics').selectAll().where('topic', 'in', batch)
    for (const { topic, number } of await find.execute()) numbers.set(topic, number)
    const fresh = batch.filter((topic) => !numbers.has(topic))
    if (fresh.length === 0) return
    const made = db.insertInto('topics').values(fresh.map((topic) => ({ topic })))
    for (const { topic, number } of await made.returningAll().execute()) numbers.set(topic, number)
  })
  return numbers
}

async function growTree(db: EstateDb, head: LedgerHead, journal: Journal, entries: readonly NewEntry[]): Promise<void> {
  const size = head.size + entries.length
  const edge = await tilesAt(db, journal.edge(head.size))
  const leaves = entries.map(({ signed, time }) => journal.leaf(signed, time))
  const { tiles, root } = journal.grow(head.size, edge, leaves)
  await inBatches(tiles, (batch) =>
    db
      .insertInto('ledger_tiles')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['level', 'position']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') })),
      )
      .execute(),
  )
  await db
    .insertInto('ledger_checkpoints')
    .values({ size, note: journal.checkpoint(head.origin, size, root) })
    .execute()
  const { time = head.time } = entries.at(-1) ?? {}
  await db
    .insertInto('ledger_head')
    .values({ id: HEAD, origin: head.origin, size, time })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ size, time }))
    .execute()
}

/** The tiles of these keys that there are. */
export async function tilesAt(db: EstateDb, keys: readonly TileKey[]): Promise<Tile[]> {
  const tiles: Tile[] = []
  for (const level of new Set(keys.map((key) => key.level))) {
    const positions = keys.filter((key) => key.level === level).map(({ position }) => position)
    await inBatches(positions, async (batch) => {
      const rows = db.selectFrom('ledger_tiles').selectAll().where('level', '=', level).where('position', 'in', batch)
      for (const { position, hashes } of await rows.execute())
        tiles.push({ level, position: Number(position), hashes: new Uint8Array(hashes) })
    })
  }
  return tiles
}

/** The entries with numbers in [from, to), in order. */
export async function entriesBetween(db: EstateDb, from: number, to: number): Promise<LedgerEntry[]> {
  const rows = db.selectFrom('ledger_entries').selectAll().where('number', '>=', from).where('number', '<', to)
  return (await rows.orderBy('number').execute()).map(ledgerEntry)
}

/** The same for readers of the whole log: thousands of rows at a time made one text (rows.ts). */
export async function entriesInBulk(db: EstateDb, from: number, to: number): Promise<LedgerEntry[]> {
  const rows = db.selectFrom('ledger_entries').selectAll().where('number', '>=', from).where('number', '<', to)
  const found = await inBulk<[number, string, string, string, string]>(db, rows, ENTRY_COLUMNS)
  return found
    .map(([number, time, kind, payload, signatures]) => ledgerEntry({ number, time, kind, payload, signatures }))
    .sort((a, b) => a.number - b.number)
}

const ENTRY_COLUMNS = ['number', 'time', 'kind', 'payload', 'signatures']

/** The entries about any of these topics among the first `size`, in order, each once. */
export async function entriesAbout(
  db: EstateDb,
  topics: readonly string[],
  size: number,
  kinds?: readonly PredicateKind[],
): Promise<LedgerEntry[]> {
  const found = new Map<number, LedgerEntry>()
  await inBatches(topics, async (batch) => {
    const rows = db
      .selectFrom('topics')
      .innerJoin('entry_topics', 'entry_topics.topic', 'topics.number')
      .innerJoin('ledger_entries', 'ledger_entries.number', 'entry_topics.entry')
      .selectAll('ledger_entries')
      .where('topics.topic', 'in', batch)
      .where('entry_topics.entry', '<', size)
    const wanted = kinds ? rows.where('ledger_entries.kind', 'in', kinds) : rows
    for (const row of await wanted.execute()) found.set(row.number, ledgerEntry(row))
  })
  return [...found.values()].sort((a, b) => a.number - b.number)
}

/** How many entries there were at the end of `time`: times never go back, so the boundary is found by halving. */
export async function sizeAt(db: EstateDb, time: string): Promise<number> {
  let [from, to] = [0, (await headOf(db))?.size ?? 0]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const entry = db.selectFrom('ledger_entries').select('time').where('number', '=', middle)
    const found = await entry.executeTakeFirst()
    if (found !== undefined && found.time <= time) from = middle + 1
    else to = middle
  }
  return from
}

/** Checkpoints in order of size, from `from` on, at most `count`. */
export function checkpointsFrom(db: EstateDb, from: number, count: number): Promise<{ size: number; note: string }[]> {
  return db
    .selectFrom('ledger_checkpoints')
    .selectAll()
    .where('size', '>=', from)
    .orderBy('size')
    .limit(count)
    .execute()
}

export async function latestCheckpoint(db: EstateDb): Promise<{ size: number; note: string } | null> {
  const latest = db.selectFrom('ledger_checkpoints').selectAll().orderBy('size', 'desc').limit(1)
  return (await latest.executeTakeFirst()) ?? null
}

/** The latest checkpoints, the largest first. */
export function lastCheckpoints(db: EstateDb, count: number): Promise<{ size: number; note: string }[]> {
  return db.selectFrom('ledger_checkpoints').selectAll().orderBy('size', 'desc').limit(count).execute()
}

/** Puts a checkpoint with more signatures in the place of the one of its size. */
export async function replaceCheckpoint(db: EstateDb, { size, note }: { size: number; note: string }): Promise<void> {
  await db.updateTable('ledger_checkpoints').set({ note }).where('size', '=', size).execute()
}

/** Rows of a table. */
export async function rowCount(db: EstateDb, table: 'ledger_entries' | 'entry_topics'): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** Leaves in a tile of level 0, and the bytes of each (tiles.ts of src/ledger). */
const [TILE_LEAVES, LEAF_BYTES] = [256, 32]

/** The leaves that the tree holds for entries with numbers in [from, to). */
export async function leavesBetween(db: EstateDb, from: number, to: number): Promise<Map<number, Uint8Array>> {
  const leaves = new Map<number, Uint8Array>()
  for (let position = Math.floor(from / TILE_LEAVES); position * TILE_LEAVES < to; position++) {
    const [tile] = await tilesAt(db, [{ level: 0, position }])
    if (!tile) continue
    for (let at = 0; (at + 1) * LEAF_BYTES <= tile.hashes.length; at++) {
      const number = position * TILE_LEAVES + at
      if (number >= from && number < to)
        leaves.set(number, tile.hashes.subarray(at * LEAF_BYTES, (at + 1) * LEAF_BYTES))
    }
  }
  return leaves
}

function ledgerEntry({ number, time, kind, payload, signatures }: EntryRow): LedgerEntry {
  return { number, time, kind, signed: { payload, signatures: signaturesIn(signatures) } }
}

/** A damaged row is still told of: it then has no signature. */
function signaturesIn(text: string): Signed['signatures'] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
