import { windowConditions } from '../clusters.ts'
import type { DecisionLog } from '../engine.ts'
import { ask, column, expectAll, text } from '../sql.ts'
import { beforeAfter } from './before-after.ts'
import { discontinuity } from './discontinuity.ts'
import { type Design, type Feedback, notIdentifiable } from './feedback.ts'
import { interrupted } from './interrupted.ts'
import { selectedSql } from './outcome.ts'
import { type Panel, panelOf } from './panel.ts'
import { randomised } from './randomised.ts'
import { staggered } from './staggered.ts'

/** Rows, or units of a panel. */
interface LeftOut {
  reason: string
  n: number
}

/** What the model's use did, by the strongest design that the log holds; or that it cannot be told from this log, and why. */
export async function effectOf(
  whole: DecisionLog,
  design: Design,
): Promise<{ feedback: Feedback; leftOut: LeftOut[] }> {
  for (const name of columnsOf(design)) column(whole, name)
  if (design.outcome === null) return { feedback: notIdentifiable('no-outcome'), leftOut: [] }
  // in the whole log, whose rows are counted as people count them
  await expectAll(whole, numbersOf(design), design.timeFormat)
  const log = inWindow(whole, design)
  const leftOut = await missingRows(whole, design)
  if (kindOf(design) !== 'panel') return { feedback: await withoutPanel(log, design), leftOut }
  const panel = await panelOf(log, design)
  const units = panel.leftOut.map(({ reason, units: n }) => ({ reason: `units-${reason}`, n }))
  return { feedback: fewAtOnce(panel) ? interrupted(panel) : staggered(panel), leftOut: [...leftOut, ...units] }
}

type Kind = 'randomised' | 'threshold' | 'panel' | 'release' | 'none'

/** The strongest design that the named columns make. */
function kindOf(design: Design): Kind {
  if (design.holdout !== null || (design.probability !== null && design.decision !== null)) return 'randomised'
  if (design.score !== null && design.threshold !== null) return 'threshold'
  if (design.unit !== null && design.time !== null && design.adopted !== null) return 'panel'
  return design.time !== null && design.deployed.length > 0 ? 'release' : 'none'
}

async function withoutPanel(log: DecisionLog, design: Design): Promise<Feedback> {
  switch (kindOf(design)) {
    case 'randomised':
      return randomised(log, design)
    case 'threshold':
      return discontinuity(log, design)
    case 'release':
      return beforeAfter(log, design)
    default:
      return notIdentifiable((await isDeterministic(log, design)) ? 'deterministic' : 'no-design')
  }
}

function isWindowed({ from, to }: Design): boolean {
  return from !== null || to !== null
}

/** The log without the rows outside the window. */
function inWindow(log: DecisionLog, design: Design): DecisionLog {
  if (!isWindowed(design)) return log
  const relation = `(SELECT * FROM ${log.relation} WHERE ${windowConditions(log, design).join(' AND ')})`
  return { ...log, relation }
}

/** Rows that have no part in the estimate, each by the first reason. */
async function missingRows(log: DecisionLog, design: Design): Promise<LeftOut[]> {
  const { outcome, unit, time: at, probability, holdout, score } = design
  const needed: Record<Kind, Partial<Record<'unit' | 'time' | 'probability' | 'holdout' | 'score', string | null>>> = {
    randomised: holdout === null ? { probability } : { holdout },
    threshold: { score },
    panel: { unit, time: at },
    release: { time: at },
    none: {},
  }
  const missing = Object.entries({ outcome, ...needed[kindOf(design)] }).flatMap(([role, name]) =>
    name === null ? [] : [{ reason: `${role}-missing`, condition: `${text(log, name)} IS NULL` }],
  )
  const window = isWindowed(design)
    ? [{ reason: 'outside-window', condition: `COALESCE(NOT (${windowConditions(log, design).join(' AND ')}), FALSE)` }]
    : []
  const reasons = [...window, ...missing]
  const cases = reasons.map(({ condition }, index) => `WHEN ${condition} THEN ${index}`).join(' ')
  const rows = await ask(log, `SELECT CASE ${cases} END AS reason, COUNT(*) AS n FROM ${log.relation} GROUP BY 1`)
  return rows
    .filter((row) => row['reason'] !== null)
    .map((row) => ({ reason: reasons[Number(row['reason'])]!.reason, n: Number(row['n']) }))
    .sort((a, b) => (a.reason < b.reason ? -1 : 1))
}

function columnsOf({ outcome, decision, holdout, probability, subject, score, unit, time, adopted, features }: Design) {
  return [outcome, decision, holdout, probability, subject, score, unit, time, adopted, ...features].filter(
    (name) => name !== null,
  )
}

function numbersOf(design: Design) {
  const { outcome, positive, probability, score, threshold, time } = design
  return [
    ...(isWindowed(design) && time !== null ? [{ name: time, expected: 'date' as const }] : []),
    ...(outcome !== null && positive.length === 0 ? [{ name: outcome, expected: 'number' as const }] : []),
    ...(probability === null ? [] : [{ name: probability, expected: 'probability' as const }]),
    ...(score === null || threshold === null ? [] : [{ name: score, expected: 'number' as const }]),
  ]
}

/** One date of adoption, and too few units on either side for a variance between them. */
function fewAtOnce({ cohorts }: Panel): boolean {
  const adopters = cohorts.filter(({ adopted }) => adopted !== null)
  return adopters.length === 1 && cohorts.some(({ units }) => units < 5)
}

/** Whether equal values of the recorded features always met the same decision. */
async function isDeterministic(log: DecisionLog, design: Design): Promise<boolean> {
  const features = [...design.features, ...(design.score === null ? [] : [design.score])]
  if (features.length === 0 || design.decision === null) return false
  const keys = features.map((name) => text(log, name)).join(', ')
  const [row] = await log.engine.query(
    `SELECT COUNT(*) FILTER (WHERE lo < hi) AS mixed, COUNT(*) AS cells FROM (SELECT MIN(a) AS lo, MAX(a) AS hi FROM ` +
      `(SELECT CONCAT_WS(CHR(31), ${keys}) AS x, ${selectedSql(log, design)} AS a FROM ${log.relation}) AS logged GROUP BY x) AS cells`,
  )
  return Number(row?.['mixed']) === 0 && Number(row?.['cells']) > 0
}
