import type { DiffReport } from '../contract/diff.ts'
import type { Translate } from '../report/language.ts'
import type { Diff } from './diff.ts'

/** The result as the contract has it. */
export function diffReportOf(diff: Diff, t: Translate): DiffReport {
  return {
    ...diff,
    unanswered: diff.unanswered.map((code) => ({ code, message: t(`diff.unanswered.${code}`) })),
  }
}
