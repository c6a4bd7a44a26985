import { sql } from 'kysely'
import type { EstateDb } from './database.ts'
import { inBatches } from './rows.ts'

/** An edge between two models, by the numbers of their topics. */
interface Edge {
  relation: number
  parent: number
  child: number
  known: number
}

/** How a model was reached from the focus: by one way only, or by turns. */
export type Side = 'focus' | 'ancestor' | 'descendant' | 'relative'

export interface NearModel {
  id: string
  distance: number
  side: Side
  /** Neighbours that are not among the models given. */
  collapsed: number
}

/** An edge as a graph shows it. */
export interface NearEdge {
  relation: number
  parent: string
  child: string
  /** JSON text. */
  changes: string
  direction: 'known' | 'undetermined'
  status: 'verified' | 'declared' | 'inferred'
  similarity: number
  p: number | null
  weight: number | null
}

export interface Neighbourhood {
  models: NearModel[]
  edges: NearEdge[]
  /** Models within the depth that the limit left out. */
  omitted: number
}

interface Reached {
  distance: number
  side: Side
}

/** The models at most `depth` relations away, the nearest `limit` of them, and every relation among those. */
export async function neighbourhood(
  db: EstateDb,
  start: string,
  depth: number,
  limit: number,
): Promise<Neighbourhood | null> {
  const topic = await db.selectFrom('topics').select('number').where('topic', '=', start).executeTakeFirst()
  if (!topic) return null
  const reached = new Map<number, Reached>([[topic.number, { distance: 0, side: 'focus' }]])
  const left = new Set<number>()
  let front = [topic.number]
  for (let distance = 1; distance <= depth && front.length > 0; distance++) {
    const fresh = new Map<number, Side>()
    for (const { from, to, side } of stepsFrom(await edgesAt(db, front), new Set(front), reached))
      if (!reached.has(to) && !left.has(to)) fresh.set(to, sideOver(reached.get(from)!.side, side, fresh.get(to)))
    const order = [...fresh].sort(([a, x], [b, y]) => RANK[x] - RANK[y] || a - b)
    const room = Math.max(0, limit - reached.size)
    for (const [number] of order.slice(room)) left.add(number)
    const taken = order.slice(0, room)
    for (const [number, side] of taken) reached.set(number, { distance, side })
    front = taken.map(([number]) => number)
  }
  return { ...(await described(db, reached)), omitted: left.size }
}

/** Where there is room for some only, what a model was made from comes first. */
const RANK: Record<Side, number> = { focus: 0, ancestor: 1, descendant: 2, relative: 3 }

function* stepsFrom(
  edges: readonly Edge[],
  front: ReadonlySet<number>,
  reached: ReadonlyMap<number, Reached>,
): Generator<{ from: number; to: number; side: Side }> {
  for (const { parent, child, known } of edges) {
    if (front.has(parent) && reached.has(parent))
      yield { from: parent, to: child, side: known ? 'descendant' : 'relative' }
    if (front.has(child) && reached.has(child)) yield { from: child, to: parent, side: known ? 'ancestor' : 'relative' }
  }
}

/** The better of two ways to one model. */
function sideOver(from: Side, step: Side, before: Side | undefined): Side {
  const side = from === 'focus' || from === step ? step : 'relative'
  return before === undefined || RANK[side] < RANK[before] ? side : before
}

async function edgesAt(db: EstateDb, numbers: readonly number[]): Promise<Edge[]> {
  const edges: Edge[] = []
  await inBatches(numbers, async (batch) => {
    for (const end of ['parent', 'child'] as const) {
      const rows = db
        .selectFrom('edges')
        .select(['relation', 'parent', 'child', 'known'])
        .where('until', 'is', null)
        .where(end, 'in', batch)
      edges.push(...(await rows.execute()))
    }
  })
  return edges
}

async function described(db: EstateDb, reached: ReadonlyMap<number, Reached>): Promise<Omit<Neighbourhood, 'omitted'>> {
  const numbers = [...reached.keys()]
  const ids = await idsOf(db, numbers)
  const degrees = await degreesOf(db, numbers)
  const inner = [...reached.keys()].length === 1 ? [] : await edgesWithin(db, numbers, reached)
  const neighbours = new Map<number, Set<number>>(numbers.map((number) => [number, new Set()]))
  for (const { parent, child } of inner) {
    neighbours.get(parent)?.add(child)
    neighbours.get(child)?.add(parent)
  }
  return {
    models: [...reached].flatMap(([number, { distance, side }]) => {
      const id = ids.get(number)
      if (id === undefined) return []
      return [{ id, distance, side, collapsed: (degrees.get(number) ?? 0) - neighbours.get(number)!.size }]
    }),
    edges: await shownEdges(db, inner, ids),
  }
}

/** Edges of which both ends are there, each once. */
async function edgesWithin(db: EstateDb, numbers: readonly number[], reached: ReadonlyMap<number, unknown>) {
  const within: Edge[] = []
  await inBatches(numbers, async (batch) => {
    const rows = db
      .selectFrom('edges')
      .select(['relation', 'parent', 'child', 'known'])
      .where('until', 'is', null)
      .where('child', 'in', batch)
    for (const edge of await rows.execute()) if (reached.has(edge.parent)) within.push(edge)
  })
  return within
}

/** How many other models each has a relation with. */
async function degreesOf(db: EstateDb, numbers: readonly number[]): Promise<Map<number, number>> {
  const degrees = new Map<number, number>()
  await inBatches(numbers, async (batch) => {
    const ends = sql.join(batch)
    const { rows } = await sql<{ number: number; degree: number }>`
      select number, count(*) as degree from (
        select parent as number, child as other from edges where until is null and parent in (${ends})
        union
        select child as number, parent as other from edges where until is null and child in (${ends})
      ) as ends group by number`.execute(db)
    for (const { number, degree } of rows) degrees.set(Number(number), Number(degree))
  })
  return degrees
}

async function shownEdges(db: EstateDb, edges: readonly Edge[], ids: ReadonlyMap<number, string>): Promise<NearEdge[]> {
  const shown: NearEdge[] = []
  await inBatches(edges, async (batch) => {
    const numbers = [...new Set(batch.map(({ relation }) => relation))]
    const rows = db
      .selectFrom('relations')
      .select(['number', 'changes', 'direction', 'status', 'similarity', 'p'])
      .where('number', 'in', numbers)
    const relations = new Map((await rows.execute()).map(({ number, ...rest }) => [number, rest]))
    const parents = db
      .selectFrom('relation_parents')
      .select(['relation', 'parent', 'weight'])
      .where('relation', 'in', numbers)
    const weights = new Map(
      (await parents.execute()).map(({ relation, parent, weight }) => [`${relation} ${parent}`, weight]),
    )
    for (const { relation, parent, child } of batch) {
      const [from, to] = [ids.get(parent), ids.get(child)]
      const found = relations.get(relation)
      if (from === undefined || to === undefined || !found) continue
      shown.push({ relation, parent: from, child: to, ...found, weight: weights.get(`${relation} ${from}`) ?? null })
    }
  })
  return shown
}

async function idsOf(db: EstateDb, numbers: readonly number[]): Promise<Map<number, string>> {
  const ids = new Map<number, string>()
  await inBatches(numbers, async (batch) => {
    const rows = db.selectFrom('topics').selectAll().where('number', 'in', batch)
    for (const { number, topic } of await rows.execute()) ids.set(number, topic)
  })
  return ids
}

/** The shortest way between two models along relations, whichever way they point; null where there is none. */
export async function pathBetween(
  db: EstateDb,
  from: string,
  to: string,
): Promise<{ ids: string[]; edges: NearEdge[] } | null> {
  const rows = db.selectFrom('topics').selectAll().where('topic', 'in', [from, to])
  const numbers = new Map((await rows.execute()).map(({ topic, number }) => [topic, number]))
  const [start, end] = [numbers.get(from), numbers.get(to)]
  if (start === undefined || end === undefined) return null
  const way = await shortest(db, start, end)
  if (way === null) return null
  const ids = await idsOf(db, way)
  const isStep = new Set(way.slice(1).flatMap((number, at) => [`${way[at]} ${number}`, `${number} ${way[at]}`]))
  const among = await edgesWithin(db, way, new Map(way.map((number) => [number, true])))
  const edges = await shownEdges(
    db,
    among.filter(({ parent, child }) => isStep.has(`${parent} ${child}`)),
    ids,
  )
  return { ids: way.flatMap((number) => ids.get(number) ?? []), edges }
}

/** From both ends at once, always from the smaller front: a hub on the way is gone through once at most. */
async function shortest(db: EstateDb, start: number, end: number): Promise<number[] | null> {
  if (start === end) return [start]
  const before = [
    new Map<number, number | null>([[start, null]]),
    new Map<number, number | null>([[end, null]]),
  ] as const
  const fronts: [number[], number[]] = [[start], [end]]
  while (fronts[0].length > 0 && fronts[1].length > 0) {
    const side = fronts[0].length <= fronts[1].length ? 0 : 1
    const [mine, other] = side === 0 ? before : [before[1], before[0]]
    const front = new Set(fronts[side])
    const next: number[] = []
    for (const { parent, child } of await edgesAt(db, fronts[side]))
      for (const [from, to] of [
        [parent, child],
        [child, parent],
      ] as const) {
        if (!front.has(from) || mine.has(to)) continue
        mine.set(to, from)
        next.push(to)
        if (other.has(to)) return [...wayTo(before[0], to).reverse(), ...wayTo(before[1], to).slice(1)]
      }
    fronts[side] = next
  }
  return null
}

function wayTo(before: ReadonlyMap<number, number | null>, end: number): number[] {
  const way: number[] = []
  for (let at: number | null | undefined = end; at !== null && at !== undefined; at = before.get(at)) way.push(at)
  return way
}
