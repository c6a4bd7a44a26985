import type { Evidence } from '../contract/charter.ts'
import type { Texts } from './facts.ts'

/** What enters each kind of evidence. */
const ENTERED_BY: Record<Evidence, string> = {
  origin: 'yukue record created MODEL',
  licence: 'yukue record claimed MODEL --claim licence=NAME',
  evaluation: 'yukue record evaluated MODEL --suite NAME',
  'safety-evaluation': 'yukue record evaluated MODEL --suite safety-NAME',
  audit: 'yukue audit LOG --record --record-model MODEL',
  comparison: 'yukue compare PARENT CHILD --record',
  'confirmed-hand-over': 'yukue record offer MODEL --to HOLDER',
  'approved-form': 'yukue record deployed MODEL --site NAME --place FOLDER',
  'site-as-approved': 'yukue scan FOLDER',
}

/** What to do about evidence that is missing, by the kinds that were asked for. */
export function evidenceTodo(asked: readonly Evidence[]): Texts {
  const list = (separator: string, colon: string) =>
    asked.map((kind) => `${kind}${colon}${ENTERED_BY[kind]}`).join(separator)
  return {
    en: `Make what is missing, and enter it. ${list('; ', ': ')}.`,
    ja: `足りないものを用意し、記録する。${list('、', ': ')}。`,
  }
}
