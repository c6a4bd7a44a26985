import type { ActorSummary } from '../../contract/api.ts'
import { encodeVerifierKey } from '../../ledger/note.ts'
import { actorKey } from '../../ledger/trust.ts'
import { folded } from './catalogue.ts'
import { heldBy, type KnownActor } from './chronicle.ts'
import { type LiveEstate, namesOf, shownActors } from './live-estate.ts'
import { type Paging, pageOf } from './paging.ts'

/** Whoever is named in the log or has a key, with what they have and do; by what they are called. */
export async function listActors(
  live: LiveEstate,
  query: Paging & { query?: string | undefined },
): Promise<{ items: ActorSummary[]; next: string | null }> {
  const { actors, trust } = await live.chronicle()
  const keyed = [...trust.values()].filter(({ actor }) => !actors.has(actorKey(actor)))
  const silent = keyed.map(({ actor, since }): [string, KnownActor] => {
    return [actorKey(actor), { actor, events: {}, sites: new Set<string>(), since, holdings: [] }]
  })
  const all = [...actors, ...new Map(silent)]
  const named = await shownActors(
    live,
    all.map(([, { actor }]) => actor),
  )
  const wanted = folded(query.query ?? '')
  const rows = all
    .map(([key, known]) => ({ key, known, actor: named(known.actor) }))
    .filter(({ actor }) => folded(actor.name ?? actor.id).includes(wanted))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const { items, next } = pageOf(rows, ({ key }) => key, query)
  const summaries: ActorSummary[] = []
  for (const { key, known, actor } of items) {
    const keys = [...trust.values()].filter((trusted) => actorKey(trusted.actor) === key)
    summaries.push({
      actor,
      events: known.events,
      holds: await namesOf(live, heldBy(known)),
      sites: [...known.sites].sort(),
      keys: keys.map((trusted) => encodeVerifierKey(trusted.key)),
      since: known.since,
    })
  }
  return { items: summaries, next }
}
