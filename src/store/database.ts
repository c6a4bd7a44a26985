import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from './column-types.ts'
import { estateNewer } from './estate-error.ts'
import { migrationsFor } from './migrations.ts'
import type { EstateTables } from './schema.ts'

export type EstateDb = Kysely<EstateTables>

/** The open database, whichever it is; what goes wrong with it comes out as `EstateError`. */
export interface EstateDatabase {
  /** The file, or the address without its password. */
  readonly path: string
  readonly kind: 'sqlite' | 'postgres'
  /** Everything `work` reads is of one moment, whatever another process writes meanwhile. */
  read<T>(work: (db: EstateDb) => Promise<T>): Promise<T>
  /**
   * In one transaction: all of `work`, on disk when this resolves, or nothing. One writer at a time, so that statements are
   * numbered without gaps.
   */
  write<T>(work: (db: EstateDb) => Promise<T>): Promise<T>
  /** Another text after every commit of anyone: while it is the same, so is everything read. */
  version(): Promise<string>
  close(): Promise<void>
}

/** A scan's own writes take seconds; whoever waits longer than this should be told why. */
export const PATIENCE_SECONDS = 30

export interface Opening {
  /** How long to wait for other writers. */
  patienceSeconds?: number
  /** Whoever reads has a connection of its own, and never waits for a write of this process. */
  isShared?: boolean
}

/** The last writer of this process to each database. */
const writers = new Map<string, Promise<unknown>>()

/** After all that this process began to write there before: writers that hold a connection while they wait would starve readers. */
export function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = writers.get(path) ?? Promise.resolve()
  const done = before.then(work, work)
  const settled = done.catch(() => {})
  writers.set(path, settled)
  settled.then(() => {
    if (writers.get(path) === settled) writers.delete(path)
  })
  return done
}

/** Throws `estate-newer` where a step was done that this version does not know; true when steps are to be done. */
export function isBehind(done: readonly string[], types: ColumnTypes, path: string): boolean {
  const migrations = migrationsFor(types)
  const unknown = done.find((name) => !(name in migrations))
  if (unknown !== undefined) throw estateNewer(path, unknown)
  return done.length < Object.keys(migrations).length
}

/**
 * Brings the schema up to date, in the transaction that it is given. Kysely's own migrator looks for its tables in every
 * schema of a PostgreSQL database, and takes those of another estate for this one's; so this keeps its table for it.
 */
export async function migrateToLatest(db: EstateDb, done: readonly string[], types: ColumnTypes): Promise<void> {
  await sql`create table if not exists kysely_migration
    (name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(db)
  for (const [name, { up }] of Object.entries(migrationsFor(types))) {
    if (done.includes(name)) continue
    await up(db)
    await sql`insert into kysely_migration (name, timestamp) values (${name}, ${new Date().toISOString()})`.execute(db)
  }
}
