import { type RawBuilder, sql } from 'kysely'
import type { ChangeKind } from '../contract/scan.ts'
import type { EstateDb } from './database.ts'
import { inBatches } from './rows.ts'

/** One parent of a relation, with what was measured between the two. */
export interface LineageEdge {
  parent: string
  child: string
  /** False where it is not known which of the two came first. */
  isKnown: boolean
  changes: ChangeKind[]
  status: 'verified' | 'declared' | 'inferred'
  details: Record<string, unknown>
  /** When it was found. */
  since: string
}

interface Row {
  parent: number
  child: number
  known: number
  changes: string
  status: LineageEdge['status']
  details: string
  found_at: string
}

/**
 * All relations by which these models have ancestors, as of a size of the log, in one recursive query; and those of
 * undetermined direction that touch any model on the way.
 */
export async function edgesAbove(db: EstateDb, models: readonly string[], size: number): Promise<LineageEdge[]> {
  const starts: number[] = []
  await inBatches(models, async (batch) => {
    const rows = await db.selectFrom('topics').select('number').where('topic', 'in', batch).execute()
    starts.push(...rows.map(({ number }) => number))
  })
  if (starts.length === 0) return []
  const holds = holding(size)
  const first = sql.join(
    starts.map((number) => sql`select cast(${number} as bigint) as number`),
    sql` union all `,
  )
  const { rows } = await sql<Row>`
    with recursive reached(number) as (
      select number from (${first}) as starts
      union select edges.parent from reached join edges on edges.child = reached.number where edges.known = 1 and ${holds}
    )
    select ${COLUMNS} from reached join edges on edges.child = reached.number
      join relations on relations.number = edges.relation where ${holds}
    union all
    select ${COLUMNS} from reached join edges on edges.parent = reached.number
      join relations on relations.number = edges.relation where edges.known = 0 and ${holds}`.execute(db)
  return edgesFrom(db, rows)
}

/** All relations that held at a size of the log. */
export async function allEdges(db: EstateDb, size: number): Promise<LineageEdge[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from edges join relations on relations.number = edges.relation where ${holding(size)}`.execute(db)
  return edgesFrom(db, rows)
}

const COLUMNS = sql`edges.parent, edges.child, edges.known, relations.changes, relations.status, relations.details, relations.found_at`

function holding(size: number): RawBuilder<unknown> {
  return sql`edges.since <= ${size} and (edges.until is null or edges.until > ${size})`
}

async function edgesFrom(db: EstateDb, rows: readonly Row[]): Promise<LineageEdge[]> {
  const ids = new Map<number, string>()
  const numbers = [...new Set(rows.flatMap(({ parent, child }) => [Number(parent), Number(child)]))]
  await inBatches(numbers, async (batch) => {
    const topics = await db.selectFrom('topics').selectAll().where('number', 'in', batch).execute()
    for (const { number, topic } of topics) ids.set(number, topic)
  })
  const changesIn = remembered((text) => JSON.parse(text) as ChangeKind[])
  const detailsIn = remembered((text) => JSON.parse(text) as Record<string, unknown>)
  return rows.map(({ parent, child, known, changes, status, details, found_at }) => ({
    parent: ids.get(Number(parent))!,
    child: ids.get(Number(child))!,
    isKnown: Number(known) === 1,
    changes: changesIn(changes),
    status,
    details: detailsIn(details),
    since: found_at,
  }))
}

/** Relations by the thousand have a handful of texts between them. */
function remembered<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const value = known.get(text) ?? parse(text)
    if (known.size < 10_000) known.set(text, value)
    return value
  }
}
