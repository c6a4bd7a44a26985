import type { AuditFeedback } from '../../contract/audit.ts'

/** What the log lets one say about the effect of a model's use. The sentence (`reason`) is made of code and values by the report. */
export type Feedback = Omit<AuditFeedback, 'reason'> & { values: Readonly<Record<string, string | number>> }

/** What identifies an effect, and what refuses to. */
export const FEEDBACK_CODES = [
  'randomised',
  'discontinuity',
  'staggered',
  'interrupted',
  'before-after',
  'no-design',
  'no-outcome',
  'no-exploration',
  'probabilities-contradict',
  'density-jumps',
  'not-sharp',
  'too-few',
  'no-controls',
  'no-adoption',
  'pre-trends',
  'deterministic',
] as const

export type FeedbackCode = (typeof FEEDBACK_CODES)[number]

/** "Not identifiable from this log", and why. That is a result. */
export function notIdentifiable(
  code: FeedbackCode,
  values: Feedback['values'] = {},
  checks: Feedback['checks'] = [],
): Feedback {
  return { ...NOTHING, code, values, checks }
}

export const NOTHING = {
  grade: null,
  estimand: null,
  estimate: null,
  interval: null,
  effects: [],
  dynamic: null,
  dynamicInterval: null,
  group: null,
  groupInterval: null,
  byExposure: [],
  checks: [],
  values: {},
} satisfies Omit<Feedback, 'code'>

/** Columns and values a design needs; null where the user named none. */
export interface Design {
  outcome: string | null
  /** Outcome values that count as 1; none for an outcome that is a number. */
  positive: readonly string[]
  decision: string | null
  favourable: readonly string[]
  /** Held out of the model's use: column, and the values that mean so. */
  holdout: string | null
  /** Probability with which the logged action was taken. */
  probability: string | null
  subject: string | null
  score: string | null
  threshold: number | null
  unit: string | null
  time: string | null
  timeFormat: string | null
  period: 'day' | 'week' | 'month' | 'quarter' | 'year'
  /** First period of use; 0 or empty for never. */
  adopted: string | null
  /** Days on which the model went into use. */
  deployed: readonly string[]
  /** Columns that the decision may be a function of. */
  features: readonly string[]
  /** Days, the first and the last that count. */
  from: string | null
  to: string | null
}
