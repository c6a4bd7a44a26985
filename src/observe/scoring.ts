import { median } from './cells.ts'
import { windowConditions } from './clusters.ts'
import type { DecisionLog } from './engine.ts'
import type { Question } from './question.ts'
import { ask, column, number, text } from './sql.ts'
import { emptyTally, type GroupTally, type Judged, tallyBy } from './tally.ts'
import { knownSql } from './unknown.ts'

/** Shares above the median score, by category (NYC Local Law 144, 6 RCNY § 5-300, "scoring rate"). */
export interface ScoringTally {
  groups: GroupTally
  /** Over rows of known category; null when there are none. */
  median: number | null
  /** Decisions whose score is the median: not above it. */
  ties: number
}

/** Counts who scored above the median of those whose category in all of `groups` is known. */
export async function tallyScores(
  log: DecisionLog,
  question: Question,
  groups: readonly string[],
): Promise<ScoringTally> {
  const score = number(log, question.score!)
  const known = groups.map((name) => knownSql(text(log, name), question.unknown))
  const inWindow = windowConditions(log, question)
  const middle = await median(log, question.score!, question.weight, ['TRUE', ...known, ...inWindow].join(' AND '))
  if (middle === null)
    return { groups: { categories: [], unknown: emptyTally(), unknownValues: [] }, median: null, ties: 0 }
  const weight = question.weight === null ? '1' : number(log, question.weight)
  // the shortest decimal that reads back as the same double
  const limit = `CAST('${middle}' AS DOUBLE)`
  const keys = groups.map((name, index) => `${column(log, name)} AS g${index}`)
  const names = groups.map((_, index) => `g${index}`)
  const rows = await ask(
    log,
    `SELECT ${names.map((name) => `CAST(${name} AS VARCHAR) AS ${name}, `).join('')}above, tied, n FROM (SELECT ${keys.join(', ')}, ` +
      `${score} > ${limit} AS above, ${score} = ${limit} AS tied, SUM(${weight}) AS n FROM ${log.relation} ` +
      `WHERE ${[`${score} IS NOT NULL`, ...inWindow].join(' AND ')} GROUP BY ${names.join(', ')}, above, tied) AS scores`,
  )
  const cells = rows.map((row): Judged & { tied: boolean } => ({
    ...EMPTY_CELL,
    groups: names.map((name) => (row[name] === null || row[name] === '' ? null : String(row[name]).normalize('NFC'))),
    isSelected: row['above'] === true,
    tied: row['tied'] === true,
    n: Number(row['n']),
  }))
  const tally = tallyBy(
    cells,
    groups.map((_, index) => index),
    question,
  )
  const knownCells = tallyBy(
    cells.filter(({ tied }) => tied),
    groups.map((_, index) => index),
    question,
  )
  const ties = knownCells.categories.reduce((sum, category) => sum + category.tally.n, 0)
  return { groups: tally, median: middle, ties }
}

/** A cell in which nothing is told apart and nothing counted. */
export const EMPTY_CELL = {
  stratum: null,
  site: null,
  model: null,
  week: null,
  inside: true,
  decision: null,
  outcome: null,
  rows: 0,
  scored: 0,
  scoreSum: 0,
  scoreSquares: 0,
  from: null,
  to: null,
}
