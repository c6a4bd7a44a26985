import type { DecisionLog } from '../engine.ts'
import { ask, number } from '../sql.ts'
import { normalInterval } from '../statistics/intervals.ts'
import { densityTest } from './density.ts'
import { type Design, type Feedback, NOTHING, notIdentifiable } from './feedback.ts'
import { type Bin, type LocalFit, localFit, meanOf, triangular } from './local-fit.ts'
import { outcomeSql, selectedSql } from './outcome.ts'

/** A side needs so many rows in reach, at so many different values, for a curve to be told from noise. */
const LEAST_ROWS = 50
const LEAST_VALUES = 10

/** Rejecting at this level refuses one honest log in a hundred. */
const DENSITY_LEVEL = 0.01

/** Cells on each side; a bandwidth spans hundreds of them. */
const BINS = 2_000

/** A threshold that decides leaves at most this share on the wrong side: typing errors, overrides. */
const SHARP = 0.02

/**
 * Grade B: a threshold on the score decides, so that people just beside it differ in little else. The jump of a local quadratic at
 * the bandwidth that is best for a local line (Imbens and Kalyanaraman, Review of Economic Studies 79, 2012): its interval is the
 * bias-corrected robust one (Calonico, Cattaneo and Titiunik, Econometrica 82, 2014, remark 7).
 */
export async function discontinuity(log: DecisionLog, design: Design): Promise<Feedback> {
  return effectAtThreshold(await sides(log, design))
}

/** The estimate from the bins alone. */
export function effectAtThreshold({ left, right, gap, wrongSide, reversed }: Sides): Feedback {
  const rows = (bins: readonly Bin[]) => bins.reduce((sum, { n }) => sum + n, 0)
  const least = Math.min(rows(left), rows(right))
  if (least < LEAST_ROWS) return notIdentifiable('too-few', { what: 'side', need: LEAST_ROWS, have: least })
  const values = Math.min(left.length, right.length)
  if (values < LEAST_VALUES) return notIdentifiable('too-few', { what: 'values', need: LEAST_VALUES, have: values })
  if (wrongSide > SHARP) return notIdentifiable('not-sharp', { share: wrongSide })
  const p = densityTest(left, right, gap)
  const checks: Feedback['checks'] = [{ check: 'density', p, passed: p !== null && p >= DENSITY_LEVEL }]
  if (p === null || p < DENSITY_LEVEL) return notIdentifiable('density-jumps', { p: p ?? 0 }, checks)
  const bandwidth = bestBandwidth(left, right)
  const [below, above] = [left, right].map((bins) => localFit(bins, 2, triangular(bandwidth)))
  if (!below || !above || Math.min(below.n, above.n) < LEAST_ROWS)
    return notIdentifiable(
      'too-few',
      { what: 'reach', need: LEAST_ROWS, have: Math.min(below?.n ?? 0, above?.n ?? 0) },
      checks,
    )
  const jump = above.coefficients[0]! - below.coefficients[0]!
  const estimate = reversed ? -jump : jump
  return {
    ...NOTHING,
    grade: 'B',
    estimand: 'effect of a favourable decision on the outcome, for people at the threshold',
    estimate,
    interval: normalInterval(estimate, Math.sqrt(below.variance + above.variance)),
    checks,
    code: 'discontinuity',
    values: { bandwidth, below: below.n, above: above.n },
  }
}

export interface Sides {
  left: Bin[]
  right: Bin[]
  gap: number
  /** Share of rows that the threshold did not decide. */
  wrongSide: number
  /** Favourable below the threshold. */
  reversed: boolean
}

/** Rows by value of the score, or by narrow cells of it where it has many values. */
async function sides(log: DecisionLog, design: Design): Promise<Sides> {
  const x = `(${number(log, design.score!)} - CAST('${design.threshold}' AS DOUBLE))`
  const chosen = design.decision === null ? 'NULL' : selectedSql(log, design)
  const rows = `SELECT ${x} AS x, ${outcomeSql(log, design)} AS y, ${chosen} AS a FROM ${log.relation}`
  const known = `(SELECT * FROM (${rows}) AS logged WHERE x IS NOT NULL AND y IS NOT NULL) AS known`
  const [range] = await log.engine.query(`SELECT MAX(ABS(x)) AS reach, COUNT(DISTINCT x) AS different FROM ${known}`)
  const reach = Number(range?.['reach'] ?? 0)
  const isDiscrete = Number(range?.['different'] ?? 0) <= BINS
  const bin = isDiscrete ? 'x' : `FLOOR(x / CAST('${reach / BINS || 1}' AS DOUBLE))`
  const powers = [1, 2, 3, 4].map((k) => `SUM(${Array(k).fill('x').join(' * ')}) AS x${k}`)
  const found = await ask(
    log,
    `SELECT ${bin} AS bin, COUNT(*) AS n, ${powers.join(', ')}, SUM(y) AS y0, SUM(x * y) AS y1, SUM(x * x * y) AS y2, ` +
      `SUM(y * y) AS yy, SUM(a) AS a, COUNT(a) AS decided, x >= 0 AS beyond FROM ${known} GROUP BY bin, beyond ORDER BY bin`,
  )
  const of = (beyond: boolean) => found.filter((row) => row['beyond'] === beyond)
  const sum = (some: typeof found, name: string) => some.reduce((total, row) => total + Number(row[name] ?? 0), 0)
  const decided = sum(found, 'decided')
  const upper = decided > 0 ? (sum(of(true), 'a') + sum(of(false), 'decided') - sum(of(false), 'a')) / decided : 1
  const gaps = found.slice(1).map((row, index) => Number(row['bin']) - Number(found[index]!['bin']))
  return {
    left: of(false).map(binFrom),
    right: of(true).map(binFrom),
    gap: isDiscrete ? (gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0) : 0,
    wrongSide: Math.min(upper, 1 - upper),
    reversed: upper < 0.5,
  }
}

function binFrom(row: Readonly<Record<string, string | number | boolean | null>>): Bin {
  const value = (name: string) => Number(row[name] ?? 0)
  return {
    n: value('n'),
    powers: [value('n'), value('x1'), value('x2'), value('x3'), value('x4')],
    crosses: [value('y0'), value('y1'), value('y2')],
    squares: value('yy'),
  }
}

/** Imbens and Kalyanaraman's bandwidth for a triangular kernel, from quadratics over pilot halves and with their regularisation. */
function bestBandwidth(left: readonly Bin[], right: readonly Bin[]): number {
  const all = [...left, ...right]
  const total = all.reduce((sum, { n }) => sum + n, 0)
  const [s1, s2] = all.reduce(([a, b], { powers }) => [a + powers[1]!, b + powers[2]!], [0, 0] as [number, number])
  const deviation = Math.sqrt(s2 / total - (s1 / total) ** 2)
  const pilot = 1.84 * deviation * total ** -0.2
  const near = all.filter((bin) => Math.abs(meanOf(bin)) <= pilot)
  const density = near.reduce((sum, { n }) => sum + n, 0) / (2 * total * pilot)
  const [below, above] = [left, right].map((bins) => pilotFit(bins))
  const reach = Math.max(...all.map((bin) => Math.abs(meanOf(bin))))
  if (!below || !above || !(density > 0)) return reach
  const noise = below.noise + above.noise
  const bias = (above.curvature - below.curvature) ** 2 + below.penalty + above.penalty
  return Math.min(reach, 3.4375 * (noise / (density * bias)) ** 0.2 * total ** -0.2)
}

function pilotFit(bins: readonly Bin[]): { curvature: number; noise: number; penalty: number } | null {
  const fit: LocalFit | null = localFit(bins, 2, () => 1)
  if (!fit) return null
  const [a, b, c] = fit.coefficients as [number, number, number]
  let squares = 0
  for (const bin of bins) {
    const x = meanOf(bin)
    const fitted = a + b * x + c * x * x
    squares += Math.max(0, bin.squares - 2 * fitted * bin.crosses[0]! + bin.n * fitted * fitted)
  }
  const noise = squares / fit.n
  const reach = Math.max(...bins.map((bin) => Math.abs(meanOf(bin))))
  return { curvature: 2 * c, noise, penalty: (2160 * noise) / (fit.n * reach ** 4) }
}
