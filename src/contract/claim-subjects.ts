/**
 * What a claim can be of. The first five are held against the weights, or stand in cards; the others are what rules ask and nobody
 * can measure (docs/check.md says which rule asks what).
 */
export const CLAIM_SUBJECTS = [
  'base',
  'licence',
  'quantisation',
  'name',
  'other',
  'training-flop',
  'general-purpose',
  'systemic-risk',
  'gpai-documentation',
  'intended-purpose',
  'commercial',
  'notice',
  'licence-decision',
  'rebranded',
  'monitoring',
  'log-retention',
  'conformity',
  'transparency',
  'human-oversight',
  'feedback-loop',
  'audit-summary',
  'candidate-notice',
  'state-law',
] as const

export type ClaimSubject = (typeof CLAIM_SUBJECTS)[number]
