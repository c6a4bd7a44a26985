import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import type { DecisionLog, Engine, LogColumn } from '../observe/engine.ts'
import { csvRelation } from './decision-csv.ts'
import { jsonLinesRelation } from './decision-json.ts'
import { pathLiteral } from './decision-path.ts'
import { openDuckdb } from './duckdb-engine.ts'
import { type HashedFile, hashFiles } from './hashed-file.ts'
import { locatedError } from './located-error.ts'

/** An open log, what it was read from, and the digest that binds results to it. */
export interface OpenLog {
  log: DecisionLog
  files: HashedFile[]
  digest: string
  /** Last lines of JSON Lines files that a crash cut off. */
  torn: number
}

type Format = 'csv' | 'json' | 'parquet' | 'duckdb'

const FORMATS: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.duckdb': 'duckdb',
  '.db': 'duckdb',
}

/**
 * Opens a decision log: a Parquet, CSV or JSON Lines file, a folder of files of one of these kinds, or a table of a DuckDB file.
 *
 * @throws CommandError when it is none of these, or not in order
 */
export async function openLog(path: string, table: string | null): Promise<OpenLog> {
  const files = filesAt(path)
  const format = formatOf(files, path)
  if (format === 'duckdb' && table === null)
    throw new CommandError({ code: 'option-needed', option: '--table', because: path })
  const engine = await openDuckdb(format === 'duckdb' ? files[0]! : null).catch((error: unknown) => {
    throw locatedError(error, path, files)
  })
  return logIn(engine, path, files, format, table)
}

/** Opens two logs in one engine, so that their rows can be paired; closing either closes both. */
export async function openLogPair(first: string, second: string): Promise<[OpenLog, OpenLog]> {
  const parts = [first, second].map((path) => {
    const files = filesAt(path)
    const format = formatOf(files, path)
    if (format === 'duckdb') throw new CommandError({ code: 'unknown-log-format', path })
    return { path, files, format }
  })
  const engine = await openDuckdb(null)
  const [a, b] = parts as [(typeof parts)[0], (typeof parts)[0]]
  return [await logIn(engine, a.path, a.files, a.format, null), await logIn(engine, b.path, b.files, b.format, null)]
}

async function logIn(
  engine: Engine,
  path: string,
  files: string[],
  format: Format,
  table: string | null,
): Promise<OpenLog> {
  try {
    const { relation, torn } = await relationOf(engine, format, files, table)
    const columns = await columnsOf(engine, relation)
    const { hashed, digest } = await hashFiles(files)
    return { log: { name: path, relation, columns, engine: guarded(engine, path, files) }, files: hashed, digest, torn }
  } catch (error) {
    await engine.close()
    throw locatedError(error, path, files)
  }
}

function filesAt(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new CommandError({ code: 'no-such-path', path })
  if (!found.isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => FORMATS[extname(name).toLowerCase()] !== undefined)
    .sort()
    .map((name) => join(path, name))
}

function formatOf(files: string[], path: string): Format {
  const formats = new Set(files.map((file) => FORMATS[extname(file).toLowerCase()]))
  const [format] = formats
  if (format === undefined || formats.size > 1 || (format === 'duckdb' && files.length > 1))
    throw new CommandError({ code: 'unknown-log-format', path })
  return format
}

async function relationOf(
  engine: Engine,
  format: Format,
  files: string[],
  table: string | null,
): Promise<{ relation: string; torn: number }> {
  switch (format) {
    case 'csv':
      return { relation: csvRelation(files), torn: 0 }
    case 'json':
      return jsonLinesRelation(engine, files)
    case 'parquet':
      return { relation: `read_parquet([${files.map(pathLiteral).join(', ')}])`, torn: 0 }
    case 'duckdb': {
      const names = (table ?? '').split('.').map((name) => `"${name.replaceAll('"', '""')}"`)
      return { relation: `log.${names.join('.')}`, torn: 0 }
    }
  }
}

async function columnsOf(engine: Engine, relation: string): Promise<LogColumn[]> {
  const rows = await engine.query(`DESCRIBE SELECT * FROM ${relation}`)
  return rows.map((row) => ({ name: String(row['column_name']), type: typeOf(String(row['column_type'])) }))
}

function typeOf(type: string): LogColumn['type'] {
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'time'
  return type === 'VARCHAR' ? 'text' : 'other'
}

/** The engine, with its errors about the file turned into one that says where. */
function guarded(engine: Engine, path: string, files: string[]): Engine {
  return {
    query: (sql) =>
      engine.query(sql).catch((error: unknown) => {
        throw locatedError(error, path, files)
      }),
    close: () => engine.close(),
  }
}
