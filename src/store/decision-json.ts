import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { CommandError } from '../contract/command-error.ts'
import type { Engine } from '../observe/engine.ts'
import { pathLiteral } from './decision-path.ts'

/** A record with more members than this is no decision record. */
const MAX_COLUMNS = 1_000

/** A last line longer than this is none that a crash cut off. */
const TAIL_BYTES = 1 << 20

export interface JsonLines {
  relation: string
  /** Last lines that a crash of the writer cut off: never acknowledged, so not part of the log. */
  torn: number
}

/**
 * JSON Lines files, every member of the records' top level as a column of text. The names are those of all lines, sorted: a member
 * may be missing from most.
 */
export async function jsonLinesRelation(engine: Engine, files: readonly string[]): Promise<JsonLines> {
  const { lines, torn } = await linesOf(engine, files)
  const rows = await engine.query(
    `SELECT DISTINCT UNNEST(json_keys(json)) AS name FROM ${lines} ORDER BY name LIMIT ${MAX_COLUMNS + 1}`,
  )
  if (rows.length === 0) throw new CommandError({ code: 'empty-log', path: files[0]! })
  if (rows.length > MAX_COLUMNS)
    throw new CommandError({
      code: 'malformed-log',
      path: files[0]!,
      row: 0,
      reason: `more than ${MAX_COLUMNS} members`,
    })
  const columns = rows.map((row) => {
    const name = String(row['name'])
    const member = `$."${name.replaceAll('"', '\\"')}"`.replaceAll("'", "''")
    return `json->>'${member}' AS "${name.replaceAll('"', '""')}"`
  })
  return { relation: `(SELECT ${columns.join(', ')} FROM ${lines})`, torn }
}

/** Only a last line without its end may be passed over; any other broken line is refused by the strict reading. */
async function linesOf(engine: Engine, files: readonly string[]): Promise<{ lines: string; torn: number }> {
  const list = `[${files.map(pathLiteral).join(', ')}]`
  const strict = `read_ndjson_objects(${list})`
  const torn = files.filter(isTorn).length
  if (torn === 0) return { lines: strict, torn }
  const lenient = `read_ndjson_objects(${list}, ignore_errors=true)`
  const [row] = await engine.query(`SELECT COUNT(*) FILTER (WHERE json IS NULL) AS broken FROM ${lenient}`)
  if (Number(row?.['broken']) > torn) return { lines: strict, torn: 0 }
  return { lines: `(SELECT json FROM ${lenient} WHERE json IS NOT NULL)`, torn }
}

function isTorn(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
    readSync(file, tail, 0, tail.length, size - tail.length)
    const last = tail.subarray(tail.lastIndexOf(10) + 1).toString('utf8')
    return last.trim() !== '' && !isJson(last)
  } finally {
    closeSync(file)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
