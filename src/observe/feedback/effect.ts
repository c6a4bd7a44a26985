import type { DecisionLog } from '../engine.ts'
import { column, expectAll, text } from '../sql.ts'
import { beforeAfter } from './before-after.ts'
import { discontinuity } from './discontinuity.ts'
import { type Design, type Feedback, notIdentifiable } from './feedback.ts'
import { interrupted } from './interrupted.ts'
import { selectedSql } from './outcome.ts'
import { type Panel, panelOf } from './panel.ts'
import { randomised } from './randomised.ts'
import { staggered } from './staggered.ts'

/** What the model's use did, by the strongest design that the log holds; or that it cannot be told from this log, and why. */
export async function effectOf(log: DecisionLog, design: Design): Promise<Feedback> {
  for (const name of columnsOf(design)) column(log, name)
  if (design.outcome === null) return notIdentifiable('no-outcome')
  await expectAll(log, numbersOf(design))
  if (design.holdout !== null || (design.probability !== null && design.decision !== null))
    return randomised(log, design)
  if (design.score !== null && design.threshold !== null) return discontinuity(log, design)
  if (design.unit !== null && design.time !== null && design.adopted !== null) {
    const panel = await panelOf(log, design)
    return fewAtOnce(panel) ? interrupted(panel) : staggered(panel)
  }
  if (design.time !== null && design.deployed.length > 0) return beforeAfter(log, design)
  if (await isDeterministic(log, design)) return notIdentifiable('deterministic')
  return notIdentifiable('no-design')
}

function columnsOf({ outcome, decision, holdout, probability, subject, score, unit, time, adopted, features }: Design) {
  return [outcome, decision, holdout, probability, subject, score, unit, time, adopted, ...features].filter(
    (name) => name !== null,
  )
}

function numbersOf({ outcome, positive, probability, score, threshold }: Design) {
  return [
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
