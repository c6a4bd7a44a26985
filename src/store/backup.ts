import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, rmSync, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { type RawBuilder, sql } from 'kysely'
import type { EstateDatabase, EstateDb } from './database.ts'
import { inBatches } from './rows.ts'
import type { EstateTables } from './schema.ts'

type Table = keyof EstateTables

/** Every table with its key, in an order in which rows find what they refer to; without the caches (glances, kin, sightings), which fill again, and without tokens: who finds a backup is let in nowhere. */
const TABLES: readonly (readonly [Table, readonly string[]])[] = [
  ['files', ['path']],
  ['prints', ['model']],
  ['print_parts', ['model', 'part']],
  ['models', ['id']],
  ['artifacts', ['id']],
  ['artifact_files', ['artifact', 'position']],
  ['relations', ['number']],
  ['relation_parents', ['relation', 'position']],
  ['look_alikes', ['first', 'second']],
  ['scans', ['id']],
  ['ledger_head', ['id']],
  ['ledger_entries', ['number']],
  ['ledger_tiles', ['level', 'position']],
  ['ledger_checkpoints', ['size']],
  ['witnessed', ['origin']],
  ['persons', ['commitment']],
  ['topics', ['number']],
  ['entry_topics', ['topic', 'entry']],
  ['model_names', ['model', 'since']],
  ['edges', ['parent', 'child', 'relation']],
]

const SCHEMA = 'yukue.backup/1'

/** Rows read and written at a time. */
const PAGE = 500

/** A part of a print is 64 MiB, and a third more in base64. */
const MAX_LINE = 512 * 1024 * 1024

/** What is wrong with a backup's file. */
export class BackupError extends Error {}

/**
 * Writes all that the estate holds, as of one moment, to `path`: one line of JSON a row, the same from either database, with
 * the number of lines and the SHA-256 of all before it in the last. Refuses a file that is there. Gives the rows.
 */
export async function backup(database: EstateDatabase, path: string): Promise<number> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  await once(file, 'open')
  const hash = createHash('sha256')
  const write = async (line: unknown) => {
    const text = `${JSON.stringify(line)}\n`
    hash.update(text)
    await writeText(file, text)
  }
  let rows = 0
  try {
    await database.read(async (db) => {
      await write({ schema: SCHEMA })
      for (const [table, key] of TABLES)
        for await (const row of rowsOf(db, table, key)) {
          await write([table, row])
          rows++
        }
    })
    await writeText(file, `${JSON.stringify({ rows, sha256: hash.digest('hex') })}\n`)
    file.end()
    await finished(file)
    return rows
  } catch (error) {
    // half a backup is worse than none
    file.destroy()
    rmSync(path, { force: true })
    throw error
  }
}

async function writeText(file: WriteStream, text: string): Promise<void> {
  if (!file.write(text)) await once(file, 'drain')
}

/** Page by page along the key, so that a table of any length takes the memory of one page. */
async function* rowsOf(db: EstateDb, table: Table, key: readonly string[]): AsyncGenerator<Record<string, unknown>> {
  const columns = sql.join(key.map((column) => sql.ref(column)))
  const page = table === 'print_parts' ? 1 : PAGE
  let after: unknown[] | null = null
  for (;;) {
    const from: RawBuilder<unknown> = after === null ? sql`` : sql`where (${columns}) > (${sql.join(after)})`
    const query: RawBuilder<Record<string, unknown>> = sql<
      Record<string, unknown>
    >`select * from ${sql.table(table)} ${from} order by ${columns} limit ${page}`
    const rows: Record<string, unknown>[] = (await query.execute(db)).rows
    for (const row of rows) yield plain(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return
    after = key.map((column) => last[column])
  }
}

/** Bytes as `{"base64": …}`. */
function plain(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value instanceof ArrayBuffer) return [name, { base64: Buffer.from(value).toString('base64') }]
      if (ArrayBuffer.isView(value))
        return [name, { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }]
      return [name, value]
    }),
  )
}

/** Whether anything has been recorded. */
export async function isEmpty(database: EstateDatabase): Promise<boolean> {
  return database.read(async (db) => {
    for (const table of ['models', 'ledger_entries', 'files'] as const)
      if (await db.selectFrom(table).select(sql`1`.as('one')).limit(1).executeTakeFirst()) return false
    return true
  })
}

/** Puts what `backup` wrote into an empty estate, all or nothing. Throws `BackupError` for a file that is cut short or changed. */
export async function restore(database: EstateDatabase, path: string): Promise<number> {
  return database.write(async (db) => {
    const hash = createHash('sha256')
    const held = new Map<Table, Record<string, unknown>[]>()
    let [rows, isWhole, isFirst] = [0, false, true]
    const flush = async (table: Table) => {
      const batch = held.get(table) ?? []
      held.set(table, [])
      await inBatches(batch, (some) =>
        db
          .insertInto(table)
          .values(some as never)
          .execute(),
      )
    }
    let current: Table | null = null
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: 0 })) {
      if (line.length > MAX_LINE) throw new BackupError('a line is too long')
      const value = parsed(line)
      if (isFirst) {
        if (!isObject(value) || value['schema'] !== SCHEMA) throw new BackupError('it is no backup of this version')
        isFirst = false
      } else if (isObject(value)) {
        isWhole = value['rows'] === rows && value['sha256'] === hash.digest('hex')
        break
      } else {
        const [table, row] = rowIn(value)
        if (table !== current && current !== null) await flush(current)
        current = table
        const batch = held.get(table) ?? []
        batch.push(row)
        held.set(table, batch)
        rows++
        if (batch.length >= PAGE) await flush(table)
      }
      hash.update(`${line}\n`)
    }
    if (!isWhole) throw new BackupError('it is cut short or was changed')
    if (current !== null) await flush(current)
    await continueNumbers(db, database.kind)
    return rows
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new BackupError('a line is no JSON')
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function rowIn(value: unknown): [Table, Record<string, unknown>] {
  const [name, row] = Array.isArray(value) ? value : []
  const table = TABLES.find(([table]) => table === name)?.[0]
  if (table === undefined || !isObject(row)) throw new BackupError('a line is no row of a known table')
  const columns = Object.entries(row).map(([column, content]) => {
    const isBytes = isObject(content) && typeof content['base64'] === 'string'
    return [column, isBytes ? Buffer.from(content['base64'] as string, 'base64') : content]
  })
  return [table, Object.fromEntries(columns)]
}

/** PostgreSQL counts on from where it stood, not from the rows. */
async function continueNumbers(db: EstateDb, kind: EstateDatabase['kind']): Promise<void> {
  if (kind !== 'postgres') return
  await sql`select setval(pg_get_serial_sequence('topics', 'number'), (select coalesce(max(number), 0) + 1 from topics), false)`.execute(
    db,
  )
}
