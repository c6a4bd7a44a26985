import type { ModelSummary, Models } from '../../contract/api.ts'
import { type CataloguedModel, compare, folded } from './catalogue.ts'
import { type Chronicle, heldBy } from './chronicle.ts'
import type { LiveEstate } from './live-estate.ts'
import { cursorOf, type Paging, placeIn } from './paging.ts'

export interface ModelsQuery extends Paging {
  query?: string | undefined
  change?: string | undefined
  format?: string | undefined
  site?: string | undefined
  /** An actor's id, or the name of one. */
  holder?: string | undefined
}

/** A page of the models that all of the filters leave, by name. */
export async function listModels(live: LiveEstate, query: ModelsQuery): Promise<Models> {
  const chronicle = await live.chronicle()
  const catalogue = await live.catalogue()
  const found = catalogue.matching(query.query ?? '')
  const filters = await filtersOf(live, chronicle, query)
  const left = filters.length === 0 ? found : found.filter(({ id }) => filters.every((filter) => filter.has(id)))
  const after = placeIn(query.cursor, ['string', 'string'])
  const from = after === null ? 0 : firstAfter(left, after)
  const page = left.slice(from, from + query.limit)
  const last = page.at(-1)
  return {
    items: await summariesOf(live, page),
    next: last && from + query.limit < left.length ? cursorOf([last.name, last.id]) : null,
    total: left.length,
  }
}

async function filtersOf(
  { estate, today }: LiveEstate,
  chronicle: Chronicle,
  { change, format, site, holder }: ModelsQuery,
): Promise<ReadonlySet<string>[]> {
  const filters: ReadonlySet<string>[] = []
  if (change !== undefined) filters.push(new Set(await estate.madeBy(change)))
  if (format !== undefined) filters.push(new Set(await estate.ofFormat(format)))
  if (site !== undefined) {
    const there = deploymentsNow(chronicle, today()).filter(({ entry }) => entry.statement.predicate.site === site)
    filters.push(new Set(there.map(({ model }) => model)))
  }
  if (holder !== undefined) {
    const wanted = folded(holder)
    const meant = [...chronicle.actors].filter(
      ([key, { actor }]) => folded(key) === wanted || (actor.kind !== 'person' && folded(actor.name) === wanted),
    )
    filters.push(new Set(meant.flatMap(([, actor]) => heldBy(actor))))
  }
  return filters
}

function firstAfter(models: readonly CataloguedModel[], [name, id]: readonly [string, string]): number {
  let [from, to] = [0, models.length]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const model = models[middle]!
    if ((compare(model.name, name) || compare(model.id, id)) <= 0) from = middle + 1
    else to = middle
  }
  return from
}

/** What lists show of models, in their order; those not on record are left out. */
export async function summariesOf(
  { figuresOf, chronicle, today }: LiveEstate,
  models: readonly { id: string; name: string }[],
): Promise<ModelSummary[]> {
  const figures = await figuresOf(models.map(({ id }) => id))
  const sites = sitesByModel(await chronicle(), today())
  return models.flatMap(({ id, name }) => {
    const found = figures.get(id)
    if (!found) return []
    const changes = new Set(found.changes.flatMap((text): ModelSummary['changes'] => JSON.parse(text)))
    const { parameters, origin, copies, gone, parents, children } = found
    return [
      {
        id,
        name,
        parameters,
        quantisation: found.quantisation === null ? null : JSON.parse(found.quantisation),
        origin,
        formats: [...found.formats].sort(),
        copies,
        gone,
        changes: [...changes],
        parents,
        children,
        sites: sites.get(id) ?? [],
      },
    ]
  })
}

/** Deployments that have not ended. */
function deploymentsNow(chronicle: Chronicle, today: string) {
  return chronicle.deployments().filter(({ until }) => until === null || until > today)
}

/** Where models are in use now. */
export function sitesByModel(chronicle: Chronicle, today: string): Map<string, string[]> {
  const sites = new Map<string, string[]>()
  for (const { model, entry } of deploymentsNow(chronicle, today)) {
    const { site } = entry.statement.predicate
    const known = sites.get(model)
    if (!known) sites.set(model, [site])
    else if (!known.includes(site)) known.push(site)
  }
  return sites
}
