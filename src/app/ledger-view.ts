import type { Actor, NamedActor } from '../contract/actor.ts'
import { CommandError } from '../contract/command-error.ts'
import type { PredicateKind } from '../contract/predicates.ts'
import type { Entry } from '../ledger/entry.ts'
import { KEYS_TOPIC, statementFrom } from '../ledger/statement.ts'
import { rootsOver, tilesFor } from '../ledger/tiles.ts'
import { endOf, type JudgedSignature, type TrustedKey, trustFrom } from '../ledger/trust.ts'
import type { Estate } from '../store/estate.ts'
import { judgedEntries } from './vouched.ts'

/** The log as far as it went at some time: what was known then. */
export interface LedgerView {
  /** RFC 3339; null: now. */
  asOf: string | null
  /** The moment up to which scans count. */
  time: string
  size: number
  trust: ReadonlyMap<string, TrustedKey>
  /** Entries about any of these topics, in order. */
  about(topics: readonly string[], kinds?: readonly PredicateKind[]): Promise<Entry[]>
}

/** No time can be later, and every time of the log compares with it as text. */
const FOREVER = '9999-12-31T23:59:59.999Z'

/** The log at the end of a day or at a time (`null`: now). */
export async function viewOf(estate: Estate, asOf: string | null): Promise<LedgerView> {
  const time = asOf === null ? FOREVER : new Date(endOf(validTime('--as-of', asOf))).toISOString()
  const size = asOf === null ? ((await estate.ledgerHead())?.size ?? 0) : await estate.sizeAt(time)
  const trust = trustFrom(
    (await estate.entriesAbout([KEYS_TOPIC], size)).flatMap(({ signed, time }) => {
      const statement = statementFrom(signed.payload)
      return typeof statement === 'string' ? [] : [{ statement, time }]
    }),
  )
  return { ...viewAt(estate, { size, trust }), asOf, time }
}

/** The log now, where its keys are known. */
export function viewAt(estate: Estate, { size, trust }: { size: number; trust: LedgerView['trust'] }): LedgerView {
  return {
    asOf: null,
    time: FOREVER,
    size,
    trust,
    about: async (topics, kinds) =>
      judgedEntries(estate, await estate.entriesAbout(topics, size, kinds), { size, trust }),
  }
}

/** A day or a time as commands take it; refuses anything else. */
export function validTime(option: string, value: string): string {
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/.test(value)
  if (!isTime || Number.isNaN(Date.parse(value))) {
    const takes = '2026-04-01, 2026-04-01T12:00:00Z'
    throw new CommandError({ code: 'bad-option', option, value, takes })
  }
  return value
}

/** The root of the log at a size. */
export async function rootAt(estate: Estate, size: number): Promise<Uint8Array> {
  const range = { from: 0, to: size }
  return rootsOver([range], await estate.tiles(tilesFor([range])))[0]!
}

export type NameActor = (actor: Actor) => NamedActor

/** How actors are shown; persons by their names, where those are (still) kept beside the log. */
export async function namesFor(
  estate: Estate,
  entries: readonly Entry[],
  trust: LedgerView['trust'],
): Promise<NameActor> {
  const commitments = new Set<string>()
  for (const { statement } of entries)
    for (const value of Object.values(statement.predicate)) {
      const commitment = commitmentIn(value)
      if (commitment !== null) commitments.add(commitment)
    }
  for (const { actor } of trust.values()) if (actor.kind === 'person') commitments.add(actor.commitment)
  const names = await estate.namesBehind([...commitments])
  return (actor) => {
    if (actor.kind !== 'person') return { kind: actor.kind, name: actor.name, id: `${actor.kind}:${actor.name}` }
    return { kind: 'person', name: names.get(actor.commitment) ?? null, id: `person:${actor.commitment}` }
  }
}

function commitmentIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('commitment' in value)) return null
  return typeof value.commitment === 'string' ? value.commitment : null
}

export function shownSignatures(signatures: readonly JudgedSignature[], named: NameActor) {
  return signatures.map(({ keyid, actor, result }) => ({ key: keyid, actor: actor && named(actor), result }))
}
