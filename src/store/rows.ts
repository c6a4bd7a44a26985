import { sep } from 'node:path'
import {
  type AliasedExpression,
  type Expression,
  type ExpressionBuilder,
  PostgresAdapter,
  type SqlBool,
  sql,
} from 'kysely'
import type { EstateDb } from './database.ts'
import type { EstateTables } from './schema.ts'

/** SQLite takes at most 32,766 values in one statement; rows here have up to 12. */
const ROWS_AT_ONCE = 1_000

/** Runs `work` on a thousand items at a time. */
export async function inBatches<T>(items: readonly T[], work: (batch: T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += ROWS_AT_ONCE) await work(items.slice(at, at + ROWS_AT_ONCE))
}

/** Rows in one text: a few MB. */
const ROWS_A_TEXT = 10_000

/**
 * All rows of a query, the columns in this order, as lists of values. The database puts thousands into one JSON text: handing rows over one by one costs
 * several times what parsing does, and a scan asks for all it knows.
 */
export async function inBulk<T extends unknown[]>(
  db: EstateDb,
  query: { as(alias: 'found'): AliasedExpression<unknown, 'found'> },
  columns: readonly string[],
): Promise<T[]> {
  const values = sql.join(columns.map((column) => sql.ref(column)))
  const list =
    db.getExecutor().adapter instanceof PostgresAdapter
      ? sql`json_agg(json_build_array(${values}))::text`
      : sql`json_group_array(json_array(${values}))`
  const { rows } = await sql<{ list: string }>`
    select ${list} as list
    from (select *, row_number() over () / ${sql.lit(ROWS_A_TEXT)} as part from ${query.as('found')}) as numbered
    group by part order by part`.execute(db)
  return rows.flatMap(({ list }) => JSON.parse(list) as T[])
}

/** Paths at, below, or (archives) inside `root`, as ranges, so that the index on the path serves. */
export function under<T extends keyof EstateTables>(
  eb: ExpressionBuilder<EstateTables, T>,
  column: 'files.path' | 'artifacts.path' | 'sightings.path',
  root: string,
): Expression<SqlBool> {
  const path = sql.ref<string>(column)
  const folder = root.endsWith(sep) ? root : `${root}${sep}`
  const from = (prefix: string) => eb.and([eb(path, '>=', prefix), eb(path, '<', after(prefix))])
  return eb.or([eb(path, '=', root), from(folder), from(`${root}!/`)])
}

/** Whether `path` is at, below or inside `root`. */
export function isUnder(path: string, root: string): boolean {
  const folder = root.endsWith(sep) ? root : `${root}${sep}`
  return path === root || path.startsWith(folder) || path.startsWith(`${root}!/`)
}

/** Programs ask by the ids that they were given; nobody gives a file or a model such a name. */
export const WHOLE_ID = /^blake3:[0-9a-f]{64}$/

/** The least text that is greater than every text starting with `prefix`; its last character is ASCII. */
export function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}
