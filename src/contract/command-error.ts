import type { CharterFault } from './charter.ts'
import type { LogFault } from './log-fault.ts'
import type { Problem } from './problem.ts'

/** Why a command could not be carried out. Closed: a new reason gets a text in every catalogue (src/report/error-text.ts). */
export type CommandFault =
  | { code: 'bad-hint'; hint: string; fault: string }
  | { code: 'bad-number'; option: string; value: string }
  | { code: 'no-such-path'; path: string }
  | { code: 'nothing-scanned' }
  | { code: 'unknown-model'; model: string }
  | { code: 'ambiguous-model'; model: string; count: number }
  | { code: 'no-model-given' }
  | { code: 'no-parent-given'; model: string }
  | { code: 'no-weights-at-hand'; model: string }
  /** `takes`: what it does take, as it would be typed. */
  | { code: 'bad-option'; option: string; value: string; takes?: string }
  | { code: 'missing-option'; option: string }
  | { code: 'key-exists'; name: string }
  | { code: 'no-such-key'; name: string }
  | { code: 'locked-key'; name: string }
  | { code: 'bad-key-file'; path: string }
  | { code: 'bad-file'; path: string; what: 'key' | 'envelope' | 'checkpoint' | 'witness-request' | 'backup' }
  | { code: 'bad-given-file'; path: string; what: GivenFileKind }
  | { code: 'newer-passport'; path: string; version: string; known: string }
  | { code: 'refused-passport'; path: string; why: PassportRefusal }
  | { code: 'empty-ledger' }
  | { code: 'no-such-statement'; number: string }
  | { code: 'outside-roots'; path: string }
  | { code: 'port-taken'; host: string; port: string; reason: string }
  | { code: 'no-such-token'; token: string }
  | { code: 'no-such-job'; job: string }
  | { code: 'refused-statement'; why: StatementRefusal }
  | { code: 'unknown-site'; site: string }
  | { code: 'bad-charter'; path: string; fault: CharterFault }
  | { code: 'unknown-charter'; name: string }
  | { code: 'no-charter-version'; name: string; version: string; latest: number }
  | { code: 'charter-not-in-force'; name: string; day: string }
  | { code: 'cannot-ask'; options: string }
  | { code: 'no-dossier-subject'; name: string }
  | { code: 'no-incident'; model: string }
  | { code: 'not-a-holder'; holder: string; model: string }
  | { code: 'unknown-pack'; pack: string; known: string[] }
  | { code: 'bad-rules'; path: string; faults: string[] }
  | { code: 'no-check-subject' }
  | { code: 'refused-receipt'; path: string; why: ReceiptFault }
  | { code: 'refused-checkpoint'; path: string; why: CheckpointFault }
  | { code: 'estate-not-empty'; path: string }
  | { code: 'unreadable-model'; problem: Problem }
  | { code: 'cannot-write' | 'cannot-read'; path: string; reason: string }
  | { code: 'estate-corrupt' | 'estate-newer' | 'estate-busy' | 'estate-unusable'; path: string; message: string }
  | LogFault

/** Files that others hand over. */
export type GivenFileKind = 'passport' | 'bundle' | 'signing-key' | 'bom' | 'card'

/** Why a passport is not taken over. */
export type PassportRefusal = 'faults' | 'not-vouched' | 'forked'

/** Why a statement that was signed elsewhere is not entered. */
export const STATEMENT_REFUSALS = [
  'not-a-statement',
  'not-from-outside',
  'bad-signature',
  'unknown-key',
  'known',
] as const
export type StatementRefusal = (typeof STATEMENT_REFUSALS)[number]

/** Why an offer or a receipt is not taken. */
export const RECEIPT_FAULTS = [
  'bad-signature',
  'unknown-giver',
  'unknown-receiver',
  'not-for-you',
  'other-model',
  'replayed',
  'no-offer',
  'unsigned',
] as const
export type ReceiptFault = (typeof RECEIPT_FAULTS)[number]

/** Why a witness does not cosign, or a log does not take what one returned. */
export const CHECKPOINT_FAULTS = [
  'unknown-log',
  'bad-signature',
  'rolled-back',
  'inconsistent',
  'other-log',
  'unknown-witness',
  'old-size',
] as const
export type CheckpointFault = (typeof CHECKPOINT_FAULTS)[number]

/** Thrown when the command cannot be done: one clear error, exit code 2. */
export class CommandError extends Error {
  readonly fault: CommandFault

  constructor(fault: CommandFault) {
    super(JSON.stringify(fault))
    this.name = 'CommandError'
    this.fault = fault
  }
}
