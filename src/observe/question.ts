/** What is asked of a decision log. Names are columns of the log; null where there is none. */
export interface Question {
  decision: string | null
  /** The values of `decision` that are good for the subject. */
  favourable: readonly string[]
  /** Without a decision, rates are shares above its median (NYC Local Law 144, scoring rate). */
  score: string | null
  groups: readonly string[]
  stratum: string | null
  weight: string | null
  subject: string | null
  site: string | null
  model: string | null
  time: string | null
  /** As strptime's; null for ISO 8601. */
  timeFormat: string | null
  /** Days, the first and the last that count. */
  from: string | null
  to: string | null
  outcome: string | null
  /** The values of `outcome` that are positive. */
  positive: readonly string[]
  /** Chosen references by attribute; others have the highest rate. */
  references: Readonly<Record<string, string>>
  minimumShare: { share: number; justification: string } | null
  /** Values read as unknown in place of the usual ones. */
  unknown: readonly string[] | null
  parentSite: string | null
  seed: number
}
