import type { CharterFault } from '../contract/charter.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'

/** What is wrong with a charter, where, and what belongs there. */
export function charterFaultText(t: Translate, path: string, { why, line, column, ...fault }: CharterFault): string {
  const at = fault.at === '' ? t('charter.error.top') : shown(fault.at)
  const found = shown(fault.found, 240)
  return t('charter.error.where', {
    path,
    line,
    column,
    what: t(`charter.error.${why}`, { at, found, expected: fault.expected }),
  })
}
