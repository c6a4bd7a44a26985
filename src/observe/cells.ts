import { CommandError } from '../contract/command-error.ts'
import type { DecisionLog, Row } from './engine.ts'
import type { Question } from './question.ts'
import { ask, column, literal, misfit, number, refuseValue, time } from './sql.ts'

/** Rows of the log that agree in everything an audit tells apart. */
export interface Cell {
  /** The category in each attribute; null where it is unknown. */
  groups: readonly (string | null)[]
  stratum: string | null
  site: string | null
  model: string | null
  /** The Monday, as 2024-01-01. */
  week: string | null
  inside: boolean
  decision: string | null
  outcome: string | null
  rows: number
  /** Decisions: rows, or the sum of their weights. */
  n: number
  /** Moments of the score over `scored` decisions. */
  scored: number
  scoreSum: number
  scoreSquares: number
  from: string | null
  to: string | null
}

export interface Cells {
  cells: Cell[]
  /** Weeks were told apart; not done when that makes more cells than statistics are made of. */
  weekly: boolean
}

/**
 * The one pass over the log that most of an audit needs: counts by attributes × stratum × site × model × week × decision × outcome.
 *
 * @throws CommandError for a column that is not there, and for a value that does not fit, with its row
 */
export async function countCells(log: DecisionLog, question: Question): Promise<Cells> {
  const weekly = question.time !== null
  if (!weekly) return { cells: await cellsFrom(log, question, false), weekly }
  try {
    return { cells: await cellsFrom(log, question, true), weekly }
  } catch (error) {
    if (!(error instanceof CommandError) || error.fault.code !== 'too-many-cells') throw error
    return { cells: await cellsFrom(log, question, false), weekly: false }
  }
}

async function cellsFrom(log: DecisionLog, question: Question, weekly: boolean): Promise<Cell[]> {
  const rows = await ask(log, cellsSql(log, question, weekly))
  await refuseMisfits(log, question, rows)
  return rows.map((row) => cellFrom(row, question))
}

/** Groups by the columns as the source keeps them, and turns only the groups into text: casting every row costs more than counting. */
function cellsSql(log: DecisionLog, question: Question, weekly: boolean): string {
  const keys = keyColumns(question).map(({ as, name }) => ({ as, sql: column(log, name) }))
  const at = question.time === null ? null : time(log, question.time, question.timeFormat)
  const weight = question.weight === null ? null : number(log, question.weight)
  const score = question.score === null ? null : number(log, question.score)
  const times = weight ?? '1'
  const inner = [
    ...keys.map(({ as, sql }) => `${sql} AS ${as}`),
    ...(at === null ? [] : [`${insideSql(at, question)} AS inside`]),
    ...(at !== null && weekly ? [`DATE_TRUNC('week', ${at}) AS week`] : []),
    'COUNT(*) AS n_rows',
    `${weight === null ? 'COUNT(*)' : `SUM(${weight})`} AS n`,
    ...(at === null ? [] : [`MIN(${at}) AS t_from`, `MAX(${at}) AS t_to`]),
    ...(score === null
      ? []
      : [
          `SUM(CASE WHEN ${score} IS NULL THEN 0 ELSE ${times} END) AS scored`,
          `SUM(${times} * ${score}) AS s1`,
          `SUM(${times} * ${score} * ${score}) AS s2`,
        ]),
    ...misfitColumns(log, question).map(({ as, condition }) => `COUNT(*) FILTER (WHERE ${condition}) AS ${as}`),
  ]
  const groupedBy = [...keys.map(({ as }) => as), ...(at === null ? [] : ['inside']), ...(at && weekly ? ['week'] : [])]
  const grouped = groupedBy.length > 0 ? ` GROUP BY ${groupedBy.map((_, index) => index + 1).join(', ')}` : ''
  const outer = inner.map((part) => part.slice(part.lastIndexOf(' AS ') + 4))
  const shown = outer.map((name) => {
    const isText = keys.some(({ as }) => as === name) || ['week', 't_from', 't_to'].includes(name)
    return isText ? `CAST(${name} AS VARCHAR) AS ${name}` : name
  })
  return `SELECT ${shown.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${log.relation}${grouped}) AS cells`
}

function keyColumns(question: Question): { as: string; name: string }[] {
  const single = {
    stratum: 'k_stratum',
    site: 'k_site',
    model: 'k_model',
    decision: 'k_decision',
    outcome: 'k_outcome',
  }
  return [
    ...question.groups.map((name, index) => ({ as: `g${index}`, name })),
    ...(Object.keys(single) as (keyof typeof single)[]).flatMap((role) => {
      const name = question[role]
      return name === null ? [] : [{ as: single[role], name }]
    }),
  ]
}

function insideSql(at: string, { from, to }: Question): string {
  const parts = [
    ...(from === null ? [] : [`${at} >= CAST(${literal(from)} AS TIMESTAMP)`]),
    ...(to === null ? [] : [`${at} < CAST(${literal(to)} AS TIMESTAMP) + INTERVAL 1 DAY`]),
  ]
  return parts.length === 0 ? 'TRUE' : `(${parts.join(' AND ')})`
}

function misfitColumns(log: DecisionLog, question: Question) {
  const { weight, score, time: at, timeFormat } = question
  const isTime = log.columns.find(({ name }) => name === at)?.type === 'time'
  return [
    ...(weight === null ? [] : [{ as: 'bad_weight', name: weight, expected: 'weight' as const }]),
    ...(score === null ? [] : [{ as: 'bad_score', name: score, expected: 'number' as const }]),
    ...(at === null || isTime ? [] : [{ as: 'bad_time', name: at, expected: 'date' as const }]),
  ].map((part) => ({ ...part, condition: misfit(log, part.name, part.expected, timeFormat) }))
}

async function refuseMisfits(log: DecisionLog, question: Question, rows: readonly Row[]): Promise<void> {
  for (const { as, name, expected } of misfitColumns(log, question))
    if (rows.some((row) => Number(row[as]) > 0)) await refuseValue(log, name, expected, question.timeFormat)
}

function cellFrom(row: Row, question: Question): Cell {
  return {
    groups: question.groups.map((_, index) => textOf(row[`g${index}`])),
    stratum: textOf(row['k_stratum']),
    site: textOf(row['k_site']),
    model: textOf(row['k_model']),
    week: textOf(row['week'])?.slice(0, 10) ?? null,
    inside: row['inside'] !== false && (row['inside'] !== null || (question.from === null && question.to === null)),
    decision: textOf(row['k_decision']),
    outcome: textOf(row['k_outcome']),
    rows: Number(row['n_rows']),
    n: Number(row['n']),
    scored: Number(row['scored'] ?? 0),
    scoreSum: Number(row['s1'] ?? 0),
    scoreSquares: Number(row['s2'] ?? 0),
    from: textOf(row['t_from'])?.slice(0, 10) ?? null,
    to: textOf(row['t_to'])?.slice(0, 10) ?? null,
  }
}

/** Canonically equal spellings are one text (Unicode NFC). */
function textOf(value: string | number | boolean | null | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value).normalize('NFC')
}

/** Exact, over decisions: with weights, the value at half of their sum. Null when nothing is scored. */
export async function median(log: DecisionLog, score: string, weight: string | null, where: string) {
  const value = number(log, score)
  const times = weight === null ? '1' : number(log, weight)
  const known = `${value} IS NOT NULL AND ${where}`
  const sql =
    weight === null
      ? `SELECT MEDIAN(${value}) AS m FROM ${log.relation} WHERE ${known}`
      : `SELECT (MIN(s) FILTER (WHERE 2 * below >= total) + MIN(s) FILTER (WHERE 2 * below > total)) / 2 AS m FROM ` +
        `(SELECT s, SUM(c) OVER (ORDER BY s) AS below, SUM(c) OVER () AS total FROM ` +
        `(SELECT ${value} AS s, SUM(${times}) AS c FROM ${log.relation} WHERE ${known} GROUP BY 1))`
  const [row] = await log.engine.query(sql)
  return typeof row?.['m'] === 'number' ? row['m'] : null
}
