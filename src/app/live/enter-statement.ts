import type { StatementAnswer } from '../../contract/api-work.ts'
import { CommandError, type StatementRefusal } from '../../contract/command-error.ts'
import type { Envelope } from '../../contract/envelope.ts'
import type { PredicateKind } from '../../contract/predicates.ts'
import { signedFrom } from '../../ledger/dsse.ts'
import { draftOf } from '../../ledger/journal.ts'
import { statementFrom } from '../../ledger/statement.ts'
import { judged } from '../../ledger/trust.ts'
import { viewOf } from '../ledger-view.ts'
import { withEstate } from '../with-estate.ts'
import type { LiveEstate } from './live-estate.ts'

/**
 * What others can state. What scans see, whose keys are trusted, and what passports bring is for the estate alone to say: a caller who could enter
 * those would make facts of claims.
 */
const FROM_OUTSIDE: readonly PredicateKind[] = [
  'custody',
  'deployed',
  'retired',
  'claimed',
  'evaluated',
  'incident',
  'measured',
  'charter',
  'notified',
]

/** Enters a statement that was signed elsewhere, by a key that stands here as a signer's; each once. */
export function enterStatement(live: LiveEstate, envelope: Envelope): Promise<StatementAnswer> {
  const signed = signedFrom(envelope)
  const statement = signed && statementFrom(signed.payload)
  if (signed === null || statement === null || typeof statement === 'string') throw refused('not-a-statement')
  if (!FROM_OUTSIDE.includes(statement.kind)) throw refused('not-from-outside')
  return withEstate(live.location, async (estate) => {
    const view = await viewOf(estate, null)
    const time = (live.signing.now ?? (() => new Date()))().toISOString()
    const results = judged(signed, view.trust, time).map(({ result }) => result)
    if (results.includes('bad')) throw refused('bad-signature')
    if (!results.includes('good')) throw refused('unknown-key')
    const draft = draftOf(statement, signed)
    const number = await estate.enterOnce(draft)
    if (number === null) throw refused('known')
    return { number, kind: statement.kind }
  })
}

function refused(why: StatementRefusal): CommandError {
  return new CommandError({ code: 'refused-statement', why })
}
