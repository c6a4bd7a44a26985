import type { Actor, NamedActor } from '../../contract/actor.ts'
import type { Estate } from '../../store/estate.ts'
import type { EstateCounts, ModelFigures } from '../../store/listings.ts'
import { type LedgerView, viewAt } from '../ledger-view.ts'
import { keepEstate, type Signing } from '../with-estate.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { type Chronicle, chronicleOf } from './chronicle.ts'

/** An estate that many ask at once: opened once, with what its lists are made of. */
export interface LiveEstate {
  location: string
  estate: Estate
  signing: Signing
  /** The day that verdicts and duties are of, in UTC. */
  today(): string
  now(): Date
  /** Another text after every write of any process. */
  version(): Promise<string>
  chronicle(): Promise<Chronicle>
  /** The log as it is now. */
  view(): Promise<LedgerView>
  catalogue(): Promise<Catalogue>
  /** Over the whole estate; the same until a scan enters something. */
  counts(): Promise<EstateCounts>
  /** What lists show of models, by id. */
  figuresOf(ids: readonly string[]): Promise<ReadonlyMap<string, ModelFigures>>
  close(): Promise<void>
}

export async function openLive(location: string, signing: Signing = {}): Promise<LiveEstate> {
  const { estate, close } = await keepEstate(location, signing)
  const chronicle = chronicleOf(estate)
  const catalogue = catalogueOf(estate)
  let counted: { of: number; counts: Promise<EstateCounts> } | null = null
  const now = signing.now ?? (() => new Date())
  return {
    location,
    estate,
    signing,
    today: () => now().toISOString().slice(0, 'YYYY-MM-DD'.length),
    now,
    version: estate.version,
    chronicle,
    view: async () => viewAt(estate, await chronicle()),
    counts: async () => {
      const { scanned } = await chronicle()
      if (counted?.of !== scanned) counted = { of: scanned, counts: estate.counts() }
      return counted.counts
    },
    catalogue: async () => catalogue(await chronicle()),
    figuresOf: figuresRemembered(estate, chronicle),
    close,
  }
}

/** Models whose figures are kept: some ten MB. */
const MAX_FIGURES = 20_000

/** Figures are those of scans, and hold until a scan enters something; the log may go on meanwhile. */
function figuresRemembered(estate: Estate, chronicle: () => Promise<Chronicle>): LiveEstate['figuresOf'] {
  let kept: { of: number; figures: Map<string, ModelFigures> } = { of: -1, figures: new Map() }
  return async (ids) => {
    const { scanned } = await chronicle()
    if (kept.of !== scanned || kept.figures.size > MAX_FIGURES) kept = { of: scanned, figures: new Map() }
    const { figures } = kept
    const unknown = ids.filter((id) => !figures.has(id))
    if (unknown.length > 0) for (const [id, found] of await estate.figuresOf(unknown)) figures.set(id, found)
    return figures
  }
}

/** Models by their names, where they are on record; a hosted one by what its id says. */
export async function namesOf(
  { catalogue }: LiveEstate,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const { byId } = await catalogue()
  return ids.map((id) => ({ id, name: byId.get(id)?.name ?? id.replace(/^declared:/, '') }))
}

/** How actors are shown; of persons the names that are kept beside the log. */
export async function shownActors(
  { estate }: LiveEstate,
  actors: readonly Actor[],
): Promise<(actor: Actor) => NamedActor> {
  const commitments = actors.flatMap((actor) => (actor.kind === 'person' ? [actor.commitment] : []))
  const names = await estate.namesBehind(commitments)
  return (actor) => {
    if (actor.kind !== 'person') return { kind: actor.kind, name: actor.name, id: `${actor.kind}:${actor.name}` }
    return { kind: 'person', name: names.get(actor.commitment) ?? null, id: `person:${actor.commitment}` }
  }
}
