import type { PredicateKind } from '../contract/predicates.ts'
import { type Entry, entriesFrom, numberHere, ofKind } from '../ledger/entry.ts'
import { type Use, usesFrom } from '../ledger/sites.ts'
import { modelsIn, siteTopic } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { withForeign } from './exposures.ts'
import { endOfDay, type Sources } from './facts.ts'
import { graphOf } from './family-graph.ts'
import type { LedgerView } from './ledger-view.ts'
import { addEntry, nothingRecorded, type Recorded, type RecordedUse } from './recorded.ts'

/** Of ancestors it is enough to know what was said and found; where each of ten thousand lies, or is in use, no rule asks. */
const OF_ANCESTORS: readonly PredicateKind[] = ['claimed', 'evaluated', 'incident', 'imported']
/** What scans entered: its status is the relation's or the print's own, so that no signature has to be verified to tell it. */
const MEASURED_HERE: readonly PredicateKind[] = ['related', 'printed']
const OF_SUBJECTS: readonly PredicateKind[] = ['custody', 'deployed', 'retired', 'measured', 'observed']

/** What facts about these models are made from, as of a view: all that is recorded of them, their families, and their sites. */
export async function gatherModels(
  estate: Estate,
  view: LedgerView,
  models: readonly string[],
  asOf: string,
): Promise<Sources> {
  const edges = await estate.edgesAbove(models, view.size)
  const family = [...new Set([...models, ...edges.flatMap(({ parent, child }) => [parent, child])])]
  const ofFamily = await view.about(family, OF_ANCESTORS)
  const children = [...new Set([...models, ...edges.map(({ child }) => child)])]
  const ofScans = entriesFrom(await estate.entriesAbout(children, view.size, MEASURED_HERE), new Map())
  const ofSubjects = await view.about(models, OF_SUBJECTS)
  const sites = sitesIn(ofSubjects)
  const atSites = await view.about(sites.map(siteTopic), ['deployed', 'retired', 'measured'])
  const seen = await seenAt(estate, view, placesIn([...ofSubjects, ...atSites]))
  const entries = await entriesHere(view, [...ofFamily, ...ofScans, ...ofSubjects, ...atSites, ...seen])
  const recorded = recordedFrom(entries, endOfDay(asOf))
  const others = [...recorded.seen.values()].map(({ model }) => model)
  const names = await estate.modelsAt([...family, ...others], view.size)
  return sourcesFrom(asOf, recorded, graphOf(edges), namesOf(models, names))
}

/** What facts about a site are made from: about every model approved there, or lying there, now or before. */
export async function gatherSite(estate: Estate, view: LedgerView, site: string, asOf: string): Promise<Sources> {
  const entries = await view.about([siteTopic(site)])
  const there = await seenAt(estate, view, placesIn(entries))
  const models = new Set([...entries, ...there].flatMap(({ statement }) => modelsIn(statement)))
  return gatherModels(estate, view, [...models], asOf)
}

/** Facts name statements by their numbers here, and what was taken over comes when it came. */
async function entriesHere(view: LedgerView, entries: readonly Entry[]): Promise<Entry[]> {
  const here = (await withForeign(view, entries)).map((entry) => ({ ...entry, number: numberHere(entry) }))
  return here.sort((a, b) => a.number - b.number)
}

function recordedFrom(entries: readonly Entry[], end: string): Recorded {
  const recorded = nothingRecorded()
  for (const entry of entries) addEntry(recorded, entry, end)
  return recorded
}

function sitesIn(entries: readonly Entry[]): string[] {
  return [...new Set(ofKind(entries, 'deployed').map(({ statement }) => statement.predicate.site))]
}

function placesIn(entries: readonly Entry[]): string[] {
  return [...new Set(ofKind(entries, 'deployed').flatMap(({ statement }) => statement.predicate.place ?? []))]
}

/** All that scans entered of models that ever were at these places. */
async function seenAt(estate: Estate, view: LedgerView, places: readonly string[]): Promise<Entry[]> {
  const models = new Set<string>()
  for (const place of places)
    for (const model of (await estate.candidates(place, place, view.size)).byPath) models.add(model)
  return view.about([...models], ['observed'])
}

type Names = Sources['names']

/** Of a model that nobody has the bytes of, the name is in its id. */
function namesOf(models: readonly string[], found: ReadonlyMap<string, { name: string; parameters: number }>): Names {
  const declared = models.filter((id) => id.startsWith('declared:'))
  return new Map<string, { name: string; parameters: number | null }>([
    ...found,
    ...declared.map((id) => [id, { name: id.slice('declared:'.length), parameters: null }] as const),
  ])
}

/** Puts what was recorded in the order in which facts are made from it. */
export function sourcesFrom(asOf: string, recorded: Recorded, graph: Sources['graph'], names: Names): Sources {
  const usesOf = new Map<string, Use<RecordedUse>[]>()
  const usesAt = new Map<string, Use<RecordedUse>[]>()
  const add = (map: Map<string, Use<RecordedUse>[]>, key: string, use: Use<RecordedUse>) => {
    const before = map.get(key)
    if (before) before.push(use)
    else map.set(key, [use])
  }
  for (const use of usesFrom(recorded.uses)) {
    add(usesOf, use.model, use)
    if (use.event.site !== null) add(usesAt, use.event.site, use)
  }
  return { asOf, recorded, graph, names, usesOf, usesAt, paths: [...recorded.seen.keys()].sort() }
}
