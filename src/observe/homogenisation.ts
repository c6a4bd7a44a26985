import type { AuditReport } from '../contract/audit.ts'
import { windowConditions } from './clusters.ts'
import type { DecisionLog } from './engine.ts'
import { entryOf } from './entry.ts'
import type { Question } from './question.ts'
import { ask, column, literal, text } from './sql.ts'
import { twoSided } from './statistics/distributions.ts'
import { normalInterval } from './statistics/intervals.ts'
import { byCodePoint } from './tally.ts'
import { unknownTest } from './unknown.ts'

type Homogenisation = NonNullable<AuditReport['homogenisation']>
type Refusals = Omit<Homogenisation, 'byGroup' | 'distribution' | 'p' | 'sharedBase' | 'incomplete'>

/** Subjects with the same decisions by the same deployers. */
export interface RefusalPattern {
  /** '1' where the deployer of that place refused. */
  refused: string
  stratum: string | null
  groups: readonly (string | null)[]
  subjects: number
}

/** Patterns double with each deployer; past this they could outnumber what statistics are made of. */
const MAX_DEPLOYERS = 60

/** Who was refused by whom: one row per pattern of refusals, stratum and categories. */
export async function refusalPatterns(log: DecisionLog, question: Question, deployer: string) {
  const { subject, decision } = question
  const deployers = (
    await ask(
      log,
      `SELECT DISTINCT ${text(log, deployer)} AS d FROM ${log.relation} WHERE ${text(log, deployer)} IS NOT NULL`,
    )
  )
    .map((row) => String(row['d']))
    .sort(byCodePoint)
    .slice(0, MAX_DEPLOYERS + 1)
  if (deployers.length > MAX_DEPLOYERS || deployers.length < 2) return { deployers, patterns: [], incomplete: 0 }
  const keys = [...question.groups, ...(question.stratum === null ? [] : [question.stratum])]
  const favourable = `${text(log, decision!)} IN (${question.favourable.map(literal).join(', ')})`
  const seen = deployers.map(
    (name, i) =>
      `MAX(CASE WHEN ${text(log, deployer)} = ${literal(name)} THEN CASE WHEN ${favourable} THEN 0 ELSE 1 END END) AS d${i}`,
  )
  const pattern = deployers.map((_, i) => `COALESCE(CAST(d${i} AS VARCHAR), '-')`).join(' || ')
  const rows = await ask(
    log,
    `SELECT pattern, ${keys.map((_, i) => `k${i}, `).join('')}COUNT(*) AS subjects FROM (SELECT ${pattern} AS pattern${keys.map((_, i) => `, k${i}`).join('')} FROM ` +
      `(SELECT ${column(log, subject!)} AS who, ${keys.map((name, i) => `MIN(${text(log, name)}) AS k${i}, `).join('')}${seen.join(', ')} ` +
      `FROM ${log.relation} WHERE ${[`${text(log, decision!)} IS NOT NULL`, `${text(log, subject!)} IS NOT NULL`, ...windowConditions(log, question)].join(' AND ')} GROUP BY who) AS by_subject) AS patterns ` +
      `GROUP BY pattern${keys.map((_, i) => `, k${i}`).join('')}`,
  )
  const all = rows.map(
    (row): RefusalPattern => ({
      refused: String(row['pattern']),
      groups: question.groups.map((_, i) => (row[`k${i}`] === null ? null : String(row[`k${i}`]).normalize('NFC'))),
      stratum:
        question.stratum === null
          ? ''
          : row[`k${question.groups.length}`] === null
            ? null
            : String(row[`k${question.groups.length}`]),
      subjects: Number(row['subjects']),
    }),
  )
  const complete = all.filter(({ refused, stratum }) => !refused.includes('-') && stratum !== null)
  const count = (some: RefusalPattern[]) => some.reduce((sum, { subjects }) => sum + subjects, 0)
  return { deployers, patterns: complete, incomplete: count(all) - count(complete) }
}

/**
 * Homogenisation of outcomes (Bommasani et al., Picking on the Same Person, 2022): share refused by all ÷ what independent decisions
 * would give, within strata of difficulty when there are any; independence alone would blame sharing for hard cases.
 *
 * @param bases the base model of each deployer, where known
 */
export function homogenisation(
  { deployers, patterns, incomplete }: { deployers: string[]; patterns: RefusalPattern[]; incomplete: number },
  question: Question,
  bases: Readonly<Record<string, string>>,
): Homogenisation | null {
  if (patterns.length === 0) return null
  const isUnknown = unknownTest(question.unknown)
  const byGroup = question.groups.flatMap((attribute, index) => {
    const names = [...new Set(patterns.map(({ groups }) => groups[index] ?? null))]
    return names
      .filter((name): name is string => !isUnknown(name))
      .sort(byCodePoint)
      .map((category) => {
        const own = patterns.filter(({ groups }) => groups[index] === category)
        return { attribute, category, ...refusals(own, deployers.length) }
      })
  })
  return {
    ...refusals(patterns, deployers.length),
    byGroup,
    ...againstIndependence(patterns, deployers.length),
    sharedBase: sharedBase(patterns, deployers, bases),
    incomplete,
  }
}

interface StratumRates {
  subjects: number
  /** Refusal rate of each deployer. */
  rates: number[]
}

function ratesByStratum(patterns: readonly RefusalPattern[], deployers: number): Map<string, StratumRates> {
  const strata = new Map<string, StratumRates>()
  for (const { stratum, refused, subjects } of patterns) {
    const own = entryOf(strata, stratum!, () => ({ subjects: 0, rates: new Array<number>(deployers).fill(0) }))
    own.subjects += subjects
    for (let d = 0; d < deployers; d++) if (refused[d] === '1') own.rates[d]! += subjects
  }
  for (const own of strata.values()) own.rates = own.rates.map((count) => count / own.subjects)
  return strata
}

/** The interval by the delta method on the logarithm, over subjects. */
function refusals(patterns: readonly RefusalPattern[], deployers: number): Refusals {
  const strata = ratesByStratum(patterns, deployers)
  const subjects = patterns.reduce((sum, pattern) => sum + pattern.subjects, 0)
  const all = (pattern: RefusalPattern) => !pattern.refused.includes('0')
  const allRefused = patterns.filter(all).reduce((sum, pattern) => sum + pattern.subjects, 0) / subjects
  const productOf = (rates: number[]) => rates.reduce((product, rate) => product * rate, 1)
  const expected = [...strata.values()].reduce((sum, own) => sum + (own.subjects / subjects) * productOf(own.rates), 0)
  const ratio = expected > 0 ? allRefused / expected : null
  let variance = 0
  for (const pattern of patterns) {
    const own = strata.get(pattern.stratum!)!
    const joint = productOf(own.rates)
    let influence = (all(pattern) ? 1 : 0) / allRefused - 1 - (joint - expected) / expected
    for (let d = 0; d < deployers; d++)
      if (own.rates[d]! > 0)
        influence -= ((joint / own.rates[d]!) * ((pattern.refused[d] === '1' ? 1 : 0) - own.rates[d]!)) / expected
    variance += pattern.subjects * influence * influence
  }
  const error = Math.sqrt(variance) / subjects
  const interval =
    ratio !== null && ratio > 0 ? normalInterval(Math.log(ratio), error).map((end) => Math.exp(end)) : null
  return { subjects, deployers, allRefused, expected, ratio, interval: interval as [number, number] | null }
}

/** The number of refusals against the Poisson–binomial distribution; p by the excess of its variance, the sum of all covariances. */
function againstIndependence(patterns: readonly RefusalPattern[], deployers: number) {
  const strata = ratesByStratum(patterns, deployers)
  const subjects = patterns.reduce((sum, pattern) => sum + pattern.subjects, 0)
  const observed = new Array<number>(deployers + 1).fill(0)
  const expected = new Array<number>(deployers + 1).fill(0)
  for (const { refused, subjects: n } of patterns) observed[refused.replaceAll('0', '').length]! += n / subjects
  for (const own of strata.values())
    poissonBinomial(own.rates).forEach((share, k) => {
      expected[k]! += (share * own.subjects) / subjects
    })
  let [excess, variance] = [0, 0]
  for (let i = 0; i < deployers; i++)
    for (let j = 0; j < i; j++) {
      const pair = jointRefusals(patterns, strata, i, j)
      excess += pair.observed - pair.expected
      variance += pair.variance
    }
  return {
    distribution: observed.map((share, refusals) => ({ refusals, observed: share, expected: expected[refusals]! })),
    p: variance > 0 ? twoSided(excess / Math.sqrt(variance)) : null,
  }
}

/** P(k refusals) of independent decisions with these rates. */
export function poissonBinomial(rates: readonly number[]): number[] {
  let shares = [1]
  for (const rate of rates)
    shares = Array.from(
      { length: shares.length + 1 },
      (_, k) => (shares[k] ?? 0) * (1 - rate) + (shares[k - 1] ?? 0) * rate,
    )
  return shares
}

/** Share refused by both, by independence, and the variance of their difference under it. */
function jointRefusals(patterns: readonly RefusalPattern[], strata: Map<string, StratumRates>, i: number, j: number) {
  const subjects = patterns.reduce((sum, pattern) => sum + pattern.subjects, 0)
  const both = patterns.filter(({ refused }) => refused[i] === '1' && refused[j] === '1')
  let [expected, variance] = [0, 0]
  for (const { rates, subjects: n } of strata.values()) {
    const [a, b] = [rates[i]!, rates[j]!]
    expected += (n / subjects) * a * b
    variance += (n / subjects ** 2) * a * (1 - a) * b * (1 - b)
  }
  return { observed: both.reduce((sum, pattern) => sum + pattern.subjects, 0) / subjects, expected, variance }
}

function sharedBase(
  patterns: readonly RefusalPattern[],
  deployers: readonly string[],
  bases: Readonly<Record<string, string>>,
): Homogenisation['sharedBase'] {
  if (!deployers.some((name) => bases[name] !== undefined)) return null
  const strata = ratesByStratum(patterns, deployers.length)
  const sums = { sharing: { observed: 0, expected: 0, variance: 0 }, apart: { observed: 0, expected: 0, variance: 0 } }
  for (let i = 0; i < deployers.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [bases[deployers[i]!], bases[deployers[j]!]]
      if (a === undefined || b === undefined) continue
      const pair = jointRefusals(patterns, strata, i, j)
      const sum = a === b ? sums.sharing : sums.apart
      sum.observed += pair.observed
      sum.expected += pair.expected
      sum.variance += pair.variance
    }
  const ratio = ({ observed, expected }: (typeof sums)['apart']) => (expected > 0 ? observed / expected : null)
  const [sharing, notSharing] = [ratio(sums.sharing), ratio(sums.apart)]
  const difference = sharing !== null && notSharing !== null ? sharing - notSharing : null
  const error = Math.sqrt(
    sums.sharing.variance / sums.sharing.expected ** 2 + sums.apart.variance / sums.apart.expected ** 2,
  )
  return { sharing, notSharing, difference, interval: difference === null ? null : normalInterval(difference, error) }
}
