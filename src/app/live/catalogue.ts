import type { Estate } from '../../store/estate.ts'
import type { ListedModel } from '../../store/listings.ts'
import type { Chronicle } from './chronicle.ts'

/** Every model by name, with what is searched for it. */
export interface Catalogue {
  /** By name, then id: the order of lists. */
  models: readonly CataloguedModel[]
  /** Models whose name, path or id has these characters; the same list again while the estate stands still. */
  matching(query: string): readonly CataloguedModel[]
  byId: ReadonlyMap<string, CataloguedModel>
}

export interface CataloguedModel {
  id: string
  name: string
  /** Name and paths as they are searched: one letter case, one width. */
  text: string
}

/**
 * While a scan enters models all the time, a large catalogue is made anew no more often than this: reading 100,000 models takes a third of
 * a second.
 */
const RENEW_MS = 5_000

/** Below this many models it is made anew whenever something was entered. */
const SMALL = 5_000

/** Searches remembered, so that the next page of one costs nothing. */
const MAX_SEARCHES = 32

/**
 * Models are looked up in memory, where going through 100,000 names takes milliseconds: any part of a name, in any script, found the same
 * over either database, without an index that every scan would have to keep.
 */
export function catalogueOf(estate: Estate): (chronicle: Chronicle) => Promise<Catalogue> {
  let made: { of: number; at: number; catalogue: Promise<Catalogue> } | null = null
  return ({ scanned }) => {
    const isCurrent = made !== null && made.of === scanned
    if (made !== null && (isCurrent || performance.now() - made.at < RENEW_MS)) return made.catalogue
    const catalogue = estate.listedModels().then((models) => {
      if (models.length < SMALL && made?.catalogue === catalogue) made = { ...made, at: Number.NEGATIVE_INFINITY }
      return searchable(models)
    })
    const renewed = { of: scanned, at: performance.now(), catalogue }
    made = renewed
    catalogue.catch(() => {
      if (made === renewed) made = null
    })
    return catalogue
  }
}

function searchable(listed: readonly ListedModel[]): Catalogue {
  const models = listed
    .map(({ id, name, paths }) => ({ id, name, text: folded([name, ...paths].join('\n')) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id))
  const search = searchOver(models)
  const searches = new Map<string, readonly CataloguedModel[]>()
  return {
    models,
    byId: new Map(models.map((model) => [model.id, model])),
    matching(query) {
      const wanted = folded(query.trim())
      if (wanted === '') return models
      const known = searches.get(wanted)
      if (known) return known
      const found = search(wanted)
      if (searches.size >= MAX_SEARCHES) searches.delete(searches.keys().next().value!)
      searches.set(wanted, found)
      return found
    },
  }
}

/** All texts as one: a search goes through it once, several times as fast as through one text after the other. */
function searchOver(models: readonly CataloguedModel[]): (wanted: string) => readonly CataloguedModel[] {
  const all = models.map(({ text }) => text).join('\n')
  const ends = new Float64Array(models.length)
  let length = 0
  for (const [at, { text }] of models.entries()) {
    length += text.length + 1
    ends[at] = length
  }
  return (wanted) => {
    const digits = /^(?:blake3:)?([0-9a-f]{4,64})$/.exec(wanted)?.[1]
    if (digits !== undefined) {
      const prefix = `blake3:${digits}`
      return models.filter(({ id, text }) => id.startsWith(prefix) || text.includes(wanted))
    }
    // names are told apart by line feeds, so nothing with one is in a name
    if (wanted.includes('\n')) return []
    const found: CataloguedModel[] = []
    let at = 0
    for (let place = all.indexOf(wanted); place >= 0; place = all.indexOf(wanted, ends[at - 1])) {
      while (ends[at]! <= place) at++
      found.push(models[at]!)
      at++
      if (at === models.length) break
    }
    return found
  }
}

/** Full-width and half-width, upper and lower case are the same to whoever searches. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
