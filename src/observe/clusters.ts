import type { ClusteredFigures } from './disparity.ts'
import type { DecisionLog } from './engine.ts'
import type { Question } from './question.ts'
import { ask, column, literal, number, text, time } from './sql.ts'
import { twoSided } from './statistics/distributions.ts'
import { poissonFrom, type Random, randomFrom } from './statistics/random.ts'
import { knownSql } from './unknown.ts'

/** Subjects of one category that had equally many decisions and equally many favourable ones. */
export interface Pattern {
  parts: readonly string[]
  n: number
  selected: number
  subjects: number
}

/** Resamples; percentiles of 2,000 move by about a hundredth of the interval's width. */
const RESAMPLES = 2_000

/** Subjects by category, number of decisions and number of favourable ones: at most a few hundred rows, however long the log. */
export async function subjectPatterns(
  log: DecisionLog,
  question: Question,
  groups: readonly string[],
): Promise<Pattern[]> {
  const { subject, decision, weight } = question
  if (subject === null || decision === null) return []
  const n = weight === null ? '1' : number(log, weight)
  const favourable = `${text(log, decision)} IN (${question.favourable.map(literal).join(', ')})`
  const conditions = [
    `${text(log, decision)} IS NOT NULL`,
    ...groups.map((name) => knownSql(text(log, name), question.unknown)),
    ...windowConditions(log, question),
  ]
  const keys = groups.map((name, index) => `${column(log, name)} AS g${index}`)
  const names = groups.map((_, index) => `g${index}`)
  const who = text(log, subject)
  const rows = await ask(
    log,
    `SELECT ${names.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ')}, n, x, SUM(subjects) AS subjects FROM (` +
      `SELECT ${names.join(', ')}, n, x, COUNT(*) AS subjects FROM ` +
      `(SELECT ${who} AS who, ${keys.join(', ')}, SUM(${n}) AS n, SUM(CASE WHEN ${favourable} THEN ${n} ELSE 0 END) AS x ` +
      `FROM ${log.relation} WHERE ${[...conditions, `${who} IS NOT NULL`].join(' AND ')} GROUP BY who, ${names.join(', ')}) AS subjects_of ` +
      `GROUP BY ${names.join(', ')}, n, x UNION ALL ` +
      // whoever is not named is somebody of their own
      `SELECT ${keys.join(', ')}, 1 AS n, CASE WHEN ${favourable} THEN 1 ELSE 0 END AS x, SUM(${n}) AS subjects ` +
      `FROM ${log.relation} WHERE ${[...conditions, `${who} IS NULL`].join(' AND ')} GROUP BY ${names.join(', ')}, x) AS patterns ` +
      `GROUP BY ${names.join(', ')}, n, x ORDER BY ${names.join(', ')}, n, x`,
  )
  return rows.map((row) => ({
    parts: names.map((name) => String(row[name]).normalize('NFC')),
    n: Number(row['n']),
    selected: Number(row['x']),
    subjects: Number(row['subjects']),
  }))
}

/** What holds of the rows that count, by their time. */
export function windowConditions(
  log: DecisionLog,
  { time: at, timeFormat, from, to }: Pick<Question, 'time' | 'timeFormat' | 'from' | 'to'>,
): string[] {
  if (at === null) return []
  const value = time(log, at, timeFormat)
  return [
    ...(from === null ? [] : [`${value} >= CAST(${literal(from)} AS TIMESTAMP)`]),
    ...(to === null ? [] : [`${value} < CAST(${literal(to)} AS TIMESTAMP) + INTERVAL 1 DAY`]),
  ]
}

export function hasRepeats(patterns: readonly Pattern[]): boolean {
  return patterns.some(({ n }) => n > 1)
}

/**
 * Intervals by resampling subjects with all their decisions (Poisson bootstrap, percentiles), and a test against the others with
 * the variance between subjects (linearised ratio, Wald).
 */
export function clusteredFigures(
  patterns: readonly Pattern[],
  reference: readonly string[] | null,
  seed: number,
): (parts: readonly string[]) => ClusteredFigures | null {
  const byCategory = new Map<string, Pattern[]>()
  for (const pattern of patterns) {
    const key = JSON.stringify(pattern.parts)
    byCategory.set(key, [...(byCategory.get(key) ?? []), pattern])
  }
  const random = randomFrom(seed)
  const resampled = new Map([...byCategory].map(([key, some]) => [key, resampledRates(some, random)]))
  const base = reference === null ? undefined : resampled.get(JSON.stringify(reference))
  return (parts) => {
    const key = JSON.stringify(parts)
    const rates = resampled.get(key)
    if (!rates) return null
    const others = [...byCategory].filter(([other]) => other !== key).flatMap(([, some]) => some)
    const ratios = base ? rates.map((rate, index) => rate / base[index]!).filter(Number.isFinite) : []
    return {
      rateInterval: percentiles(rates),
      impactRatioInterval: ratios.length > RESAMPLES / 2 ? percentiles(ratios) : null,
      othersP: others.length === 0 ? null : waldP(byCategory.get(key)!, others),
    }
  }
}

function resampledRates(patterns: readonly Pattern[], random: Random): number[] {
  return Array.from({ length: RESAMPLES }, () => {
    let [n, selected] = [0, 0]
    for (const pattern of patterns) {
      const times = poissonFrom(random, pattern.subjects)
      n += times * pattern.n
      selected += times * pattern.selected
    }
    return n > 0 ? selected / n : Number.NaN
  })
}

function percentiles(values: readonly number[]): [number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  return [at(0.025), at(0.975)]
}

function waldP(first: readonly Pattern[], second: readonly Pattern[]): number | null {
  const [a, b] = [rateWithVariance(first), rateWithVariance(second)]
  const variance = a.variance + b.variance
  return variance > 0 ? twoSided((a.rate - b.rate) / Math.sqrt(variance)) : null
}

/** A ratio of sums over subjects and its variance, with the small-sample factor m/(m − 1). */
function rateWithVariance(patterns: readonly Pattern[]): { rate: number; variance: number } {
  const sum = (of: (pattern: Pattern) => number) =>
    patterns.reduce((total, pattern) => total + pattern.subjects * of(pattern), 0)
  const [n, subjects] = [sum((pattern) => pattern.n), sum(() => 1)]
  const rate = sum((pattern) => pattern.selected) / n
  const squares = sum((pattern) => (pattern.selected - rate * pattern.n) ** 2)
  return { rate, variance: subjects > 1 ? (squares * subjects) / (subjects - 1) / (n * n) : squares / (n * n) }
}
