import type { Design } from '../observe/feedback/feedback.ts'
import type { Question } from '../observe/question.ts'

/** Where the estate is, and the model whose family's use is meant; null where the log is to say it. */
export interface LedgerSource {
  location: string
  model: string | null
}

export interface AuditOptions {
  path: string
  /** Of a database file. */
  table: string | null
  question: Question
  /** Probabilities of decisions, checked whatever is asked. */
  probability: string | null
  /** Deployers of one population, in this column. */
  deployer: string | null
  /** Base model by deployer. */
  bases: Readonly<Record<string, string>>
  /** The effect of use; null when it is not asked for. */
  design: Design | null
  deployed: readonly string[]
  /** Where dates of adoption and base models come from; null where only what is given counts. */
  ledger: LedgerSource | null
}

export interface AuditProgress {
  onPhase(phase: 'opening' | 'counting' | 'estimating'): void
}
