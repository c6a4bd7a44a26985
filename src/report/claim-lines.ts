import type { Claim } from '../contract/claims.ts'
import { claimSign, claimTitle, claimVerdict } from './claim-text.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import type { TextContext } from './text-context.ts'

/** Each declared base with what the weights say of it, for a terminal. */
export function claimLines(claims: readonly Claim[], { t, width, paint }: Omit<TextContext, 'nameOf'>): string[] {
  return claims.flatMap((claim) => {
    const mark = { verified: paint.sure, disputed: paint.bad, undecided: paint.unsure }[claim.verdict]
    const told = wrap(claimVerdict(t, claim), width - 4).map((line) => `    ${line}`)
    return [`  ${mark(claimSign(claim))} ${shown(claimTitle(t, claim))}`, ...told]
  })
}
