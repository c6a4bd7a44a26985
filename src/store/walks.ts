import { type RawBuilder, sql } from 'kysely'
import type { EstateDb } from './database.ts'
import type { KnownRelation } from './records.ts'
import { relationsNumbered } from './relations.ts'
import { inBatches } from './rows.ts'

/** Towards what a model was made from, towards what was made from it, or along relations of undetermined direction. */
export type Way = 'ancestors' | 'descendants' | 'relatives'

/** Every model that a way leads to, each once. */
export interface Walk {
  /** Nearest first, at one distance in the order of their ids; with the relation by which each was reached. */
  steps: { model: string; relation: KnownRelation }[]
  /** Models that are further away than the steps go: ids only. */
  more: string[]
}

interface Edge {
  relation: number
  from: number
  to: number
}

/** Models reached from `start` by relations that held when the log had `size` entries; at least `limit` steps if there are as many. */
export async function walk(db: EstateDb, start: string, size: number, way: Way, limit: number): Promise<Walk> {
  const topic = await db.selectFrom('topics').select('number').where('topic', '=', start).executeTakeFirst()
  if (!topic) return { steps: [], more: [] }
  const seen = new Set([topic.number])
  const reached: Edge[] = []
  let front = [topic.number]
  while (front.length > 0 && reached.length < limit) {
    const found = await nextOf(db, front, size, way)
    const fresh = found.filter(({ to }) => !seen.has(to) && seen.add(to))
    reached.push(...fresh)
    front = fresh.map(({ to }) => to)
  }
  const more = front.length > 0 ? await furtherModels(db, topic.number, size, way, seen) : []
  return { steps: await stepsOf(db, reached), more }
}

async function nextOf(db: EstateDb, front: readonly number[], size: number, way: Way): Promise<Edge[]> {
  const edges: Edge[] = []
  await inBatches(front, async (batch) => {
    if (way !== 'ancestors') edges.push(...(await edgesFrom(db, batch, size, way, 'parent', 'child')))
    if (way !== 'descendants') edges.push(...(await edgesFrom(db, batch, size, way, 'child', 'parent')))
  })
  const ids = await topicsOf(
    db,
    edges.map(({ to }) => to),
  )
  const order = new Map(front.map((number, at) => [number, at]))
  return edges.sort(
    (a, b) =>
      order.get(a.from)! - order.get(b.from)! || compare(ids.get(a.to)!, ids.get(b.to)!) || a.relation - b.relation,
  )
}

async function edgesFrom(
  db: EstateDb,
  batch: number[],
  size: number,
  way: Way,
  from: 'parent' | 'child',
  to: 'parent' | 'child',
): Promise<Edge[]> {
  const rows = db
    .selectFrom('edges')
    .select(['relation', `${from} as from`, `${to} as to`])
    .where(from, 'in', batch)
    .where('known', '=', way === 'relatives' ? 0 : 1)
    .where('since', '<=', size)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', size)]))
  return rows.execute()
}

async function topicsOf(db: EstateDb, numbers: readonly number[]): Promise<Map<number, string>> {
  const topics = new Map<number, string>()
  await inBatches([...new Set(numbers)], async (batch) => {
    const rows = await db.selectFrom('topics').selectAll().where('number', 'in', batch).execute()
    for (const { number, topic } of rows) topics.set(number, topic)
  })
  return topics
}

async function stepsOf(db: EstateDb, edges: readonly Edge[]): Promise<Walk['steps']> {
  const relations = await relationsNumbered(db, [...new Set(edges.map(({ relation }) => relation))])
  const ids = await topicsOf(
    db,
    edges.map(({ to }) => to),
  )
  return edges.map(({ relation, to }) => ({ model: ids.get(to)!, relation: relations.get(relation)! }))
}

/** Characters of a model id: `blake3:` and 64 digits. */
const ID_LENGTH = 71

/** Rows made one text: a million rows one by one take longer to hand over than to find. */
const ROWS_IN_ONE = 20_000

/**
 * The rest of the closure, in the order in which its models became known: their numbers in one recursive query, then the ids
 * of all models in between, both joined into long texts that are cut apart here. Looking up each id takes twice as long.
 */
async function furtherModels(
  db: EstateDb,
  start: number,
  size: number,
  way: Way,
  seen: ReadonlySet<number>,
): Promise<string[]> {
  const numbers = (await reachedNumbers(db, start, size, way)).filter((number) => !seen.has(number))
  const last = numbers.reduce((most, number) => Math.max(most, number), 0)
  const wanted = new Uint8Array(last + 1)
  for (const number of numbers) wanted[number] = 1
  const more: string[] = []
  for (const { ids, numbers } of await modelTopics(db, last))
    numbers.split(',').forEach((number, at) => {
      if (wanted[Number(number)] === 1) more.push(ids.slice(at * ID_LENGTH, (at + 1) * ID_LENGTH))
    })
  return more
}

async function reachedNumbers(db: EstateDb, start: number, size: number, way: Way): Promise<number[]> {
  const { rows } = await sql<{ numbers: string }>`
    with recursive reached(number) as (
      select cast(${start} as bigint) union ${stepFrom(size, way)}
    )
    select ${joined(db, 'number', ',')} as numbers from reached group by number / ${sql.lit(ROWS_IN_ONE)}`.execute(db)
  return rows.flatMap(({ numbers }) => numbers.split(',').map(Number))
}

async function modelTopics(db: EstateDb, last: number): Promise<{ ids: string; numbers: string }[]> {
  const group = sql`number / ${sql.lit(ROWS_IN_ONE)}`
  const { rows } = await sql<{ ids: string; numbers: string }>`
    select ${joined(db, 'topic', '')} as ids, ${joined(db, 'number', ',')} as numbers from topics
    where number <= ${last} and substr(topic, 1, 7) = 'blake3:' group by ${group} order by ${group}`.execute(db)
  return rows
}

function stepFrom(size: number, way: Way): RawBuilder<unknown> {
  const holds = sql`edges.known = ${sql.lit(way === 'relatives' ? 0 : 1)} and edges.since <= ${size}
    and (edges.until is null or edges.until > ${size})`
  if (way === 'descendants')
    return sql`select edges.child from reached join edges on edges.parent = reached.number where ${holds}`
  if (way === 'ancestors')
    return sql`select edges.parent from reached join edges on edges.child = reached.number where ${holds}`
  return sql`select case when edges.parent = reached.number then edges.child else edges.parent end
    from reached join edges on edges.parent = reached.number or edges.child = reached.number where ${holds}`
}

function joined(db: EstateDb, column: string, separator: string): RawBuilder<string> {
  const isPostgres = db.getExecutor().adapter.supportsTransactionalDdl
  return isPostgres
    ? sql`string_agg(${sql.ref(column)}::text, ${sql.lit(separator)})`
    : sql`group_concat(${sql.ref(column)}, ${sql.lit(separator)})`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
