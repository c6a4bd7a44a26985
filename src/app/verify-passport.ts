import { createHash } from 'node:crypto'
import type { NamedActor } from '../contract/actor.ts'
import { CommandError } from '../contract/command-error.ts'
import { PASSPORT_MAJOR, type Passport, type PassportOpen, type PassportReport } from '../contract/passport.ts'
import type { Print } from '../identify/print.ts'
import { decodePrint } from '../identify/print-file-decode.ts'
import { withCarried } from '../ledger/carried.ts'
import { type Entry, ofKind } from '../ledger/entry.ts'
import { decodeBase64 } from '../ledger/note.ts'
import { type CheckedPassport, checkPassport, type PassportFaultAt, vouchers } from '../ledger/passport-check.ts'
import { readPassport } from '../ledger/passport-file.ts'
import { deploymentsFrom } from '../ledger/sites.ts'
import { modelsIn } from '../ledger/statement.ts'
import { type NameActor, shownSignatures } from './ledger-view.ts'
import { passportClaims } from './passport-claims.ts'
import { type AtHand, heldAgainst } from './passport-model.ts'
import type { GivenFile } from './receipt.ts'
import { resultsOf } from './results.ts'
import { eventOf, factsOf, hopsOf } from './trace.ts'

export interface VerifyPassportOptions {
  /** Ids of the keys to be believed. */
  trusted: ReadonlySet<string>
  /** The model at hand, read. */
  model: AtHand | null
}

/** A passport with everything that a check of it found. */
export interface VerifiedPassport {
  report: PassportReport
  passport: Passport
  checked: CheckedPassport
  prints: { id: string; name: string; bytes: Uint8Array; print: Print }[]
}

/**
 * Checks a passport by itself: no record, no network, and no belief in anybody but the keys given. Throws `CommandError` for
 * what is no passport, or one of a newer major version.
 */
export function verifyPassport(file: GivenFile, { trusted, model }: VerifyPassportOptions): VerifiedPassport {
  const read = readPassport(file.text)
  if (read.kind === 'newer')
    throw new CommandError({
      code: 'newer-passport',
      path: file.path,
      version: read.version,
      known: `${PASSPORT_MAJOR}`,
    })
  if (read.kind === 'none') throw new CommandError({ code: 'bad-given-file', path: file.path, what: 'passport' })
  const { passport } = read
  const checked = checkPassport(read)
  const { prints, faults: damaged } = printsIn(passport)
  const faults = [...checked.faults, ...damaged]
  const entries = withCarried(checked.entries, checked.trust)
  const facts = factsIn(passport, entries)
  const atHand = model && heldAgainst(model, passport, prints)
  const claims = passportClaims(passport, entries, facts.relations, atHand, actorOf)
  const given = new Set(vouchers(checked, trusted).map(({ keyid }) => keyid))
  const isDisputed = atHand?.same === false || claims.some(({ status }) => status === 'disputed')
  const report: PassportReport = {
    schema: 'yukue.verify-passport/1',
    path: file.path,
    sha256: createHash('sha256').update(file.text).digest('hex'),
    bytes: Buffer.byteLength(file.text),
    verdict: faults.length > 0 ? 'refused' : given.size === 0 ? 'undecided' : isDisputed ? 'disputed' : 'verified',
    faults,
    open: openIn({ passport, checked, claims, hops: facts.hops, atHand, given, newerMinor: read.newerMinor, trusted }),
    version: `${PASSPORT_MAJOR}.${passport.minor}`,
    issued: passport.issued,
    model: passport.model,
    log: checked.checkpoint && {
      origin: checked.checkpoint.origin,
      size: checked.checkpoint.size,
      root: Buffer.from(checked.checkpoint.root).toString('base64'),
    },
    signers: signersOf(checked, given),
    statements: passport.statements.length,
    leftOut: passport.leftOut,
    prints: prints.map(({ id, name }) => ({ id, name })),
    forms: passport.forms,
    names: { ...namesIn(entries), ...(atHand ? { [atHand.id]: atHand.name } : {}) },
    ...facts,
    claims,
    atHand,
  }
  return { report, passport, checked, prints }
}

/** Persons stay commitments: their names are beside the sender's log only. */
const actorOf: NameActor = (actor): NamedActor =>
  actor.kind === 'person'
    ? { kind: 'person', name: null, id: `person:${actor.commitment}` }
    : { kind: actor.kind, name: actor.name, id: `${actor.kind}:${actor.name}` }

function printsIn({ prints }: Passport): { prints: VerifiedPassport['prints']; faults: PassportFaultAt[] } {
  const faults: PassportFaultAt[] = []
  const read = prints.flatMap(({ model, name, print: text }) => {
    const encoded = decodeBase64(text)
    // numbers are read in place, and need to begin where numbers may
    const bytes = encoded && new Uint8Array(encoded)
    const decoded = bytes && decodePrint(bytes, name)
    if (bytes !== null && decoded?.ok && decoded.print.id === model)
      return [{ id: model, name, bytes, print: decoded.print }]
    faults.push({ code: 'damaged-print', at: null, detail: model })
    return []
  })
  return { prints: read, faults }
}

type Facts = Pick<PassportReport, 'relations' | 'hops' | 'sites' | 'evaluations' | 'results' | 'incidents'>

function factsIn({ model }: Passport, entries: readonly Entry[]): Facts {
  const own = entries.filter(({ statement }) => modelsIn(statement).includes(model.id))
  const sites = deploymentsFrom(own).filter((deployment) => deployment.model === model.id)
  return {
    relations: relationsIn(entries),
    hops: hopsOf(own, actorOf),
    sites: sites.map(({ entry, model: deployed, until }) => {
      const { site, actor, role, purpose, jurisdiction, place } = entry.statement.predicate
      const shown = { site, model: deployed, actor: actor && actorOf(actor), role, purpose, jurisdiction, place, until }
      return { ...shown, ...eventOf(entry, actorOf) }
    }),
    ...factsOf(own, actorOf),
    results: resultsOf(own, actorOf),
  }
}

/** Relations that the sender measured and has not withdrawn, the latest of each child. */
function relationsIn(entries: readonly Entry[]): PassportReport['relations'] {
  const standing = new Map<string, PassportReport['relations'][number]>()
  for (const { statement } of ofKind(entries, 'related')) {
    const { state, relation } = statement.predicate
    const key = JSON.stringify([relation.child, relation.parents.map(({ id }) => id)])
    if (state === 'found') standing.set(key, relation)
    else standing.delete(key)
  }
  return [...standing.values()]
}

function namesIn(entries: readonly Entry[]): Record<string, string> {
  return Object.fromEntries(
    ofKind(entries, 'printed').flatMap(({ statement }) =>
      modelsIn(statement).map((id) => [id, statement.predicate.name] as const),
    ),
  )
}

function signersOf({ signers, trust }: CheckedPassport, given: ReadonlySet<string>): PassportReport['signers'] {
  return shownSignatures(signers, actorOf).map(({ key, actor, result }) => ({
    key,
    name: trust.get(key)?.key.name ?? '',
    actor,
    result,
    given: given.has(key),
  }))
}

interface Found {
  passport: Passport
  checked: CheckedPassport
  claims: PassportReport['claims']
  hops: PassportReport['hops']
  atHand: PassportReport['atHand']
  given: ReadonlySet<string>
  newerMinor: boolean
  trusted: ReadonlySet<string>
}

/** What the check could not tell, and which of it the receiver can still find out. */
function openIn({
  passport,
  checked,
  claims,
  hops,
  atHand,
  given,
  newerMinor,
  trusted,
}: Found): PassportReport['open'] {
  const open: PassportReport['open'] = []
  const add = (code: PassportOpen, detail: string | null = null) => open.push({ code, detail })
  if (trusted.size === 0) add('no-key')
  else if (given.size === 0) add('not-vouched')
  if (atHand === null) add('no-weights')
  if (newerMinor) add('newer-minor', `${PASSPORT_MAJOR}.${passport.minor}`)
  if (checked.unknown > 0) add('unknown-statements', `${checked.unknown}`)
  const kept = Object.values(passport.leftOut).reduce((sum, count) => sum + count, 0)
  if (kept > 0) add('left-out', `${kept}`)
  const unconfirmed = hops.filter(({ from, to, confirmed }) => from && to && from.id !== to.id && !confirmed).length
  if (unconfirmed > 0) add('unconfirmed-hand-over', `${unconfirmed}`)
  const unmeasured = claims.filter(({ status }) => status === 'declared' || status === 'attested').length
  if (unmeasured > 0) add('unmeasured-claim', `${unmeasured}`)
  if (passport.prints.length === 0) add('no-prints')
  return open
}
