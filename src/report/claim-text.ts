import type { Claim } from '../contract/claims.ts'
import type { Translate } from './language.ts'

/** `base (model card)`, as found: escape before showing. */
export function claimTitle(t: Translate, { base, source }: Claim): string {
  return t('claim.line', { base, source: t(`claim.source.${source}`) })
}

/** `borne out: Its weights are related to those of that model.` */
export function claimVerdict(t: Translate, { verdict, reason }: Claim): string {
  return `${t(`claim.verdict.${verdict}`)}${t('list.colon')}${t(`claim.reason.${reason}`)}`
}

/** Repeats what the word beside it says. */
export function claimSign({ verdict }: Claim): string {
  return { verified: '✓', disputed: '✗', undecided: '?' }[verdict]
}
