import type { DecisionLog } from '../engine.ts'
import { literal, number, text } from '../sql.ts'
import type { Design } from './feedback.ts'

/** The outcome as a number: 1 and 0 when values count as positive, else the column itself. */
export function outcomeSql(log: DecisionLog, { outcome, positive }: Design): string {
  if (positive.length === 0) return number(log, outcome!)
  const value = text(log, outcome!)
  return `CASE WHEN ${value} IS NULL THEN NULL WHEN ${value} IN (${positive.map(literal).join(', ')}) THEN 1.0 ELSE 0.0 END`
}

export function selectedSql(log: DecisionLog, { decision, favourable }: Design): string {
  const value = text(log, decision!)
  return `CASE WHEN ${value} IS NULL THEN NULL WHEN ${value} IN (${favourable.map(literal).join(', ')}) THEN 1 ELSE 0 END`
}
