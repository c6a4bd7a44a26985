import type { DecisionLog } from '../engine.ts'
import { column, number, text } from '../sql.ts'
import { twoSided } from '../statistics/distributions.ts'
import { normalInterval } from '../statistics/intervals.ts'
import { type Design, type Feedback, NOTHING, notIdentifiable } from './feedback.ts'
import { outcomeSql, selectedSql } from './outcome.ts'

/** Below, a normal interval of a mean promises too much. */
const LEAST_ARM = 30

/** Shares that stray this far from the stated probabilities do so by chance once in 15,000 logs. */
const CONTRADICTION_Z = 4

/** Values of a holdout column that mean "held out". */
const HELD_OUT = "('1', 'true', 'yes', 'y', 't', 'holdout', 'held out', 'control')"

/**
 * Grade A: chance decided who was decided about how. The difference of means weighted by 1 ÷ probability (Hájek's ratio estimator),
 * linearised variance, by subject where subjects repeat.
 */
export async function randomised(log: DecisionLog, design: Design): Promise<Feedback> {
  return effectFromArms(await armSums(log, design), design)
}

/** The estimate from the moments alone. */
export function effectFromArms(sums: ArmSums, design: Pick<Design, 'holdout' | 'probability'>): Feedback {
  const least = Math.min(sums.n1, sums.n0)
  if (least === 0) return notIdentifiable('no-exploration')
  if (least < LEAST_ARM) return notIdentifiable('too-few', { what: 'arm', need: LEAST_ARM, have: least })
  const checks: Feedback['checks'] = []
  if (design.probability !== null) {
    // Σ 1/p over either arm estimates the number of rows
    const rows = sums.n1 + sums.n0
    const z = Math.max(
      Math.abs(sums.w1 - rows) / Math.sqrt(Math.max(1e-9, sums.w11 - sums.w1)),
      Math.abs(sums.w0 - rows) / Math.sqrt(Math.max(1e-9, sums.w00 - sums.w0)),
    )
    const passed = z < CONTRADICTION_Z
    checks.push({ check: 'probabilities', p: twoSided(z), passed })
    if (!passed) return notIdentifiable('probabilities-contradict', {}, checks)
  }
  const [m1, m0] = [sums.y1 / sums.w1, sums.y0 / sums.w0]
  const estimate = m1 - m0
  const own = (yy: number, wy: number, ww: number, m: number, w: number) => (yy - 2 * m * wy + m * m * ww) / (w * w)
  const cross = (sums.yy10 - m1 * sums.wy10 - m0 * sums.yw10 + m1 * m0 * sums.ww10) / (sums.w1 * sums.w0)
  const variance =
    own(sums.yy11, sums.wy11, sums.ww11, m1, sums.w1) + own(sums.yy00, sums.wy00, sums.ww00, m0, sums.w0) - 2 * cross
  const factor = least / (least - 1)
  return {
    ...NOTHING,
    grade: 'A',
    estimand:
      design.holdout === null
        ? 'effect of a favourable decision on the outcome'
        : 'effect of the model in use on the outcome',
    estimate,
    interval: normalInterval(estimate, Math.sqrt(Math.max(0, variance) * factor)),
    checks,
    code: 'randomised',
    values: { treated: sums.n1, control: sums.n0 },
  }
}

export type ArmSums = Record<(typeof SUMS)[number], number>
const SUMS = [
  'n1',
  'n0',
  'explored',
  'w1',
  'w0',
  'y1',
  'y0',
  'w11',
  'w00',
  'ww11',
  'ww00',
  'wy11',
  'wy00',
  'yy11',
  'yy00',
  'ww10',
  'wy10',
  'yw10',
  'yy10',
] as const

/** First and second moments of weights and weighted outcomes by arm, over subjects (or rows): one row. */
async function armSums(log: DecisionLog, design: Design): Promise<ArmSums> {
  const treated =
    design.holdout === null
      ? selectedSql(log, design)
      : `CASE WHEN ${text(log, design.holdout)} IS NULL THEN NULL WHEN LOWER(TRIM(${text(log, design.holdout)})) IN ${HELD_OUT} THEN 0 ELSE 1 END`
  const p = design.probability === null ? '0.5' : number(log, design.probability)
  // without stated probabilities all rows weigh the same
  const weight = design.probability === null ? '1.0' : '1.0 / p'
  const who = design.subject === null ? 'ROW_NUMBER() OVER ()' : column(log, design.subject)
  const rows = `SELECT ${who} AS who, ${treated} AS a, ${p} AS p, ${outcomeSql(log, design)} AS y FROM ${log.relation}`
  const weighted = `SELECT who, a, y, p, ${weight} AS w FROM (${rows}) AS logged WHERE a IS NOT NULL AND y IS NOT NULL AND p > 0 AND p < 1`
  const arm = (a: number, of: string) => `SUM(CASE WHEN a = ${a} THEN ${of} ELSE 0 END)`
  const clusters =
    `SELECT COUNT(*) FILTER (WHERE a = 1) AS n1, COUNT(*) FILTER (WHERE a = 0) AS n0, ${arm(1, 'w')} AS w1, ${arm(0, 'w')} AS w0, ` +
    `${arm(1, 'w * y')} AS y1, ${arm(0, 'w * y')} AS y0, ${arm(1, 'w * w')} AS q1, ${arm(0, 'w * w')} AS q0 FROM (${weighted}) AS weighted GROUP BY who`
  const [row] = await log.engine.query(
    `SELECT SUM(n1) AS n1, SUM(n0) AS n0, COUNT(*) AS explored, SUM(w1) AS w1, SUM(w0) AS w0, SUM(y1) AS y1, SUM(y0) AS y0, ` +
      `SUM(q1) AS w11, SUM(q0) AS w00, SUM(w1 * w1) AS ww11, SUM(w0 * w0) AS ww00, SUM(w1 * y1) AS wy11, SUM(w0 * y0) AS wy00, ` +
      `SUM(y1 * y1) AS yy11, SUM(y0 * y0) AS yy00, SUM(w1 * w0) AS ww10, SUM(w1 * y0) AS wy10, SUM(y1 * w0) AS yw10, SUM(y1 * y0) AS yy10 ` +
      `FROM (${clusters}) AS clusters`,
  )
  return Object.fromEntries(SUMS.map((name) => [name, Number(row?.[name] ?? 0)])) as ArmSums
}
