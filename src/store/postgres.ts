import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Pool } from 'pg'
import { POSTGRES_TYPES } from './column-types.ts'
import {
  type EstateDatabase,
  type EstateDb,
  inTurn,
  isBehind,
  migrateToLatest,
  type Opening,
  PATIENCE_SECONDS,
} from './database.ts'
import { estateBusy, postgresErrorOf } from './estate-error.ts'
import type { EstateTables } from './schema.ts'

/** Connections of one process: it does one thing at a time, beside a reader now and then. */
const CONNECTIONS = 4

/** Of one that many ask at once: more would wait for the database's processors instead of here. */
const SHARED_CONNECTIONS = 12

const CONNECT_MS = 10_000

/** Any number will do as long as every writer takes the same; estates of one database wait for each other. */
const WRITERS_LOCK = 0x79756b7565

/** PostgreSQL's types by number: 64-bit integers come as text, because some do not fit; here all are below 2⁵³. */
const INT8 = 20

/** Whether an estate is named by the address of a database, not by a folder. */
export function isPostgresUrl(location: string): boolean {
  return /^postgres(ql)?:\/\//i.test(location)
}

/** Opens the estate in a PostgreSQL database and brings its schema up to date. */
export async function openPostgres(
  url: string,
  { patienceSeconds = PATIENCE_SECONDS, isShared = false }: Opening = {},
): Promise<EstateDatabase> {
  const path = withoutPassword(url)
  const pool = await poolOf(url, isShared ? SHARED_CONNECTIONS : CONNECTIONS)
  const db = new Kysely<EstateTables>({ dialect: new PostgresDialect({ pool }) })
  const database = databaseOver(db, path, patienceSeconds)
  try {
    if (isBehind(await database.read(migrationsDone), POSTGRES_TYPES, path))
      // another process may have done it while this one waited for its turn
      await database.write(async (writing) => migrateToLatest(writing, await migrationsDone(writing), POSTGRES_TYPES))
    return database
  } catch (error) {
    await database.close()
    throw postgresErrorOf(error, path)
  }
}

/** Loaded here, so that whoever uses SQLite does not pay for it. */
async function poolOf(url: string, connections: number): Promise<Pool> {
  const { default: pg } = await import('pg')
  const getTypeParser = (oid: number, format?: 'text') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text')
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    types: { getTypeParser: getTypeParser as never },
  })
  // A connection that breaks while nobody uses it is replaced; without this the process would end.
  pool.on('error', () => {})
  return pool
}

/** As it may be shown: an address can hold a password. */
function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url)
    return `postgres://${parsed.host}${parsed.pathname}`
  } catch {
    return 'postgres://…'
  }
}

function databaseOver(db: EstateDb, path: string, patienceSeconds: number): EstateDatabase {
  const converting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (isBusy(error)) throw estateBusy(path, patienceSeconds)
      throw postgresErrorOf(error, path)
    }
  }
  return {
    path,
    kind: 'postgres',
    read: (work) => converting(() => db.transaction().setIsolationLevel('repeatable read').execute(work)),
    write: (work) => inTurn(path, () => converting(() => inTransaction(db, patienceSeconds, work))),
    version: () => converting(() => snapshotOf(db)),
    close: () => db.destroy(),
  }
}

/** Which transactions are visible: the same text, the same rows. Those that only read have no number of their own. */
async function snapshotOf(db: EstateDb): Promise<string> {
  const { rows } = await sql<{ snapshot: string }>`select pg_current_snapshot()::text as snapshot`.execute(db)
  return rows[0]!.snapshot
}

function inTransaction<T>(db: EstateDb, patienceSeconds: number, work: (db: EstateDb) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`begin`.execute(connection)
    try {
      await sql`select set_config('lock_timeout', ${`${Math.ceil(patienceSeconds * 1_000)}`}, true)`.execute(connection)
      await sql`select pg_advisory_xact_lock(${WRITERS_LOCK})`.execute(connection)
      const result = await work(connection)
      await sql`commit`.execute(connection)
      return result
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => {})
      throw error
    }
  })
}

/** lock_not_available */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'
}

async function migrationsDone(db: EstateDb): Promise<string[]> {
  const { rows } = await sql<{ there: string | null }>`select to_regclass('kysely_migration')::text as there`.execute(
    db,
  )
  if (rows[0]?.there == null) return []
  const done = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return done.rows.map((row) => row.name)
}
