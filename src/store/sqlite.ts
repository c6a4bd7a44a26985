import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, SqliteDialect, sql } from 'kysely'
import Libsql from 'libsql'
import Patient from 'libsql/promise'
import { SQLITE_TYPES } from './column-types.ts'
import {
  type EstateDatabase,
  type EstateDb,
  inTurn,
  isBehind,
  migrateToLatest,
  type Opening,
  PATIENCE_SECONDS,
} from './database.ts'
import { estateBusy, estateDamaged, estateErrorOf } from './estate-error.ts'
import type { EstateTables } from './schema.ts'

/**
 * SQLite's own waiting stops the whole process; so it waits only for moments, and longer waits are done here. Writers of one
 * process, who would stop each other, queue up before they ask (`inTurn`).
 */
const BLOCKING_WAIT_MS = 200

/** Where others are served meanwhile, by the same thread, it hardly waits at all. */
const SHARED_WAIT_MS = 1

/** Short, because a writer that hardly pauses leaves the lock for moments only. */
const RETRY_MS = 2

/** A walk over a large family goes through as many pages as there are relations; SQLite's own 2 MB would read each many times. */
const CACHE_KIB = 64 * 1024

/** Opens `folder`/estate.sqlite, made for its owner only where it is not there yet, and brings its schema up to date. */
export async function openSqlite(
  folder: string,
  { patienceSeconds = PATIENCE_SECONDS, isShared = false }: Opening = {},
): Promise<EstateDatabase> {
  const path = join(folder, 'estate.sqlite')
  const patiently = <T>(work: () => Promise<T>) => inPatience(work, path, patienceSeconds)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const wait = isShared ? SHARED_WAIT_MS : BLOCKING_WAIT_MS
    const connected = await patiently(async () => connect(path, wait, isShared))
    const reading = isShared ? await patiently(async () => connect(path, wait)) : connected
    const database = databaseOver(connected, reading, path, patiently)
    await migrate(database).catch(async (error) => {
      await database.close()
      throw error
    })
    return database
  } catch (error) {
    throw estateErrorOf(error, path)
  }
}

/**
 * What can still be read of a damaged `folder`/estate.sqlite; nothing is written. SQLite does not open a file that is shorter than its
 * header says unless its schema may be written (btree.c, `lockBtree`), which `query_only` then forbids again.
 */
export function openDamagedSqlite(folder: string): EstateDatabase {
  const path = join(folder, 'estate.sqlite')
  const database = new Libsql(path)
  database.pragma('writable_schema = ON')
  database.pragma('query_only = ON')
  database.pragma(`cache_size = -${CACHE_KIB}`)
  const connected = connectedOver(database)
  return {
    ...databaseOver(connected, connected, path, (work) => work()),
    // whatever goes wrong is the damage; without a transaction, which SQLite ends by itself where a page is missing
    read: (work) => work(connected.db).catch((error) => Promise.reject(estateDamaged(path, error))),
    close: () => Promise.resolve(void database.close()),
  }
}

/** The connection as Kysely has it, and what runs a line of SQL to its end on it. */
interface Connected {
  db: EstateDb
  run(line: string): void
  /** Ends a transaction; what was written is on disk when this resolves. */
  commit(): Promise<void>
}

function connect(path: string, wait: number, isShared = false): Connected {
  const database = new Libsql(path)
  try {
    database.pragma(`busy_timeout = ${wait}`)
    database.pragma('journal_mode = WAL')
    // An acknowledged record survives a power cut, not only a crash of the process.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma(`cache_size = -${CACHE_KIB}`)
  } catch (error) {
    database.close()
    throw error
  }
  return connectedOver(database, isShared)
}

/**
 * Where others are served by the same thread, it does not wait for the disk: libsql's other interface, over the same connection, waits in a thread of its own.
 */
function connectedOver(database: Libsql.Database, isShared = false): Connected {
  const db = new Kysely<EstateTables>({ dialect: new SqliteDialect({ database: remembering(database) as never }) })
  const run = (line: string) => void database.exec(line)
  const commit = async () => (isShared ? Patient.prototype.exec.call(database, 'commit') : run('commit'))
  return { db, run, commit }
}

/** Queries are a few hundred texts; those with lists of values come in many lengths, and the long ones seldom again. */
const [MAX_STATEMENTS, MAX_TEXT] = [256, 2_000]

/** The same database, whose statements stay prepared: to prepare one takes as long as most take to run. */
function remembering(database: Libsql.Database) {
  const prepared = new Map<
    string,
    { reader: boolean; all(values: unknown): unknown[]; run(values: unknown): unknown }
  >()
  const prepare = (text: string) => {
    const known = prepared.get(text)
    if (known !== undefined) return known
    const statement = database.prepare(text)
    // one that failed may count as under way until it is collected
    const once =
      <T>(work: (values: unknown) => T) =>
      (values: unknown) => {
        try {
          return work(values)
        } catch (error) {
          prepared.delete(text)
          throw error
        }
      }
    const made = {
      reader: statement.reader,
      all: once((values) => statement.all(values)),
      run: once((values) => statement.run(values)),
    }
    if (text.length > MAX_TEXT) return made
    if (prepared.size >= MAX_STATEMENTS) prepared.delete(prepared.keys().next().value!)
    prepared.set(text, made)
    return made
  }
  return {
    prepare,
    close() {
      prepared.clear()
      database.close()
    },
  }
}

/** Estates opened in this process, by which their readers are told apart. */
let connections = 0

type Patiently = <T>(work: () => Promise<T>) => Promise<T>

function databaseOver(writing: Connected, reading: Connected, path: string, patiently: Patiently): EstateDatabase {
  const converting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await patiently(work)
    } catch (error) {
      throw estateErrorOf(error, path)
    }
  }
  const number = connections++
  let watching: Watcher | null = null
  return {
    path,
    kind: 'sqlite',
    version: () =>
      converting(async () => {
        watching ??= watcherOf(path)
        return watching.version()
      }),
    // one connection serves one at a time, and of many who wait Kysely takes any: whoever came first would wait longest
    read: (work) => inTurn(`${path} read ${number}`, () => converting(() => inTransaction(reading, 'begin', work))),
    write: (work) => inTurn(path, () => converting(() => inTransaction(writing, 'begin immediate', work))),
    async close() {
      watching?.close()
      if (reading !== writing) await reading.db.destroy()
      await close(writing.db)
    },
  }
}

interface Watcher {
  version(): string
  close(): void
}

/**
 * A connection of its own that neither writes nor holds a transaction open: SQLite then tells it of every commit of any other, in this process or another
 * (https://www.sqlite.org/pragma.html#pragma_data_version).
 */
function watcherOf(path: string): Watcher {
  const database = new Libsql(path)
  const statement = database.prepare('pragma data_version')
  return {
    version: () => String((statement.get() as { data_version: number }).data_version),
    close: () => void database.close(),
  }
}

/** Brings everything into the one file, so that a copy of it is whole; when another process reads, the last one does. */
async function close(db: EstateDb): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => {})
  await db.destroy()
}

/**
 * To write IMMEDIATE, because a transaction that starts as a reader cannot wait for its turn to write. Not as a prepared statement: one
 * that finds the database locked counts as under way until it is collected, and no later commit succeeds beside it.
 */
function inTransaction<T>(
  { db, run, commit }: Connected,
  begin: 'begin' | 'begin immediate',
  work: (db: EstateDb) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (connection) => {
    run(begin)
    try {
      const result = await work(connection)
      await commit()
      return result
    } catch (error) {
      try {
        run('rollback')
      } catch {
        // SQLite may have rolled back by itself (a full disk, a page that is missing); the first error is the one to tell
      }
      throw error
    }
  })
}

async function inPatience<T>(work: () => Promise<T>, path: string, seconds: number): Promise<T> {
  const deadline = performance.now() + seconds * 1_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() > deadline) throw estateBusy(path, seconds)
      await sleep(RETRY_MS)
    }
  }
}

function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')
}

async function migrate(database: EstateDatabase): Promise<void> {
  const done = await database.read(migrationsDone)
  if (!isBehind(done, SQLITE_TYPES, database.path)) return
  // another process may have done it while this one waited for its turn
  await database.write(async (db) => migrateToLatest(db, await migrationsDone(db), SQLITE_TYPES))
}

async function migrationsDone(db: EstateDb): Promise<string[]> {
  const table = await sql`select 1 from sqlite_master where name = 'kysely_migration'`.execute(db)
  if (table.rows.length === 0) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map((row) => row.name)
}

/** More lines say no more than that the file is beyond repair. */
const MAX_DAMAGES = 20

/** What SQLite's own check finds: pages that do not fit together, rows that an index does not know. */
export async function damages(database: EstateDatabase): Promise<string[]> {
  const lines = await database.read(async (db) => {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(${sql.lit(MAX_DAMAGES)})`.execute(db)
    return rows.map((row) => row.integrity_check)
  })
  return lines
    .filter((line) => line !== 'ok')
    .flatMap((line) => line.split('\n'))
    .slice(0, MAX_DAMAGES)
}
