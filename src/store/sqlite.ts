import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, SqliteDialect, sql } from 'kysely'
import Libsql from 'libsql'
import { SQLITE_TYPES } from './column-types.ts'
import { type EstateDatabase, type EstateDb, isBehind, migrateToLatest, PATIENCE_SECONDS } from './database.ts'
import { estateBusy, estateErrorOf } from './estate-error.ts'
import type { EstateTables } from './schema.ts'

/**
 * SQLite's own waiting stops the whole process, and with it a writer of the same process; so it waits only for the
 * moments that locks of opening take, and longer waits are done here.
 */
const BLOCKING_WAIT_MS = 200

const RETRY_MS = 25

/** A walk over a large family goes through as many pages as there are relations; SQLite's own 2 MB would read each many times. */
const CACHE_KIB = 64 * 1024

/** Opens `folder`/estate.sqlite, made for its owner only where it is not there yet, and brings its schema up to date. */
export async function openSqlite(folder: string, patienceSeconds = PATIENCE_SECONDS): Promise<EstateDatabase> {
  const path = join(folder, 'estate.sqlite')
  const patiently = <T>(work: () => Promise<T>) => inPatience(work, path, patienceSeconds)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const db = await patiently(async () => connect(path))
    const database = databaseOver(db, path, patiently)
    await migrate(database).catch(async (error) => {
      await database.close()
      throw error
    })
    return database
  } catch (error) {
    throw estateErrorOf(error, path)
  }
}

function connect(path: string): EstateDb {
  const database = new Libsql(path)
  try {
    database.pragma(`busy_timeout = ${BLOCKING_WAIT_MS}`)
    database.pragma('journal_mode = WAL')
    // An acknowledged record survives a power cut, not only a crash of the process.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma(`cache_size = -${CACHE_KIB}`)
  } catch (error) {
    database.close()
    throw error
  }
  return new Kysely<EstateTables>({ dialect: new SqliteDialect({ database: database as never }) })
}

type Patiently = <T>(work: () => Promise<T>) => Promise<T>

function databaseOver(db: EstateDb, path: string, patiently: Patiently): EstateDatabase {
  const converting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await patiently(work)
    } catch (error) {
      throw estateErrorOf(error, path)
    }
  }
  return {
    path,
    kind: 'sqlite',
    read: (work) => converting(() => db.transaction().execute(work)),
    write: (work) => converting(() => inTransaction(db, work)),
    close: () => close(db),
  }
}

/** Brings everything into the one file, so that a copy of it is whole; when another process reads, the last one does. */
async function close(db: EstateDb): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => {})
  await db.destroy()
}

/** IMMEDIATE, because a transaction that starts as a reader cannot wait for its turn to write. */
function inTransaction<T>(db: EstateDb, work: (db: EstateDb) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection)
    try {
      const result = await work(connection)
      await sql`commit`.execute(connection)
      return result
    } catch (error) {
      // SQLite may have rolled back by itself (a full disk); the first error is the one to tell.
      await sql`rollback`.execute(connection).catch(() => {})
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
