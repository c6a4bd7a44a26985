import { CommandError } from '../contract/command-error.ts'
import type { Engine } from '../observe/engine.ts'
import { pathLiteral } from './decision-path.ts'

/** A record with more members than this is no decision record. */
const MAX_COLUMNS = 1_000

/**
 * JSON Lines files, every member of the records' top level as a column of text. The names are those of all lines, sorted: a member
 * may be missing from most.
 */
export async function jsonLinesRelation(engine: Engine, files: readonly string[]): Promise<string> {
  const lines = `read_ndjson_objects([${files.map(pathLiteral).join(', ')}])`
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
  return `(SELECT ${columns.join(', ')} FROM ${lines})`
}
