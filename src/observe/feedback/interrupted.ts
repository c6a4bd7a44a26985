import { studentQuantile } from '../statistics/distributions.ts'
import { normalInterval } from '../statistics/intervals.ts'
import { apply, dot, inverse, product } from '../statistics/linear.ts'
import { type Feedback, NOTHING, notIdentifiable } from './feedback.ts'
import type { Panel } from './panel.ts'

/** A line and its errors before, a level and a slope after. */
const LEAST_BEFORE = 8
const LEAST_AFTER = 4

/**
 * Grade D: few units that all adopted at once, beside controls that did not. The mean difference by period, regressed on a trend, a
 * step and a change of slope; Newey and West's variance (Econometrica 55, 1987), Student's t. The estimate is the mean gap after adoption to the
 * trend from before (Bernal, Cummins and Gasparrini, International Journal of Epidemiology 47, 2018).
 */
export function interrupted({ periods, cohorts }: Panel): Feedback {
  const controls = cohorts.filter(({ adopted }) => adopted === null)
  const adopters = cohorts.filter(({ adopted }) => adopted !== null)
  if (adopters.length === 0) return notIdentifiable('no-adoption')
  if (controls.length === 0) return notIdentifiable('no-controls')
  if (adopters.length > 1)
    return notIdentifiable('too-few', { what: 'units', need: 5, have: Math.max(...adopters.map(({ units }) => units)) })
  const [adopter, control] = [adopters[0]!, controls[0]!]
  const start = adopter.adopted!
  const after = periods.length - start
  if (start < LEAST_BEFORE) return notIdentifiable('too-few', { what: 'before', need: LEAST_BEFORE, have: start })
  if (after < LEAST_AFTER) return notIdentifiable('too-few', { what: 'after', need: LEAST_AFTER, have: after })
  const series = adopter.mean.map((value, t) => value - control.mean[t]!)
  const rows = series.map((_, t) => [1, t, t >= start ? 1 : 0, t >= start ? t - start : 0])
  const bread = inverse(product(transposed(rows), rows))
  if (!bread) return notIdentifiable('too-few', { what: 'before', need: LEAST_BEFORE, have: start })
  const coefficients = apply(bread, apply(transposed(rows), series))
  const residuals = series.map((value, t) => value - dot(rows[t]!, coefficients))
  const weights = [0, 0, 1, (after - 1) / 2]
  const estimate = dot(weights, coefficients)
  const covariance = product(product(bread, longRun(rows, residuals)), bread)
  const error = Math.sqrt(Math.max(0, dot(weights, apply(covariance, weights))))
  return {
    ...NOTHING,
    grade: 'D',
    estimand: 'mean gap after adoption to the trend from before, beyond the controls',
    estimate,
    interval: normalInterval(estimate, error, studentQuantile(0.975, series.length - 4)),
    effects: series.flatMap((value, t) => {
      const trend = coefficients[0]! + coefficients[1]! * t
      return t < start ? [] : [{ cohort: adopter.name, period: periods[t]!, estimate: value - trend, interval: null }]
    }),
    code: 'interrupted',
    values: { before: start, after, units: adopter.units, controls: control.units },
  }
}

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!))
}

/** Newey and West's sum of neighbouring products, lags to 4 (T/100)^(2/9), for few periods scaled by T/(T − 4). */
function longRun(rows: readonly (readonly number[])[], residuals: readonly number[]): number[][] {
  const count = rows.length
  const lags = Math.floor(4 * (count / 100) ** (2 / 9))
  const size = rows[0]!.length
  const sums = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  for (let lag = 0; lag <= lags; lag++) {
    const weight = (1 - lag / (lags + 1)) * (count / (count - size))
    for (let t = lag; t < count; t++)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) {
          const both = residuals[t]! * residuals[t - lag]! * weight
          sums[i]![j]! += both * rows[t]![i]! * rows[t - lag]![j]!
          if (lag > 0) sums[i]![j]! += both * rows[t - lag]![i]! * rows[t]![j]!
        }
  }
  return sums
}
