import type { ResultSummary } from '../../contract/api.ts'
import type { Entry } from '../../ledger/entry.ts'
import { modelsIn } from '../../ledger/statement.ts'
import { summaryOf } from '../result-summary.ts'

/** A result on record in a line; models without their names. */
export type MeasuredSummary = Omit<ResultSummary, 'models'> & { models: string[] }

export function measuredSummary({ number, time, statement }: Entry<'measured'>): MeasuredSummary {
  const { at, site, window, result, parent = null } = statement.predicate
  const { figures } = summaryOf(result)
  // a comparison is of two, the earlier first
  const models = [...new Set([...(parent === null ? [] : [parent]), ...modelsIn(statement)])]
  return { number, time, at, site, window, models, figures, ...figuresOf(result) }
}

type Counted = Pick<ResultSummary, 'kind' | 'rows' | 'findings' | 'severity' | 'grade'>

const SEVERITIES = ['high', 'medium', 'low'] as const

function figuresOf(result: Entry<'measured'>['statement']['predicate']['result']): Counted {
  switch (result.schema) {
    case 'yukue.audit/1': {
      const severity = SEVERITIES.find((each) => result.findings.some((finding) => finding.severity === each)) ?? null
      const grade = result.feedback?.grade ?? null
      return { kind: 'audit', rows: result.rows, findings: result.findings.length, severity, grade }
    }
    case 'yukue.compare/1':
      return { kind: 'compare', rows: result.items, findings: 0, severity: null, grade: null }
    case 'yukue.simulation/1':
      return { kind: 'simulation', rows: null, findings: 0, severity: null, grade: null }
  }
}
