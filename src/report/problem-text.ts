import type { Problem, ProblemCode } from '../contract/problem.ts'
import { problemValues } from '../contract/problem.ts'
import type { Translate } from './language.ts'

/** What happened, where in the file, and what to do. The values are as found: escape the result before showing it. */
export function problemMessage(t: Translate, problem: Problem): string {
  return t('list.sentences', { first: happened(t, problem), second: t(`problem.${problem.code}.advice`) })
}

/** A few words for a problem's code, also for one that a newer version has written. */
export function problemTitle(t: Translate, code: string): string {
  return isProblemCode(code) ? t(`problem.${code}.title`) : code
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemValues, code)
}

function happened(t: Translate, problem: Problem): string {
  switch (problem.code) {
    case 'truncated':
      return t('problem.truncated.happened', problem.values)
    case 'malformed':
      return t('problem.malformed.happened', problem.values)
    case 'limit':
      return t('problem.limit.happened', problem.values)
    case 'unsupported':
      return t('problem.unsupported.happened', problem.values)
    case 'unsafe-path':
      return t('problem.unsafe-path.happened', problem.values)
    case 'missing-file':
      return t('problem.missing-file.happened', problem.values)
    case 'hint-mismatch':
      return t('problem.hint-mismatch.happened', problem.values)
    case 'lfs-pointer':
      return t('problem.lfs-pointer.happened', problem.values)
    case 'crowded-folder':
      return t('problem.crowded-folder.happened', problem.values)
    case 'link-loop':
      return t('problem.link-loop.happened', problem.values)
    case 'unreadable':
      return t('problem.unreadable.happened', problem.values)
    case 'changed':
      return t('problem.changed.happened', problem.values)
  }
}
