import { CommandError } from '../contract/command-error.ts'
import type { ExpectedValue } from '../contract/log-fault.ts'
import type { DecisionLog, Row } from './engine.ts'

/**
 * The most rows an aggregate may return. All statistics are made of them, so this bounds memory and time whatever the log's size.
 */
const MAX_ROWS = 100_000

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Refuses a column that the log does not have, and names those it has. */
export function column(log: DecisionLog, name: string): string {
  if (!log.columns.some((known) => known.name === name)) {
    const columns = log.columns.map((known) => known.name).join(', ')
    throw new CommandError({ code: 'no-such-column', path: log.name, column: name, columns })
  }
  return identifier(name)
}

/** The column as text, whatever it is kept as; null where it is empty. */
export function text(log: DecisionLog, name: string): string {
  return `NULLIF(CAST(${column(log, name)} AS VARCHAR), '')`
}

/** The column as a number; null where it is none. */
export function number(log: DecisionLog, name: string): string {
  return `TRY_CAST(${column(log, name)} AS DOUBLE)`
}

/** Only ISO 8601, year first: 03/04/2024 is two dates. Other orders are named by --time-format. */
const ISO_TIME = '\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}([.,]\\d+)?)?)?(Z|[+-]\\d{2}(:?\\d{2})?)?'

/** The column as a time in UTC; null where it is none. `format`: as strptime's. */
export function time(log: DecisionLog, name: string, format: string | null): string {
  const at = column(log, name)
  if (log.columns.find((known) => known.name === name)?.type === 'time') return `CAST(${at} AS TIMESTAMP)`
  if (format !== null) return `TRY_STRPTIME(CAST(${at} AS VARCHAR), ${literal(format)})`
  const value = `CAST(${at} AS VARCHAR)`
  return `CASE WHEN REGEXP_FULL_MATCH(${value}, ${literal(ISO_TIME)}) THEN ${inUtc(value)} END`
}

/** A cast to a plain timestamp would pass over the offset. */
function inUtc(value: string): string {
  return `MAKE_TIMESTAMP(EPOCH_US(TRY_CAST(${value} AS TIMESTAMPTZ)))`
}

/** Asks, and refuses an answer of more rows than statistics are made of. */
export async function ask(log: DecisionLog, sql: string): Promise<Row[]> {
  const rows = await log.engine.query(`${sql} LIMIT ${MAX_ROWS + 1}`)
  if (rows.length > MAX_ROWS) throw new CommandError({ code: 'too-many-cells', path: log.name, limit: MAX_ROWS })
  return rows
}

/** The first row where `condition` holds, and what the column has there. Counts all rows: for errors only. */
export async function firstRow(
  log: DecisionLog,
  name: string,
  condition: string,
): Promise<{ row: number; value: string }> {
  const rows = await log.engine.query(
    `SELECT place, value FROM (SELECT ROW_NUMBER() OVER () AS place, CAST(${column(log, name)} AS VARCHAR) AS value, ` +
      `(${condition}) AS found FROM ${log.relation}) WHERE found ORDER BY place LIMIT 1`,
  )
  return { row: Number(rows[0]?.['place'] ?? 0), value: String(rows[0]?.['value'] ?? '') }
}

/** What holds of a row whose column is filled, but not with what is expected. */
export function misfit(log: DecisionLog, name: string, expected: ExpectedValue, format: string | null = null): string {
  const value = text(log, name)
  switch (expected) {
    case 'date':
      return `${value} IS NOT NULL AND ${time(log, name, format)} IS NULL`
    case 'number':
      return `${value} IS NOT NULL AND COALESCE(NOT ISFINITE(${number(log, name)}), TRUE)`
    case 'weight':
      return `COALESCE(${number(log, name)} < 0 OR ${number(log, name)} <> FLOOR(${number(log, name)}) OR NOT ISFINITE(${number(log, name)}), TRUE)`
    case 'probability':
      return `${value} IS NOT NULL AND COALESCE(NOT (${number(log, name)} BETWEEN 0 AND 1), TRUE)`
    case 'period':
      return `${value} IS NOT NULL AND COALESCE(${number(log, name)} <> FLOOR(${number(log, name)}), TRUE) AND ${time(log, name, format)} IS NULL`
  }
}

/** Refuses a log with a row where a column has something else than is expected, and says where. */
export async function expectAll(
  log: DecisionLog,
  columns: readonly { name: string; expected: ExpectedValue }[],
  format: string | null = null,
): Promise<void> {
  if (columns.length === 0) return
  const counts = columns.map(({ name, expected }, index) => {
    return `COUNT(*) FILTER (WHERE ${misfit(log, name, expected, format)}) AS c${index}`
  })
  const [row] = await log.engine.query(`SELECT ${counts.join(', ')} FROM ${log.relation}`)
  for (const [index, { name, expected }] of columns.entries())
    if (Number(row?.[`c${index}`]) > 0) await refuseValue(log, name, expected, format)
}

export async function refuseValue(
  log: DecisionLog,
  name: string,
  expected: ExpectedValue,
  format: string | null = null,
): Promise<never> {
  const { row, value } = await firstRow(log, name, misfit(log, name, expected, format))
  const isInFormat = format !== null && (expected === 'date' || expected === 'period')
  throw new CommandError({
    code: 'bad-value',
    path: log.name,
    row,
    column: name,
    value,
    expected,
    ...(isInFormat ? { format } : {}),
  })
}
