import type { Graph, GraphEdge, Path } from '../../contract/api.ts'
import type { Verdict } from '../../contract/check.ts'
import { CommandError } from '../../contract/command-error.ts'
import type { NearEdge } from '../../store/graph.ts'
import { findOne } from '../find-model.ts'
import { sitesByModel } from './list-models.ts'
import type { LiveEstate } from './live-estate.ts'

/** A model's relatives at most `depth` relations away. `verdicts`: of the latest checks, by model. */
export async function modelGraph(
  live: LiveEstate,
  reference: string,
  { depth, limit }: { depth: number; limit: number },
  verdicts: ReadonlyMap<string, Verdict>,
): Promise<Graph> {
  const { estate } = live
  const { id } = await findOne(estate, reference)
  const near = await estate.neighbourhood(id, depth, limit)
  if (near === null) throw new CommandError({ code: 'unknown-model', model: reference })
  const chronicle = await live.chronicle()
  const known = await estate.modelsAt(
    near.models.map((model) => model.id),
    chronicle.size,
  )
  const sites = sitesByModel(chronicle, live.today())
  return {
    focus: id,
    nodes: near.models.flatMap(({ id, ...place }) => {
      const model = known.get(id)
      return model ? [{ ...model, ...place, verdict: verdicts.get(id) ?? null, sites: sites.get(id) ?? [] }] : []
    }),
    edges: near.edges.map(shownEdge),
    omitted: near.omitted,
  }
}

/** The shortest way from one model to another, whichever way the relations on it point. */
export async function modelPath({ estate, chronicle }: LiveEstate, reference: string, to: string): Promise<Path> {
  const [start, end] = [await findOne(estate, reference), await findOne(estate, to)]
  const way = await estate.pathBetween(start.id, end.id)
  const ids = way?.ids ?? []
  const known = await estate.modelsAt(ids, (await chronicle()).size)
  return {
    from: start.id,
    to: end.id,
    nodes: ids.flatMap((id) => known.get(id) ?? []),
    edges: (way?.edges ?? []).map(shownEdge),
  }
}

function shownEdge({ relation: _, changes, ...edge }: NearEdge): GraphEdge {
  return { ...edge, changes: JSON.parse(changes) }
}
