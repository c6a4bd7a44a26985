import { CommandError } from '../contract/command-error.ts'
import type { Engine, Row } from '../observe/engine.ts'

/** The aggregates of 50 million rows fit in a quarter of it; the rest of 2 GiB is for the process. */
const MEMORY_LIMIT = '1200MB'

/**
 * DuckDB in this process: loaded when first needed (200 ms), in memory, without its network: extensions are neither fetched nor
 * loaded, so that a log cannot make it reach outside.
 *
 * @param database a DuckDB file to read, or null for none
 */
export async function openDuckdb(database: string | null): Promise<Engine> {
  const { DuckDBInstance } = await import('@duckdb/node-api').catch((error: unknown) => {
    throw new CommandError({ code: 'engine-missing', name: '@duckdb/node-api', reason: String(error) })
  })
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY_LIMIT,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  if (database !== null) await connection.run(`ATTACH '${database.replaceAll("'", "''")}' AS log (READ_ONLY)`)
  return {
    async query(sql) {
      const result = await connection.runAndReadAll(sql)
      return result.getRowObjectsJS().map(plainRow)
    },
    async close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function plainRow(row: Record<string, unknown>): Row {
  const plain: Record<string, string | number | boolean | null> = {}
  for (const [name, value] of Object.entries(row)) plain[name] = plainValue(value)
  return plain
}

function plainValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value === null || value === undefined ? null : String(value)
}
