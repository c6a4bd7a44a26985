import type { Actor } from '../contract/actor.ts'
import type { FactStatus } from '../contract/trace.ts'
import { type Entry, isSigned, isTampered, ofKind } from './entry.ts'
import { actorKey, type JudgedSignature, sameActor } from './trust.ts'

/** A custody event with all signatures that are known for it. */
export interface Hop {
  entry: Entry<'custody'>
  signatures: JudgedSignature[]
  status: FactStatus
  confirmed: boolean
}

/** Custody events in the order in which they happened; an offer and its receipt are one. */
export function hopsFrom(entries: readonly Entry[]): Hop[] {
  const byPayload = new Map<string, Entry<'custody'>[]>()
  for (const entry of ofKind(entries, 'custody')) {
    const same = byPayload.get(entry.signed.payload)
    if (same) same.push(entry)
    else byPayload.set(entry.signed.payload, [entry])
  }
  const hops = [...byPayload.values()].map(hopOf)
  return hops.sort(
    (a, b) =>
      compare(a.entry.statement.predicate.at, b.entry.statement.predicate.at) || a.entry.number - b.entry.number,
  )
}

function hopOf(entries: readonly Entry<'custody'>[]): Hop {
  const entry = entries[0]!
  const signatures = distinct(entries.flatMap((each) => each.signatures))
  return { entry, signatures, ...standingOf(entry, signatures) }
}

/**
 * A hand-over is verified only by both ends: a key of the giver's and another of the receiver's, over the same statement. One
 * end's word is attested, and not confirmed.
 */
function standingOf({ statement }: Entry<'custody'>, signatures: JudgedSignature[]): Pick<Hop, 'status' | 'confirmed'> {
  const { from, to } = statement.predicate
  if (isTampered({ signatures })) return { status: 'disputed', confirmed: false }
  const isHandOver = from !== null && to !== null && !sameActor(from, to)
  if (isHandOver && areBothSigned(from, to, signatures)) return { status: 'verified', confirmed: true }
  if (!isSigned({ signatures })) return { status: 'declared', confirmed: false }
  return { status: 'attested', confirmed: !isHandOver }
}

function areBothSigned(from: Actor, to: Actor, signatures: readonly JudgedSignature[]): boolean {
  const keysOf = (actor: Actor) =>
    signatures.filter((each) => each.result === 'good' && each.actor !== null && sameActor(each.actor, actor))
  return keysOf(from).some((giver) => keysOf(to).some((receiver) => receiver.keyid !== giver.keyid))
}

/** A good signature goes before another verdict of the same key: a receipt repeats the offer's. */
function distinct(signatures: readonly JudgedSignature[]): JudgedSignature[] {
  const byKey = new Map<string, JudgedSignature>()
  for (const signature of signatures) {
    const known = byKey.get(signature.keyid)
    if (known === undefined || known.result === 'unknown-key' || signature.result === 'bad')
      byKey.set(signature.keyid, signature)
  }
  return [...byKey.values()]
}

/** Who has a copy, by what was recorded: whoever made, received or deployed one and has not retired it since. */
export function holdersFrom(entries: readonly Entry[]): Holder[] {
  return holdersAmong([...heldBy(entries), ...givenUp(entries)])
}

export interface Holder {
  actor: Actor
  since: string
  status: FactStatus
}

/** Who holds a copy after all of these. */
export function holdersAmong(events: readonly Holding[]): Holder[] {
  const held = new Map<string, Holder>()
  for (const { actor, at, status } of [...events].sort((a, b) => compare(a.at, b.at) || a.number - b.number)) {
    const key = actorKey(actor)
    const known = held.get(key)
    if (status === null) held.delete(key)
    else if (!known) held.set(key, { actor, since: at, status })
    else if (RANK[status] > RANK[known.status]) held.set(key, { ...known, status })
  }
  return [...held.values()]
}

const RANK: Record<FactStatus, number> = { disputed: 0, declared: 1, inferred: 2, attested: 3, verified: 4 }

/** Somebody has a copy from then on, or gives it up. */
export interface Holding {
  actor: Actor
  at: string
  number: number
  /** Null where it ends. */
  status: FactStatus | null
}

/** By custody events and deployments. */
export function heldBy(entries: readonly Entry[]): Holding[] {
  const hops = hopsFrom(entries).flatMap(({ entry: { statement, number }, status }) => {
    const { from, to, at } = statement.predicate
    return [from, to].flatMap((actor) => (actor === null ? [] : [{ actor, at, number, status }]))
  })
  const sites = ofKind(entries, 'deployed').flatMap((entry) => {
    const { actor, at } = entry.statement.predicate
    return actor === null ? [] : [{ actor, at, number: entry.number, status: attestation(entry) }]
  })
  return [...hops, ...sites]
}

/** A site's end is not the end of holding a copy; a retirement without a site is. */
function givenUp(entries: readonly Entry[]): Holding[] {
  return ofKind(entries, 'retired').flatMap(({ statement, number }) => {
    const { actor, site, at } = statement.predicate
    return actor === null || site !== null ? [] : [{ actor, at, number, status: null }]
  })
}

/** What one party's word is worth: attested under its signature, declared without. */
export function attestation(entry: Pick<Entry, 'signatures'>): FactStatus {
  if (isTampered(entry)) return 'disputed'
  return isSigned(entry) ? 'attested' : 'declared'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
