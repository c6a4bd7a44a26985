import { chiSquaredTail } from '../statistics/distributions.ts'
import { normalInterval } from '../statistics/intervals.ts'
import { apply, dot, inverse } from '../statistics/linear.ts'
import { type Feedback, NOTHING, notIdentifiable } from './feedback.ts'
import type { Cohort, Panel } from './panel.ts'

/** Fewer units make neither a mean nor its variance. */
const LEAST_UNITS = 5

/** Rejecting at this level refuses one honest log in a hundred. */
const TREND_LEVEL = 0.01

/** Mean outcome of one cohort at one period against its base, less the same of the never-treated. */
interface GroupTime {
  cohort: Cohort
  period: number
  /** Over periods: +1 at the period, −1 at the base. */
  contrast: number[]
  estimate: number
}

/**
 * Grade C: group-time average effects of Callaway and Sant'Anna (Journal of Econometrics 225, 2021), never-treated controls, no
 * covariates; not two-way fixed effects, which use treated units as controls. Before adoption, each period against the one before: placebos.
 */
export function staggered({ periods, cohorts }: Panel): Feedback {
  const controls = cohorts.find(({ adopted }) => adopted === null)
  const treated = cohorts.filter(({ adopted, units }) => adopted !== null && units >= LEAST_UNITS)
  if (cohorts.every(({ adopted }) => adopted === null)) return notIdentifiable('no-adoption')
  if (!controls) return notIdentifiable('no-controls')
  if (treated.length === 0 || controls.units < LEAST_UNITS) {
    const have = Math.min(
      controls.units,
      Math.max(0, ...cohorts.filter((c) => c.adopted !== null).map(({ units }) => units)),
    )
    return notIdentifiable('too-few', { what: 'units', need: LEAST_UNITS, have })
  }
  const cells = treated.flatMap((cohort) => groupTimes(cohort, controls, periods.length))
  const before = cells.filter(({ cohort, period }) => period < cohort.adopted!)
  const after = cells.filter(({ cohort, period }) => period >= cohort.adopted!)
  const p = trendTest(before, controls)
  const checks: Feedback['checks'] = [{ check: 'pre-trends', p, passed: p === null || p >= TREND_LEVEL }]
  if (p !== null && p < TREND_LEVEL) return notIdentifiable('pre-trends', { p }, checks)
  const group = overallByGroup(after, treated, controls)
  const dynamic = overallByExposure(after, treated, controls)
  const exposures = [...new Set(cells.map(({ cohort, period }) => period - cohort.adopted!))].sort((a, b) => a - b)
  return {
    ...NOTHING,
    grade: 'C',
    estimand: 'average effect of adoption on the units that adopted, over cohorts',
    estimate: group.estimate,
    interval: group.interval,
    effects: cells.map((cell) => ({
      cohort: cell.cohort.name,
      period: periods[cell.period]!,
      estimate: cell.estimate,
      interval: normalInterval(cell.estimate, Math.sqrt(varianceOf([{ cell, weight: 1 }], controls))),
    })),
    dynamic: dynamic.estimate,
    dynamicInterval: dynamic.interval,
    group: group.estimate,
    groupInterval: group.interval,
    byExposure: exposures.map((exposure) => ({ exposure, ...atExposure(cells, exposure, controls) })),
    checks,
    code: 'staggered',
    values: {
      cohorts: treated.length,
      units: treated.reduce((sum, { units }) => sum + units, 0),
      controls: controls.units,
    },
  }
}

function groupTimes(cohort: Cohort, controls: Cohort, periods: number): GroupTime[] {
  return Array.from({ length: periods - 1 }, (_, index) => {
    const period = index + 1
    const base = period < cohort.adopted! ? period - 1 : cohort.adopted! - 1
    const contrast = new Array<number>(periods).fill(0)
    contrast[period]! += 1
    contrast[base]! -= 1
    return { cohort, period, contrast, estimate: dot(contrast, cohort.mean) - dot(contrast, controls.mean) }
  })
}

interface Weighted {
  cell: GroupTime
  weight: number
}

/** Of a weighted sum of effects: the cohorts' parts and that of the controls, which all effects share. */
function varianceOf(parts: readonly Weighted[], controls: Cohort): number {
  const shared = new Array<number>(controls.mean.length).fill(0)
  const byCohort = new Map<Cohort, number[]>()
  for (const { cell, weight } of parts) {
    const own = byCohort.get(cell.cohort) ?? new Array<number>(controls.mean.length).fill(0)
    cell.contrast.forEach((value, t) => {
      own[t]! += weight * value
      shared[t]! += weight * value
    })
    byCohort.set(cell.cohort, own)
  }
  const spread = (cohort: Cohort, contrast: number[]) =>
    dot(contrast, apply(cohort.covariance, contrast)) / cohort.units
  return [...byCohort].reduce((sum, [cohort, contrast]) => sum + spread(cohort, contrast), spread(controls, shared))
}

/** A weighted sum of effects, and its variance with the weights taken as fixed; that the sizes of cohorts are drawn too comes on top. */
function summed(parts: readonly Weighted[], controls: Cohort): { estimate: number; within: number } {
  const estimate = parts.reduce((sum, { cell, weight }) => sum + weight * cell.estimate, 0)
  return { estimate, within: varianceOf(parts, controls) }
}

function overallByGroup(after: readonly GroupTime[], treated: readonly Cohort[], controls: Cohort) {
  const units = treated.reduce((sum, cohort) => sum + cohort.units, 0)
  const own = new Map(treated.map((cohort) => [cohort, after.filter((cell) => cell.cohort === cohort)] as const))
  const parts = after.map((cell) => ({ cell, weight: cell.cohort.units / units / own.get(cell.cohort)!.length }))
  const { estimate, within } = summed(parts, controls)
  const between = treated.reduce((sum, cohort) => {
    const cells = own.get(cohort)!
    const mean = cells.reduce((total, cell) => total + cell.estimate, 0) / cells.length
    return sum + (cohort.units / units) * (mean - estimate) ** 2
  }, 0)
  return { estimate, interval: normalInterval(estimate, Math.sqrt(within + between / units)) }
}

function atExposure(cells: readonly GroupTime[], exposure: number, controls: Cohort) {
  const own = cells.filter(({ cohort, period }) => period - cohort.adopted! === exposure)
  const units = own.reduce((sum, { cohort }) => sum + cohort.units, 0)
  const parts = own.map((cell) => ({ cell, weight: cell.cohort.units / units }))
  const { estimate, within } = summed(parts, controls)
  const between = own.reduce((sum, { cohort, estimate: at }) => sum + (cohort.units / units) * (at - estimate) ** 2, 0)
  return { estimate, interval: normalInterval(estimate, Math.sqrt(within + between / units)) }
}

/** The mean over periods since adoption of the effects at each. */
function overallByExposure(after: readonly GroupTime[], treated: readonly Cohort[], controls: Cohort) {
  const exposures = [...new Set(after.map(({ cohort, period }) => period - cohort.adopted!))]
  const at = exposures.map((exposure) => ({ exposure, ...atExposure(after, exposure, controls) }))
  const estimate = at.reduce((sum, part) => sum + part.estimate, 0) / at.length
  const shares = (exposure: number) => {
    const own = after.filter(({ cohort, period }) => period - cohort.adopted! === exposure)
    return { own, units: own.reduce((sum, { cohort }) => sum + cohort.units, 0) }
  }
  const parts = exposures.flatMap((exposure) => {
    const { own, units } = shares(exposure)
    return own.map((cell) => ({ cell, weight: cell.cohort.units / units / exposures.length }))
  })
  // a unit's influence through the sizes of cohorts, summed over all exposures its cohort is seen at
  const influence = treated.map((cohort) => {
    const sum = at.reduce((total, { exposure, estimate: mean }) => {
      const { own, units } = shares(exposure)
      const cell = own.find((some) => some.cohort === cohort)
      return cell ? total + (cell.estimate - mean) / units : total
    }, 0)
    return { units: cohort.units, sum: sum / exposures.length }
  })
  const between = influence.reduce((sum, part) => sum + part.units * part.sum ** 2, 0)
  return { estimate, interval: normalInterval(estimate, Math.sqrt(varianceOf(parts, controls) + between)) }
}

/** Wald's test that all effects before adoption are 0; null where there are none. */
function trendTest(before: readonly GroupTime[], controls: Cohort): number | null {
  if (before.length === 0) return null
  const covariance = before.map((a) =>
    before.map((b) => {
      const shared = dot(a.contrast, apply(controls.covariance, b.contrast)) / controls.units
      return a.cohort === b.cohort
        ? shared + dot(a.contrast, apply(a.cohort.covariance, b.contrast)) / a.cohort.units
        : shared
    }),
  )
  const bread = inverse(covariance)
  if (!bread) return null
  const estimates = before.map(({ estimate }) => estimate)
  return chiSquaredTail(dot(estimates, apply(bread, estimates)), before.length)
}
