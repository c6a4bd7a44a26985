import type { SiteSummary } from '../../contract/api.ts'
import type { SiteReport } from '../../contract/site.ts'
import { attestation } from '../../ledger/custody.ts'
import type { Deployment } from '../../ledger/sites.ts'
import { shownSignatures } from '../ledger-view.ts'
import { siteIn } from '../site.ts'
import { folded } from './catalogue.ts'
import { type LiveEstate, namesOf, shownActors } from './live-estate.ts'
import { type Paging, pageOf } from './paging.ts'

/** Sites with the deployment that holds, or the last one; by name. */
export async function listSites(
  live: LiveEstate,
  query: Paging & { query?: string | undefined },
): Promise<{ items: SiteSummary[]; next: string | null }> {
  const chronicle = await live.chronicle()
  const today = live.today()
  const wanted = folded(query.query ?? '')
  const current = [...currentSites(chronicle.deployments(), today)].filter(([site]) => folded(site).includes(wanted))
  const { items, next } = pageOf(current.sort(byName), ([site]) => site, query)
  const models = new Map(
    (
      await namesOf(
        live,
        items.map(([, { model }]) => model),
      )
    ).map(({ id, name }) => [id, name]),
  )
  const summaries: SiteSummary[] = []
  for (const [site, deployment] of items) {
    const { entry, model, until } = deployment
    const { actor, role, purpose, jurisdiction, place, at, note } = entry.statement.predicate
    const signers = entry.signatures.flatMap((signature) => signature.actor ?? [])
    const named = await shownActors(live, [...(actor ? [actor] : []), ...signers])
    const result = chronicle.results.findLast((each) => each.site === site) ?? null
    summaries.push({
      site,
      name: site,
      model,
      modelName: models.get(model) ?? model,
      actor: actor && named(actor),
      role,
      purpose,
      jurisdiction,
      place,
      until,
      at,
      note,
      status: attestation(entry),
      statement: entry.number,
      signatures: shownSignatures(entry.signatures, named),
      current: until === null || until > today,
      verdict: await verdictAt(live, site, deployment),
      result: result?.number ?? null,
      severity: result?.severity ?? null,
    })
  }
  return { items: summaries, next }
}

/** Verdicts of one state of the estate, by site. */
interface Verdicts {
  state: string
  bySite: Map<string, SiteReport['verdict']>
}

const verdicts = new WeakMap<LiveEstate, Verdicts>()

/** A verdict follows from what scans saw, the site's last deployment, and the day: it is found once for each. */
async function verdictAt(live: LiveEstate, site: string, { entry, until }: Deployment): Promise<SiteReport['verdict']> {
  const state = `${(await live.chronicle()).scanned} ${live.today()}`
  const known = verdicts.get(live)
  const { bySite } = known?.state === state ? known : { bySite: new Map<string, SiteReport['verdict']>() }
  if (known?.state !== state) verdicts.set(live, { state, bySite })
  const key = `${entry.number} ${until} ${site}`
  const found = bySite.get(key) ?? (await siteIn(live.estate, site, live.now, { isBrief: true })).verdict
  bySite.set(key, found)
  return found
}

/** The deployment that holds at each site, or the last one there. */
export function currentSites(deployments: readonly Deployment[], today: string): Map<string, Deployment> {
  const sites = new Map<string, Deployment>()
  for (const deployment of deployments) {
    const { site } = deployment.entry.statement.predicate
    const known = sites.get(site)
    const holds = deployment.until === null || deployment.until > today
    const held = known !== undefined && (known.until === null || known.until > today)
    if (holds || !held) sites.set(site, deployment)
  }
  return sites
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
