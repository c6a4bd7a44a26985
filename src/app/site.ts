import { CommandError } from '../contract/command-error.ts'
import type { SiteReport } from '../contract/site.ts'
import type { PredicateOf } from '../contract/statement.ts'
import { attestation } from '../ledger/custody.ts'
import { type Deployment, deploymentsFrom } from '../ledger/sites.ts'
import { siteTopic } from '../ledger/statement.ts'
import { relate } from '../relate/relate.ts'
import type { Estate } from '../store/estate.ts'
import type { KnownArtifact } from '../store/records.ts'
import { exposuresOf, withForeign } from './exposures.ts'
import { printsFrom } from './known-prints.ts'
import { type LedgerView, type NameActor, namesFor, shownSignatures, viewOf } from './ledger-view.ts'
import { resultsOf } from './results.ts'
import { withEstate } from './with-estate.ts'

type Difference = SiteReport['differences'][number]
type Form = NonNullable<PredicateOf<'deployed'>['approved']>

/** Whether what scans saw at a site is what was approved there; where it is not, what was done to it. */
export function site(name: string, location: string, now: () => Date = () => new Date()): Promise<SiteReport> {
  return withEstate(location, (estate) => siteIn(estate, name, now))
}

/** What was measured between two models, and incidents, take as long as the rest together: lists, which show neither, do without. */
export async function siteIn(
  estate: Estate,
  name: string,
  now: () => Date = () => new Date(),
  { isBrief = false }: { isBrief?: boolean } = {},
): Promise<SiteReport> {
  const view = await viewOf(estate, null)
  const entries = await view.about([siteTopic(name)])
  const deployments = deploymentsFrom(entries)
  const today = now().toISOString()
  const current = deployments.findLast(({ until }) => until === null || until > today) ?? deployments.at(-1)
  if (!current) throw new CommandError({ code: 'unknown-site', site: name })
  const named = await namesFor(estate, entries, view.trust)
  const { place, approved } = current.entry.statement.predicate
  const present = place === null ? [] : [...(await estate.knownArtifacts(place)).values()]
  const differences = await differencesOf(estate, current, approved, present, isBrief ? async () => null : measured)
  const names = await estate.modelsAt(
    present.map(({ model }) => model),
    view.size,
  )
  return {
    schema: 'yukue.site/1',
    site: name,
    verdict: verdictOf(current, present, differences, today),
    approved: shownSite(current, named),
    present: present.map(({ model, path, lastSeen }) => {
      return { model, name: names.get(model)?.name ?? model, path, lastSeen }
    }),
    differences,
    exposures: isBrief
      ? []
      : await exposuresAt(estate, view, [...new Set([current.model, ...present.map(({ model }) => model)])]),
    history: deployments.map((deployment) => shownSite(deployment, named)),
    results: resultsOf(entries, named),
  }
}

/** Ancestors that are looked through for incidents, the nearest first. */
const MAX_ANCESTORS = 2_000

async function exposuresAt(
  estate: Estate,
  view: LedgerView,
  models: readonly string[],
): Promise<NonNullable<SiteReport['exposures']>> {
  const exposures: NonNullable<SiteReport['exposures']> = []
  for (const model of models) {
    const own = await withForeign(view, await view.about([model]))
    const ancestors = await estate.walk(model, view.size, 'ancestors', MAX_ANCESTORS)
    const found = await exposuresOf(estate, view, model, ancestors, own)
    exposures.push(...found.filter(({ settledBy }) => settledBy === null).map((each) => ({ ...each, model })))
  }
  return exposures
}

function verdictOf(
  { entry, until }: Deployment,
  present: readonly KnownArtifact[],
  differences: readonly Difference[],
  today: string,
): SiteReport['verdict'] {
  if (until !== null && until <= today) return 'ended'
  if (entry.statement.predicate.place === null) return 'not-comparable'
  if (present.length === 0) return 'not-seen'
  if (differences.length > 0) return 'changed'
  // the weights are the approved ones, and nobody said in which form
  return entry.statement.predicate.approved === null ? 'not-comparable' : 'as-approved'
}

async function differencesOf(
  estate: Estate,
  { model }: Deployment,
  approved: Form | null,
  present: readonly KnownArtifact[],
  measure: typeof measured,
): Promise<Difference[]> {
  const differences: Difference[] = []
  for (const artifact of present) {
    if (artifact.model !== model) {
      const relation = await measure(estate, model, artifact.model)
      differences.push({ kind: 'model', model: artifact.model, path: artifact.path, relation })
    } else if (approved !== null && artifact.layout !== approved.layout)
      differences.push({ kind: 'layout', path: artifact.path })
    if (approved !== null) differences.push(...sideDifferences(approved, artifact))
  }
  return differences
}

/** What lies between two models by their prints; null where one has none, or where they are strangers. */
async function measured(estate: Estate, approved: string, present: string) {
  const stored = await Promise.all([estate.print(approved), estate.print(present)])
  if (stored.includes(null)) return null
  const prints = printsFrom(estate, new Map())
  const { relations } = relate([await prints.get(approved), await prints.get(present)])
  return relations[0] ?? null
}

function sideDifferences({ sideFiles }: Form, artifact: KnownArtifact): Difference[] {
  const nameOf = (path: string) => path.split(/[\\/]/).at(-1)!
  const before = new Map(sideFiles.map((file) => [nameOf(file.path), file]))
  const now = new Map(artifact.sideFiles.map((file) => [nameOf(file.path), file]))
  const differing = [...now].flatMap(([name, { path, role, sha256 }]): Difference[] => {
    const former = before.get(name)
    if (former?.sha256 === sha256) return []
    return [{ kind: 'side-file', path, role, change: former ? 'changed' : 'added' }]
  })
  const missing = [...before].flatMap(([name, { path, role }]): Difference[] =>
    now.has(name) ? [] : [{ kind: 'side-file', path, role, change: 'missing' }],
  )
  return [...differing, ...missing]
}

function shownSite({ entry, model, until }: Deployment, named: NameActor): SiteReport['approved'] {
  const { site, actor, role, purpose, jurisdiction, place, at, note } = entry.statement.predicate
  return {
    site,
    model,
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
  }
}
