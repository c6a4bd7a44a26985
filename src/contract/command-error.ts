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
  | { code: 'unreadable-model'; problem: Problem }
  | { code: 'cannot-write'; path: string; reason: string }
  | { code: 'estate-corrupt' | 'estate-newer' | 'estate-busy' | 'estate-unusable'; path: string; message: string }
  | LogFault

/** Thrown when the command cannot be done: one clear error, exit code 2. */
export class CommandError extends Error {
  readonly fault: CommandFault

  constructor(fault: CommandFault) {
    super(JSON.stringify(fault))
    this.name = 'CommandError'
    this.fault = fault
  }
}
