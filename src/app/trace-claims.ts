import type { TraceReport } from '../contract/trace.ts'
import { judgeClaim } from '../ledger/claims.ts'
import { type Entry, ofKind } from '../ledger/entry.ts'
import type { Estate } from '../store/estate.ts'
import type { FoundModel } from './find-model.ts'
import type { LedgerView, NameActor } from './ledger-view.ts'

type Claim = TraceReport['claims'][number]
type Event = Pick<Claim, 'at' | 'note' | 'status' | 'statement' | 'signatures'>

/** Everyone related to a model, by what it is to the model. */
export interface Relations {
  ancestors: Set<string>
  relatives: Set<string>
  descendants: Set<string>
}

/** What was claimed of a model, each held against what the weights say. */
export async function claimsOf(
  estate: Estate,
  view: LedgerView,
  model: FoundModel,
  entries: readonly Entry[],
  relationsOf: () => Relations,
  eventOf: (entry: Entry<'claimed'>) => Event,
  named: NameActor,
): Promise<Claim[]> {
  const claims: Claim[] = []
  const claimed = ofKind(entries, 'claimed')
  if (claimed.length === 0) return claims
  const relations = relationsOf()
  for (const entry of claimed) {
    const { subject, value, source, by } = entry.statement.predicate
    const isBase = subject === 'base' && model.parameters !== null
    const bases = isBase ? await basesMeant(estate, view, value, model.id) : []
    const quantisation = subject === 'quantisation' ? quantisationOf(entries) : undefined
    const judged = judgeClaim(entry, { bases, quantisation, ...relations })
    claims.push({ subject, value, source, by: by && named(by), ...eventOf(entry), ...judged })
  }
  return claims
}

/** A base is claimed by an id, by a name, or by a name with its publisher's before it. */
async function basesMeant(estate: Estate, { size }: LedgerView, value: string, self: string): Promise<string[]> {
  const names = [value, value.split('/').at(-1)!]
  const found = await Promise.all(names.map((name) => estate.candidates(name, '', size)))
  return [...new Set(found.flatMap(({ byName, byDigest }) => [...byName, ...byDigest]))].filter((id) => id !== self)
}

/** As a print says; undefined where none was made. */
function quantisationOf(entries: readonly Entry[]): { scheme: string; bits: number } | null | undefined {
  return ofKind(entries, 'printed').at(-1)?.statement.predicate.quantisation
}
