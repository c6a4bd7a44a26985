import type { AuditReport } from '../contract/audit.ts'
import type { Feedback } from './feedback/feedback.ts'

export type AuditIntersection = AuditReport['intersections'][number]

/** Something the figures say that calls for somebody to act. Its sentence is made by the report. */
export interface ImpactFinding {
  code: ImpactFindingCode
  severity: 'low' | 'medium' | 'high'
  where: string
  values: Record<string, string | number>
}

export type ImpactFindingCode =
  | 'disparity'
  | 'strata-reverse'
  | 'strata-explain'
  | 'amplified-at-site'
  | 'sites-differ'
  | 'refused-by-all'
  | 'shared-base'

/** What the figures need to be read rightly. No alarm. */
export interface ImpactNote {
  code:
    | 'unknown-category'
    | 'small-categories'
    | 'left-out-categories'
    | 'ties-at-median'
    | 'repeated-subjects'
    | 'selective-labels'
    | 'one-category'
    | 'other-decisions'
    | 'similar-names'
    | 'no-weeks'
    | 'incomplete-subjects'
    | 'stratum-missing'
    | 'site-missing'
    | 'outcome-missing'
    | 'subject-missing'
  values: Record<string, string | number>
}

/** What decisions did to people: the value that reports show, statements record and charters are held against. */
export type Impact = Omit<AuditReport, 'schema' | 'findings' | 'feedback' | 'notes'> & {
  feedback: Feedback | null
  findings: ImpactFinding[]
  notes: ImpactNote[]
}
