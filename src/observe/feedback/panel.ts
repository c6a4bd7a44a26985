import type { DecisionLog } from '../engine.ts'
import { ask, column, literal, misfit, number, refuseValue, text, time } from '../sql.ts'
import type { Design } from './feedback.ts'
import { outcomeSql } from './outcome.ts'

/** Units that adopted in the same period. Means and covariances are over units, one value a period. */
export interface Cohort {
  /** Index of the period of adoption; null for never. */
  adopted: number | null
  /** What people call it. */
  name: number | string
  units: number
  mean: number[]
  covariance: number[][]
}

/** Balanced: every unit is seen in every period. */
export interface Panel {
  periods: (number | string)[]
  cohorts: Cohort[]
  /** Units left out, by reason. */
  leftOut: { reason: 'unbalanced' | 'already-adopted' | 'adoption-changes'; units: number }[]
}

/** Cohort means and covariances over periods: cohorts × periods² rows, however many units. */
export async function panelOf(log: DecisionLog, design: Design): Promise<Panel> {
  const period = await periodSql(log, design, design.time!)
  const adopted = await periodSql(log, design, design.adopted!)
  const never = `${text(log, design.adopted!)} IS NULL OR ${text(log, design.adopted!)} IN ('0', '0.0', 'never')`
  const rows =
    `SELECT ${column(log, design.unit!)} AS unit, ${period} AS period, CASE WHEN ${never} THEN NULL ELSE ${adopted} END AS g, ` +
    `${outcomeSql(log, design)} AS y FROM ${log.relation}`
  // one value a unit and period; values are taken about their mean, so that sums of squares keep their digits
  const cells = `SELECT unit, period, MIN(g) AS g, COUNT(DISTINCT COALESCE(CAST(g AS VARCHAR), '')) AS gs, AVG(y) AS y FROM (${rows}) AS logged WHERE y IS NOT NULL AND period IS NOT NULL GROUP BY unit, period`
  const [overall] = await log.engine.query(`SELECT AVG(y) AS mean FROM (${cells}) AS cells`)
  const mean = Number(overall?.['mean'] ?? 0)
  const found = await ask(
    log,
    `SELECT DISTINCT CAST(period AS VARCHAR) AS name, period FROM (${cells}) AS cells ORDER BY period`,
  )
  const names = found.map((row) => nameOf(row['name']))
  const units = `SELECT unit, MIN(g) AS g, COUNT(DISTINCT COALESCE(CAST(g AS VARCHAR), '')) + MAX(gs) - 1 AS gs, COUNT(*) AS seen FROM (${cells}) AS cells GROUP BY unit`
  const kept = `SELECT unit, g FROM (${units}) AS units WHERE seen = ${names.length} AND gs = 1`
  const values = `SELECT cells.unit AS unit, cells.period AS period, kept.g AS g, cells.y - CAST('${mean}' AS DOUBLE) AS y FROM (${cells}) AS cells JOIN (${kept}) AS kept ON cells.unit = kept.unit`
  const products = await ask(
    log,
    `SELECT CAST(a.g AS VARCHAR) AS g, CAST(a.period AS VARCHAR) AS p, CAST(b.period AS VARCHAR) AS q, COUNT(*) AS n, SUM(a.y) AS sa, SUM(a.y * b.y) AS sab ` +
      `FROM (${values}) AS a JOIN (${values}) AS b ON a.unit = b.unit GROUP BY a.g, a.period, b.period`,
  )
  const [counts] = await log.engine.query(
    `SELECT COUNT(*) FILTER (WHERE gs > 1) AS changing, COUNT(*) FILTER (WHERE gs = 1 AND seen <> ${names.length}) AS unbalanced FROM (${units}) AS units`,
  )
  const { cohorts, early } = cohortsFrom(products, names)
  const leftOut: Panel['leftOut'] = [
    { reason: 'adoption-changes', units: Number(counts?.['changing'] ?? 0) },
    { reason: 'unbalanced', units: Number(counts?.['unbalanced'] ?? 0) },
    { reason: 'already-adopted', units: early },
  ]
  return { periods: names, cohorts, leftOut: leftOut.filter(({ units: some }) => some > 0) }
}

/** Whole numbers as they are; times cut to the period. A column that is neither is refused with its row. */
async function periodSql(log: DecisionLog, design: Design, name: string): Promise<string> {
  const bad = misfit(log, name, 'period', design.timeFormat)
  const [row] = await log.engine.query(
    `SELECT COUNT(*) FILTER (WHERE ${bad} AND COALESCE(${text(log, name)} <> 'never', TRUE)) AS bad, COUNT(*) FILTER (WHERE ${text(log, name)} IS NOT NULL AND ${number(log, name)} IS NULL) AS words FROM ${log.relation}`,
  )
  if (Number(row?.['bad']) > 0) await refuseValue(log, name, 'period', design.timeFormat)
  if (Number(row?.['words']) === 0 && log.columns.find((known) => known.name === name)?.type !== 'time')
    return `CAST(${number(log, name)} AS BIGINT)`
  return `CAST(DATE_TRUNC(${literal(design.period)}, ${time(log, name, design.timeFormat)}) AS DATE)`
}

function nameOf(value: string | number | boolean | null | undefined): number | string {
  const words = String(value)
  return /^-?\d+$/.test(words) ? Number(words) : words
}

type Product = Readonly<Record<string, string | number | boolean | null>>

function cohortsFrom(products: readonly Product[], names: readonly (number | string)[]) {
  const place = new Map(names.map((name, index) => [String(name), index]))
  const byCohort = new Map<string | null, Product[]>()
  for (const product of products) {
    const g = product['g'] === null ? null : String(product['g'])
    byCohort.set(g, [...(byCohort.get(g) ?? []), product])
  }
  const cohorts: Cohort[] = []
  let early = 0
  for (const [g, own] of byCohort) {
    const units = Number(own[0]!['n'])
    const mean = new Array<number>(names.length).fill(0)
    for (const product of own) mean[place.get(String(product['p']))!] = Number(product['sa']) / units
    const covariance = names.map(() => new Array<number>(names.length).fill(0))
    for (const product of own) {
      const [p, q] = [place.get(String(product['p']))!, place.get(String(product['q']))!]
      // over units − 1, so that small cohorts are not taken for surer than they are
      covariance[p]![q] = (Number(product['sab']) - units * mean[p]! * mean[q]!) / Math.max(1, units - 1)
    }
    if (g === null) cohorts.push({ adopted: null, name: 0, units, mean, covariance })
    else {
      // a cohort whose period is not among the log's adopts at the next that is
      const adopted = names.findIndex((name) => (typeof name === 'number' ? name >= Number(g) : name >= g))
      if (adopted === 0) early += units
      else if (adopted > 0) cohorts.push({ adopted, name: nameOf(g), units, mean, covariance })
      // use begins after the log ends: not yet adopted in any period here, which is no "never"
      else early += units
    }
  }
  cohorts.sort((a, b) => (a.adopted ?? -1) - (b.adopted ?? -1))
  return { cohorts, early }
}
