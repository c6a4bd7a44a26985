import type { Actor } from '../../contract/actor.ts'
import type { PredicateKind } from '../../contract/predicates.ts'
import type { FactStatus } from '../../contract/trace.ts'
import { attestation, hopsFrom } from '../../ledger/custody.ts'
import { type Entry, entriesFrom } from '../../ledger/entry.ts'
import { type Deployment, deploymentsFrom } from '../../ledger/sites.ts'
import { modelsIn } from '../../ledger/statement.ts'
import { actorKey, type TrustedKey } from '../../ledger/trust.ts'
import type { Estate } from '../../store/estate.ts'
import type { LedgerHead } from '../../store/ledger.ts'
import { viewOf } from '../ledger-view.ts'
import { type MeasuredSummary, measuredSummary } from './measured-summary.ts'

/** What people recorded; what scans saw stands in tables of its own. */
const FOLLOWED = ['custody', 'deployed', 'retired', 'measured', 'incident'] as const
const KEYS = ['trusted', 'revoked'] as const satisfies readonly PredicateKind[]
const SCANNED = ['observed', 'printed', 'related'] as const satisfies readonly PredicateKind[]

/** Entries read at a time: a few MB. */
const PIECE = 1_000

/** Someone who is named in the log. */
export interface KnownActor {
  actor: Actor
  /** How often in which event. */
  events: Record<string, number>
  sites: Set<string>
  /** Of the first event. */
  since: string
  /** Copies taken and given up, as recorded. */
  holdings: { model: string; at: string; number: number; isEnd: boolean; status: FactStatus }[]
}

/** What lists of sites, actors and results are made of, read once and carried on with the log. */
export interface Chronicle {
  /** Of the log, so far as it is read. */
  size: number
  origin: string | null
  time: string | null
  /** The log's size when scans last entered something; lists of models hold until it changes. */
  scanned: number
  trust: ReadonlyMap<string, TrustedKey>
  actors: ReadonlyMap<string, KnownActor>
  handOvers: number
  unconfirmed: number
  incidents: number
  results: readonly MeasuredSummary[]
  deployments(): readonly Deployment[]
}

/** Follows the log of an estate: every call reads what was entered since the one before, where anything was written. */
export function chronicleOf(estate: Estate): () => Promise<Chronicle> {
  let state = emptyState()
  let version: string | null = null
  let last: Promise<unknown> = Promise.resolve()
  const advance = async (): Promise<Chronicle> => {
    const now = await estate.version()
    if (now === version) return state
    const head = await estate.ledgerHead()
    if (head !== null && head.size !== state.size) await readTo(head)
    version = now
    return state
  }
  const readTo = async (head: LedgerHead): Promise<void> => {
    const entered = await estate.entriesOf(KEYS, { from: state.size, to: head.size }, 1)
    if (entered.length > 0) {
      const { trust } = await viewOf(estate, null)
      // a key that came or went may change what every signature is worth
      if (isOtherTrust(trust, state.trust)) state = { ...emptyState(), trust }
    }
    const from = state.size
    for (let at = from; at < head.size; ) {
      const raw = await estate.entriesOf(FOLLOWED, { from: at, to: head.size }, PIECE)
      for (const entry of entriesFrom(raw, state.trust)) follow(state, entry)
      at = raw.length < PIECE ? head.size : raw.at(-1)!.number + 1
    }
    const isScanned = (await estate.entriesOf(SCANNED, { from, to: head.size }, 1)).length > 0
    state.size = head.size
    state.origin = head.origin
    state.time = head.time
    if (isScanned || from === 0) state.scanned = head.size
  }
  return () => {
    const next = last.then(advance, advance)
    last = next.catch(() => {})
    return next
  }
}

interface State extends Chronicle {
  trust: ReadonlyMap<string, TrustedKey>
  actors: Map<string, KnownActor>
  results: MeasuredSummary[]
  /** Hand-overs by their payload: an offer and its receipt are one. */
  offers: Map<string, { entries: Entry<'custody'>[]; confirmed: boolean }>
  placed: Entry[]
}

function emptyState(): State {
  let made: { of: number; deployments: Deployment[] } = { of: 0, deployments: [] }
  return {
    size: 0,
    origin: null,
    time: null,
    scanned: 0,
    trust: new Map(),
    actors: new Map(),
    handOvers: 0,
    unconfirmed: 0,
    incidents: 0,
    results: [],
    offers: new Map(),
    placed: [],
    deployments() {
      if (made.of !== this.placed.length) made = { of: this.placed.length, deployments: deploymentsFrom(this.placed) }
      return made.deployments
    },
  } as State
}

function isOtherTrust(now: ReadonlyMap<string, TrustedKey>, before: ReadonlyMap<string, TrustedKey>): boolean {
  if (now.size !== before.size) return true
  return [...now].some(([id, key]) => JSON.stringify(standing(before.get(id))) !== JSON.stringify(standing(key)))
}

function standing(key: TrustedKey | undefined) {
  return key && [key.use, key.actor, key.expires, key.revoked]
}

function follow(state: State, entry: Entry): void {
  switch (entry.statement.kind) {
    case 'custody':
      followCustody(state, entry as Entry<'custody'>)
      return
    case 'deployed':
    case 'retired':
      followSite(state, entry as Entry<'deployed'> | Entry<'retired'>)
      return
    case 'measured':
      state.results.push(measuredSummary(entry as Entry<'measured'>))
      return
    case 'incident': {
      const { by, at } = entry.statement.predicate
      state.incidents++
      if (by) tell(state, by, 'incident', at)
      return
    }
    default:
  }
}

function followCustody(state: State, entry: Entry<'custody'>): void {
  const { event, from, to, at } = entry.statement.predicate
  const known = state.offers.get(entry.signed.payload)
  const entries = [...(known?.entries ?? []), entry]
  const [hop] = hopsFrom(entries)
  if (event === 'handed-over') {
    if (!known) state.handOvers++
    if (known && !known.confirmed) state.unconfirmed--
    if (!hop!.confirmed) state.unconfirmed++
  }
  if (event === 'handed-over') state.offers.set(entry.signed.payload, { entries, confirmed: hop!.confirmed })
  if (known) return
  for (const actor of [from, to]) {
    if (actor === null) continue
    const told = tell(state, actor, event, at)
    for (const model of modelsIn(entry.statement))
      told.holdings.push({ model, at, number: entry.number, isEnd: false, status: hop!.status })
  }
}

function followSite(state: State, entry: Entry<'deployed'> | Entry<'retired'>): void {
  state.placed.push(entry)
  const { actor, site, at } = entry.statement.predicate
  if (actor === null) return
  const { kind } = entry.statement
  const told = tell(state, actor, kind, at)
  if (site !== null) told.sites.add(site)
  // a site's end is not the end of holding a copy; a retirement without a site is
  if (kind === 'retired' && site !== null) return
  for (const model of modelsIn(entry.statement))
    told.holdings.push({ model, at, number: entry.number, isEnd: kind === 'retired', status: attestation(entry) })
}

function tell(state: State, actor: Actor, event: string, at: string): KnownActor {
  const key = actorKey(actor)
  const known = state.actors.get(key) ?? { actor, events: {}, sites: new Set(), since: at, holdings: [] }
  known.events[event] = (known.events[event] ?? 0) + 1
  if (at < known.since) known.since = at
  state.actors.set(key, known)
  return known
}

/** The models that someone has a copy of, by what was recorded. */
export function heldBy({ holdings }: KnownActor): string[] {
  const held = new Set<string>()
  const inOrder = [...holdings].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.number - b.number))
  for (const { model, isEnd } of inOrder)
    if (isEnd) held.delete(model)
    else held.add(model)
  return [...held]
}
