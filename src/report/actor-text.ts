import type { NamedActor } from '../contract/actor.ts'
import type { TraceReport } from '../contract/trace.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'

/** Digits of a commitment that people are shown. */
const SHORT_COMMITMENT = 12

/** An actor's name; a person whose name is not (or no longer) kept by the beginning of the commitment. */
export function actorText(t: Translate, actor: NamedActor | null): string {
  if (actor === null) return t('ledger.nobody')
  if (actor.name !== null) return shown(actor.name, 80)
  return t('ledger.person', { id: actor.id.replace(/^person:/, '').slice(0, SHORT_COMMITMENT) })
}

type Signatures = TraceReport['hops'][number]['signatures']

/** Who has signed, and what is wrong with the signatures that do not count. */
export function signaturesText(t: Translate, signatures: Signatures): string[] {
  const names = signatures.filter(({ result }) => result === 'good').map(({ actor }) => actorText(t, actor))
  const faults = signatures.flatMap(({ result }) => (result === 'good' ? [] : [t(`ledger.signature.${result}`)]))
  const signed =
    names.length > 0 ? t('ledger.signedBy', { names: names.join(t('list.separator')) }) : t('ledger.unsigned')
  return [signed, ...new Set(faults)]
}
