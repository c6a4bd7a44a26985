import type { Entry } from '../ledger/entry.ts'
import { type Deployment, deploymentsFrom } from '../ledger/sites.ts'
import { DEPLOYMENTS_TOPIC, modelsIn, siteTopic } from '../ledger/statement.ts'
import type { LedgerView } from './ledger-view.ts'

const KINDS = ['deployed', 'retired'] as const

/** Up to so many models are looked up one by one; beyond, going through all deployments is quicker. */
const MAX_LOOKED_UP = 1_000

/** Where a model and what descends from it is or was in use. */
export async function sitesOf(view: LedgerView, model: string, descendants: readonly string[]): Promise<Deployment[]> {
  const models = new Set([model, ...descendants])
  const found = await deployed(view, models)
  const sites = found.flatMap(({ statement }) =>
    statement.kind === 'deployed' ? [siteTopic(statement.predicate.site)] : [],
  )
  // what came to a site later ended what was there, whatever it was
  const later = await view.about([...new Set(sites)], KINDS)
  const all = new Map([...found, ...later].map((entry) => [entry.number, entry]))
  return deploymentsFrom([...all.values()]).filter((deployment) => models.has(deployment.model))
}

async function deployed(view: LedgerView, models: ReadonlySet<string>): Promise<Entry[]> {
  if (models.size <= MAX_LOOKED_UP) return view.about([...models], KINDS)
  const all = await view.about([DEPLOYMENTS_TOPIC], KINDS)
  return all.filter(({ statement }) => modelsIn(statement).some((model) => models.has(model)))
}
