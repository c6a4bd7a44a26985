import type { Actor } from '../contract/actor.ts'
import { CommandError, type ReceiptFault } from '../contract/command-error.ts'
import { envelope } from '../contract/envelope.ts'
import type { ReceiptReport } from '../contract/record.ts'
import type { Statements } from '../contract/statement.ts'
import { countersigned, encodeEnvelope, type Signed, signedFrom } from '../ledger/dsse.ts'
import { draftOf } from '../ledger/journal.ts'
import { placesFrom } from '../ledger/places.ts'
import { modelsIn, payloadTopic, statementFrom } from '../ledger/statement.ts'
import { type JudgedSignature, judged, sameActor } from '../ledger/trust.ts'
import type { Estate } from '../store/estate.ts'
import { findAt } from './find-model.ts'
import { type LedgerView, namesFor, viewOf } from './ledger-view.ts'
import { writerNamed } from './record.ts'
import { type Signing, withEstate } from './with-estate.ts'

/** A file that someone gave: where it lies, for messages, and what stands in it. */
export interface GivenFile {
  path: string
  text: string
}

export interface ReceiptOptions {
  key?: string | undefined
  /** The model as it arrived here; it must be the one handed over. */
  model?: string | undefined
}

/**
 * The other half of a hand-over. The receiver countersigns an offer and gives it back; the giver, when it comes back, enters
 * it. Both then hold one statement with two signatures. Refuses what does not fit, with the reason.
 */
export function takeReceipt(
  file: GivenFile,
  options: ReceiptOptions,
  location: string,
  signing: Signing = {},
): Promise<ReceiptReport & { envelope: string }> {
  return withEstate(
    location,
    async (estate) => {
      const handOver = handOverIn(file)
      const view = await viewOf(estate, null)
      const known = await estate.entriesAbout([payloadTopic(handOver.signed.payload)], view.size)
      const time = (signing.now ?? (() => new Date()))().toISOString()
      const signatures = judged(handOver.signed, view.trust, time)
      if (signatures.some(({ result }) => result === 'bad')) throw refused(file, 'bad-signature')
      if (known.some(({ signed }) => signed.signatures.length > 1)) throw refused(file, 'replayed')
      return known.length > 0
        ? confirm(estate, view, file, handOver, signatures)
        : accept(estate, view, file, handOver, signatures, options, location, signing)
    },
    signing,
  )
}

interface HandOver {
  signed: Signed
  statement: Statements['custody']
  from: Actor
  to: Actor
  model: string
}

function handOverIn(file: GivenFile): HandOver {
  const parsed = envelope.safeParse(jsonIn(file.text))
  const signed = parsed.success ? signedFrom(parsed.data) : null
  const statement = signed && statementFrom(signed.payload)
  if (signed === null || statement === null || typeof statement === 'string' || statement.kind !== 'custody')
    throw new CommandError({ code: 'bad-file', path: file.path, what: 'envelope' })
  const { from, to } = statement.predicate
  const [model] = modelsIn(statement)
  if (from === null || to === null || model === undefined)
    throw new CommandError({ code: 'bad-file', path: file.path, what: 'envelope' })
  return { signed, statement, from, to, model }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The giver's side: an offer of this log that has come back with the receiver's signature. */
async function confirm(
  estate: Estate,
  view: LedgerView,
  file: GivenFile,
  { signed, statement, from, to, model }: HandOver,
  signatures: JudgedSignature[],
) {
  if (signed.signatures.length < 2) throw refused(file, 'unsigned')
  if (!isSignedBy(from, signatures)) throw refused(file, 'unknown-giver')
  if (!isSignedBy(to, signatures)) throw refused(file, 'unknown-receiver')
  await estate.enter(() => [draftOf(statement, signed)])
  return reportOf(estate, view, 'giver', { signed, statement, from, to, model })
}

/** The receiver's side: an offer of someone else's. */
async function accept(
  estate: Estate,
  view: LedgerView,
  file: GivenFile,
  handOver: HandOver,
  signatures: JudgedSignature[],
  options: ReceiptOptions,
  location: string,
  signing: Signing,
) {
  const { signed, statement, from, to, model } = handOver
  if (signed.signatures.length > 1) throw refused(file, 'no-offer')
  if (!isSignedBy(from, signatures)) throw refused(file, 'unknown-giver')
  const writer = writerNamed(location, options.key, signing)
  if (!sameActor(writer.actor, to)) throw refused(file, 'not-for-you')
  if (options.model !== undefined && (await findAt(estate, view, options.model)).id !== model)
    throw refused(file, 'other-model')
  const both = countersigned(signed, writer.key)
  await estate.enter(() => [draftOf(statement, both)])
  return reportOf(estate, view, 'receiver', { ...handOver, signed: both })
}

async function reportOf(
  estate: Estate,
  view: LedgerView,
  side: 'giver' | 'receiver',
  { signed, from, to, model }: HandOver,
): Promise<ReceiptReport & { envelope: string }> {
  const entries = await view.about([model], ['observed', 'custody'])
  const named = await namesFor(estate, entries, view.trust)
  return {
    schema: 'yukue.receipt/1',
    side,
    model,
    from: named(from),
    to: named(to),
    statement: (await estate.ledgerHead())!.size - 1,
    seen: placesFrom(entries).present.length > 0,
    envelope: encodeEnvelope(signed),
  }
}

function isSignedBy(actor: Actor, signatures: readonly JudgedSignature[]): boolean {
  return signatures.some(
    (signature) => signature.result === 'good' && signature.actor !== null && sameActor(signature.actor, actor),
  )
}

function refused({ path }: GivenFile, why: ReceiptFault): CommandError {
  return new CommandError({ code: 'refused-receipt', path, why })
}
