import type { AuditReport } from '../contract/audit.ts'
import { windowConditions } from './clusters.ts'
import type { DecisionLog } from './engine.ts'
import { entryOf } from './entry.ts'
import type { Question } from './question.ts'
import { ask, column, literal, number, text } from './sql.ts'
import { type Share, wilson } from './statistics/intervals.ts'
import type { Judged } from './tally.ts'
import { byCodePoint } from './tally.ts'
import { unknownTest } from './unknown.ts'

type ErrorRate = AuditReport['errorRates'][number]

/** The decision as a prediction, held against the outcome: selected and negative is false-positive. */
interface Confusion {
  truePositive: number
  falsePositive: number
  trueNegative: number
  falseNegative: number
}

/** Error rates by category, over decisions whose outcome is known. */
export function errorRates(cells: readonly Judged[], question: Question): ErrorRate[] {
  if (question.outcome === null) return []
  const isUnknown = unknownTest(question.unknown)
  return question.groups.flatMap((attribute, index) => {
    const byCategory = new Map<string, Confusion>()
    for (const cell of cells) {
      const category = cell.groups[index] ?? null
      if (cell.outcome === null || isUnknown(cell.outcome) || category === null || isUnknown(category)) continue
      const table = entryOf(byCategory, category, () => ({
        truePositive: 0,
        falsePositive: 0,
        trueNegative: 0,
        falseNegative: 0,
      }))
      table[outcomeOf(cell, question)] += cell.n
    }
    return [...byCategory]
      .sort(([a], [b]) => byCodePoint(a, b))
      .map(([category, table]) => ratesOf(attribute, category, table))
  })
}

function outcomeOf(cell: Judged, { positive }: Question): keyof Confusion {
  if (positive.includes(cell.outcome ?? '')) return cell.isSelected ? 'truePositive' : 'falseNegative'
  return cell.isSelected ? 'falsePositive' : 'trueNegative'
}

function ratesOf(attribute: string, category: string, table: Confusion): ErrorRate {
  const { truePositive, falsePositive, trueNegative, falseNegative } = table
  const refused = trueNegative + falseNegative
  // with no outcome of any refused person, error rates over outcomes would come out as if nobody had been refused
  const selectiveLabels = refused === 0
  const fpr = { n: falsePositive + trueNegative, selected: falsePositive }
  const fnr = { n: falseNegative + truePositive, selected: falseNegative }
  const ppv = { n: truePositive + falsePositive, selected: truePositive }
  const rate = (share: Share, known: boolean) => (known && share.n > 0 ? share.selected / share.n : null)
  const range = (share: Share, known: boolean) => (known && share.n > 0 ? wilson(share) : null)
  return {
    attribute,
    category,
    n: fpr.n + fnr.n,
    fpr: rate(fpr, !selectiveLabels),
    fnr: rate(fnr, !selectiveLabels),
    ppv: rate(ppv, true),
    fprInterval: range(fpr, !selectiveLabels),
    fnrInterval: range(fnr, !selectiveLabels),
    ppvInterval: range(ppv, true),
    selectiveLabels,
    calibration: [],
  }
}

/** Tenths of the whole log's score range, so that categories are compared at the same scores. */
const BINS = 10

/** Share of positive outcomes by score, in each category of an attribute. */
export async function calibration(log: DecisionLog, question: Question, rates: ErrorRate[]): Promise<ErrorRate[]> {
  if (question.score === null || question.outcome === null) return rates
  const score = number(log, question.score)
  const known = [
    `${score} IS NOT NULL`,
    `${text(log, question.outcome)} IS NOT NULL`,
    ...windowConditions(log, question),
  ]
  const [range] = await log.engine.query(
    `SELECT MIN(${score}) AS low, MAX(${score}) AS high FROM ${log.relation} WHERE ${known.join(' AND ')}`,
  )
  const [low, high] = [Number(range?.['low'] ?? 0), Number(range?.['high'] ?? 0)]
  const width = (high - low) / BINS || 1
  const weight = question.weight === null ? '1' : number(log, question.weight)
  const positive = `CASE WHEN ${text(log, question.outcome)} IN (${question.positive.map(literal).join(', ')}) THEN ${weight} ELSE 0 END`
  const filled: ErrorRate[] = []
  for (const attribute of question.groups) {
    const rows = await ask(
      log,
      `SELECT CAST(g AS VARCHAR) AS g, bin, n, s, x FROM (SELECT ${column(log, attribute)} AS g, ` +
        `LEAST(${BINS - 1}, FLOOR((${score} - CAST('${low}' AS DOUBLE)) / CAST('${width}' AS DOUBLE))) AS bin, ` +
        `SUM(${weight}) AS n, SUM(${weight} * ${score}) AS s, SUM(${positive}) AS x ` +
        `FROM ${log.relation} WHERE ${known.join(' AND ')} GROUP BY g, bin) AS bins ORDER BY bin`,
    )
    for (const rate of rates.filter((some) => some.attribute === attribute)) {
      const own = rows.filter((row) => String(row['g']).normalize('NFC') === rate.category)
      filled.push({
        ...rate,
        calibration: own.map((row) => {
          const share = { n: Number(row['n']), selected: Number(row['x']) }
          return {
            score: Number(row['s']) / share.n,
            n: share.n,
            rate: share.selected / share.n,
            interval: wilson(share),
          }
        }),
      })
    }
  }
  return filled
}
