import { type Deployment, deploymentsFrom } from '../ledger/sites.ts'
import { DEPLOYMENTS_TOPIC, modelsIn, siteTopic } from '../ledger/statement.ts'
import type { LedgerView } from './ledger-view.ts'

const KINDS = ['deployed', 'retired'] as const

/** Up to so many models are looked up one by one; beyond, going through all deployments is quicker. */
const MAX_LOOKED_UP = 1_000

/** Where a model and what descends from it is or was in use. */
export async function sitesOf(view: LedgerView, model: string, descendants: readonly string[]): Promise<Deployment[]> {
  const isAll = descendants.length >= MAX_LOOKED_UP
  const found = await view.about(isAll ? [DEPLOYMENTS_TOPIC] : [model, ...descendants], KINDS)
  // a million ids make a large set: only those that are in use anywhere matter
  const inUse = new Set(found.flatMap(({ statement }) => modelsIn(statement)))
  const models = new Set([model, ...descendants.filter((id) => inUse.has(id))])
  const sites = found.flatMap(({ statement }) =>
    statement.kind === 'deployed' ? [siteTopic(statement.predicate.site)] : [],
  )
  // what came to a site later ended what was there, whatever it was
  const later = isAll ? [] : await view.about([...new Set(sites)], KINDS)
  const all = new Map([...found, ...later].map((entry) => [entry.number, entry]))
  return deploymentsFrom([...all.values()]).filter((deployment) => models.has(deployment.model))
}
