import type { DecisionLog } from '../engine.ts'
import { literal, time } from '../sql.ts'
import { normalInterval } from '../statistics/intervals.ts'
import { type Design, type Feedback, NOTHING, notIdentifiable } from './feedback.ts'
import { outcomeSql } from './outcome.ts'

/** Below, a normal interval of a mean promises too much. */
const LEAST_ROWS = 30

/** Grade E: what changed when the model went into use. Anything else that changed then is in it. */
export async function beforeAfter(log: DecisionLog, design: Design): Promise<Feedback> {
  const at = time(log, design.time!, design.timeFormat)
  const [released] = design.deployed.toSorted()
  const [row] = await log.engine.query(
    `SELECT ${['before', 'after'].map((when) => `COUNT(*) FILTER (WHERE side = '${when}') AS n_${when}, AVG(y) FILTER (WHERE side = '${when}') AS m_${when}, VAR_SAMP(y) FILTER (WHERE side = '${when}') AS v_${when}`).join(', ')} FROM ` +
      `(SELECT ${outcomeSql(log, design)} AS y, CASE WHEN ${at} < CAST(${literal(released!)} AS TIMESTAMP) THEN 'before' WHEN ${at} IS NOT NULL THEN 'after' END AS side FROM ${log.relation}) AS logged WHERE y IS NOT NULL`,
  )
  const value = (name: string) => Number(row?.[name] ?? 0)
  const least = Math.min(value('n_before'), value('n_after'))
  if (least < LEAST_ROWS) return notIdentifiable('too-few', { what: 'release', need: LEAST_ROWS, have: least })
  const estimate = value('m_after') - value('m_before')
  const error = Math.sqrt(value('v_before') / value('n_before') + value('v_after') / value('n_after'))
  return {
    ...NOTHING,
    grade: 'E',
    estimand: 'change of the mean outcome after release (association only)',
    estimate,
    interval: normalInterval(estimate, error),
    code: 'before-after',
    values: { before: value('n_before'), after: value('n_after'), released: released! },
  }
}
