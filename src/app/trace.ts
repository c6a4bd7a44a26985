import type { TraceReport } from '../contract/trace.ts'
import { attestation, holdersFrom, hopsFrom } from '../ledger/custody.ts'
import { type Entry, ofKind } from '../ledger/entry.ts'
import type { Estate } from '../store/estate.ts'
import type { KnownRelation } from '../store/records.ts'
import type { Walk } from '../store/walks.ts'
import { claimsOfModel } from './claims-of-model.ts'
import { exposedBy, exposuresOf, withForeign } from './exposures.ts'
import { type FoundModel, findAt } from './find-model.ts'
import { type LedgerView, type NameActor, namesFor, rootAt, shownSignatures, viewOf } from './ledger-view.ts'
import { resultsOf } from './results.ts'
import { claimsOf, type Relations } from './trace-claims.ts'
import { placesOf } from './trace-places.ts'
import { sitesOf } from './trace-sites.ts'
import { withEstate } from './with-estate.ts'

type Step = TraceReport['ancestors'][number]

export interface TraceOptions {
  /** A day, or a time in UTC: what was known then. */
  asOf?: string | null
  /** Also who has copies. */
  holders?: boolean
  /** Results as a whole. */
  results?: boolean
  /** Declarations are read from files in these folders only (real paths); from anywhere unless given. */
  within?: readonly string[]
  now?: () => Date
}

/**
 * Steps that are told in full. Whoever wants to know more of a model further away traces that; all of a million would be a
 * report of half a gigabyte.
 */
const MAX_STEPS = 2_000

/** Where a model came from, who has had it, what descends from it, and where it is, from what the estate has recorded. */
export function trace(reference: string, location: string, options: TraceOptions = {}): Promise<TraceReport> {
  return withEstate(location, (estate) => traceIn(estate, reference, options))
}

export async function traceIn(
  estate: Estate,
  reference: string,
  { asOf = null, holders = false, results = false, within, now = () => new Date() }: TraceOptions = {},
): Promise<TraceReport> {
  const view = await viewOf(estate, asOf)
  const model = await findAt(estate, view, reference)
  const entries = await withForeign(view, await view.about([model.id]))
  const family = await familyOf(estate, view, model)
  const deployments = await sitesOf(view, model.id, family.descendantIds)
  const named = await namesFor(estate, [...entries, ...deployments.map(({ entry }) => entry)], view.trust)
  const places = await placesOf(estate, view, entries)
  return {
    schema: 'yukue.trace/1',
    model,
    asOf,
    log: await logOf(estate, view),
    ...family.report,
    places,
    hops: hopsOf(entries, named),
    sites: deployments.map(({ entry, model, until }) => {
      const { site, actor, role, purpose, jurisdiction, place } = entry.statement.predicate
      return {
        site,
        model,
        actor: actor && named(actor),
        role,
        purpose,
        jurisdiction,
        place,
        until,
        ...eventOf(entry, named),
      }
    }),
    claims: await claimsOf(estate, view, model, entries, family.relations, (entry) => eventOf(entry, named), named),
    ...(asOf === null ? { declarations: await claimsOfModel(estate, model.id, within) } : {}),
    ...factsOf(entries, named),
    results: resultsOf(entries, named, { whole: results }),
    exposures: await exposuresOf(estate, view, model.id, family.ancestors, entries),
    exposed: await exposedBy(
      estate,
      view,
      model.id,
      family.descendants,
      entries,
      deployments,
      asOf === null ? now().toISOString() : view.time,
    ),
    ...(holders ? { holders: [...holdersOf(entries, named), ...heldHere(view, places)] } : {}),
  }
}

async function logOf(estate: Estate, { size }: LedgerView): Promise<TraceReport['log']> {
  const head = await estate.ledgerHead()
  if (head === null || size === 0) return null
  return { origin: head.origin, size, root: Buffer.from(await rootAt(estate, size)).toString('base64') }
}

/** Everyone related to a model, walked and as reported. */
interface Family {
  /** Made when asked for: a million ids make a large set. */
  relations(): Relations
  ancestors: Walk
  descendants: Walk
  descendantIds: string[]
  report: Pick<TraceReport, 'origins' | 'ancestors' | 'descendants' | 'moreDescendants' | 'relatives'>
}

async function familyOf(estate: Estate, { size }: LedgerView, { id }: FoundModel): Promise<Family> {
  const ancestors = await estate.walk(id, size, 'ancestors', MAX_STEPS)
  const descendants = await estate.walk(id, size, 'descendants', MAX_STEPS)
  const relatives = await estate.walk(id, size, 'relatives', MAX_STEPS)
  const walks = [ancestors, descendants, relatives]
  const models = await estate.modelsAt([...new Set(walks.flatMap(reachedBy))], size)
  const steps = ({ steps }: Walk) =>
    steps.flatMap(({ model, relation }): Step[] => {
      const found = models.get(model)
      return found ? [{ relation: reported(relation), model: found }] : []
    })
  const found = steps(ancestors)
  const children = new Set(found.map(({ relation }) => relation.child))
  const descendantIds = [...reachedBy(descendants), ...descendants.more]
  return {
    relations: () => ({
      ancestors: new Set([...reachedBy(ancestors), ...ancestors.more]),
      relatives: new Set([...reachedBy(relatives), ...relatives.more]),
      descendants: new Set(descendantIds),
    }),
    ancestors,
    descendants,
    descendantIds,
    report: {
      origins: found.map(({ model }) => model).filter((model) => !children.has(model.id)),
      ancestors: found,
      descendants: steps(descendants),
      moreDescendants: descendants.more,
      relatives: steps(relatives),
    },
  }
}

function reachedBy({ steps }: Walk): string[] {
  return steps.map(({ model }) => model)
}

function reported({ foundAt: _, ...relation }: KnownRelation): Step['relation'] {
  return relation
}

export function hopsOf(entries: readonly Entry[], named: NameActor): TraceReport['hops'] {
  return hopsFrom(entries).map(({ entry, signatures, status, confirmed }) => {
    const { event, from, to, place, at, note } = entry.statement.predicate
    return {
      event,
      from: from && named(from),
      to: to && named(to),
      place,
      confirmed,
      at,
      note,
      status,
      statement: entry.number,
      signatures: shownSignatures(signatures, named),
      ...(entry.log ? { log: entry.log } : {}),
    }
  })
}

export function factsOf(entries: readonly Entry[], named: NameActor): Pick<TraceReport, 'evaluations' | 'incidents'> {
  return {
    evaluations: ofKind(entries, 'evaluated').map((entry) => {
      const { kind, suite, by, metrics, report } = entry.statement.predicate
      return { kind, suite, by: by && named(by), metrics, report, ...eventOf(entry, named) }
    }),
    incidents: ofKind(entries, 'incident').map((entry) => {
      const { severity, text, by, reference } = entry.statement.predicate
      return { severity, text, by: by && named(by), reference, ...eventOf(entry, named) }
    }),
  }
}

/** What every event is shown with; one party's word at most. */
export function eventOf(entry: Entry<'deployed' | 'claimed' | 'evaluated' | 'incident'>, named: NameActor) {
  const { at, note } = entry.statement.predicate
  const signatures = shownSignatures(entry.signatures, named)
  const log = entry.log ? { log: entry.log } : {}
  return { at, note, status: attestation(entry), statement: entry.number, signatures, ...log }
}

function holdersOf(entries: readonly Entry[], named: NameActor): NonNullable<TraceReport['holders']> {
  return holdersFrom(entries).map(({ actor, since, status }) => ({ holder: named(actor), since, copies: null, status }))
}

/** The estate itself, by what scans have seen. */
function heldHere({ trust }: LedgerView, places: TraceReport['places']): NonNullable<TraceReport['holders']> {
  const [first] = places.map(({ firstSeen }) => firstSeen).sort()
  const own = [...trust.values()].find(({ use }) => use === 'log')
  if (first === undefined || own === undefined) return []
  const { actor, key } = own
  const holder =
    actor.kind === 'person'
      ? { kind: actor.kind, name: null, id: `person:${actor.commitment}` }
      : { kind: actor.kind, name: actor.name, id: `${actor.kind}:${actor.name ?? key.name}` }
  const status = places.every((place) => place.status === 'verified') ? ('verified' as const) : ('disputed' as const)
  return [{ holder, since: first, copies: places.length, status }]
}
