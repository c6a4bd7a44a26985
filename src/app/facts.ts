import type {
  AuditFact,
  EvaluationFact,
  Facts,
  Gathered,
  HopFact,
  IncidentFact,
  Presence,
  SiteFact,
} from '../govern/facts.ts'
import { withNamed, withNamedAt } from '../govern/named.ts'
import { heldBy, holdersAmong, hopsFrom } from '../ledger/custody.ts'
import type { Use } from '../ledger/sites.ts'
import { isUnder } from '../store/rows.ts'
import { type Ascent, ancestorsIn, type FamilyGraph, relativesIn } from './family-graph.ts'
import {
  holdingOf,
  type Measurement,
  type ModelRecords,
  type Recorded,
  type RecordedUse,
  recordsOf,
} from './recorded.ts'

/** All that facts are made from: of one model and its family, or of the whole estate. */
export interface Sources {
  /** A day. */
  asOf: string
  recorded: Recorded
  graph: FamilyGraph
  /** Names as they were at the time, and parameters where bytes were seen. */
  names: ReadonlyMap<string, { name: string; parameters: number | null }>
  /** Uses by model and by site, in the order in which they began. */
  usesOf: ReadonlyMap<string, readonly Use<RecordedUse>[]>
  usesAt: ReadonlyMap<string, readonly Use<RecordedUse>[]>
  /** Paths of `recorded.seen`, sorted. */
  paths: readonly string[]
}

/** What is known of a model wherever it is, and, behind it, of the model at each site where it is in use. */
export function factsOfModel(sources: Sources, model: string): Facts[] {
  const whole = wholeOf(sources, model)
  const sites = currentSites(whole).map(({ site }) => site)
  return [whole, ...sites.sort().map((site) => factsAt(sources, whole, site))]
}

/** What is known of a model wherever it is. */
export function wholeOf(sources: Sources, model: string): Facts {
  return withNamed(gatheredOf(sources, model))
}

/** Sites at which a model is in use, each once, by the last that was said of it. */
export function currentSites({ subject, sites }: Facts): SiteFact[] {
  const current = sites.filter((site) => site.current && site.model === subject.model)
  return [...new Map(current.map((site) => [site.site, site])).values()]
}

/** The same model at one of them. */
export function factsAt(sources: Sources, whole: Facts, site: string): Facts {
  return withNamedAt(atSite(sources, whole, site), whole)
}

/** What is known of the models that are approved or present at a site, and of the approved ones in use there. */
export function factsOfSite(sources: Sources, site: string): Facts[] {
  const approved = modelsApprovedAt(sources, site)
  const wholes = modelsAtSite(sources, site).map((model) => wholeOf(sources, model))
  return wholes.flatMap((whole) => {
    const isInUse = approved.includes(whole.subject.model)
    return [whole, ...(isInUse ? [factsAt(sources, whole, site)] : [])]
  })
}

/** Those approved first. */
export function modelsAtSite(sources: Sources, site: string): string[] {
  const uses = (sources.usesAt.get(site) ?? []).filter((use) => isCurrent(use, sources.asOf))
  const present = uses.flatMap(({ event }) => presentAt(sources, event.said.place).map(({ model }) => model))
  return [...new Set([...uses.map(({ model }) => model), ...present])]
}

function modelsApprovedAt({ usesAt, asOf }: Sources, site: string): string[] {
  return (usesAt.get(site) ?? []).filter((use) => isCurrent(use, asOf)).map(({ model }) => model)
}

function gatheredOf(sources: Sources, model: string): Gathered {
  const { recorded, graph, asOf } = sources
  const ascents = ancestorsIn(graph, model)
  const own = recordsOf(recorded, model)
  return {
    subject: { model, name: nameOf(sources, model), site: null },
    asOf,
    parameters: sources.names.get(model)?.parameters ?? null,
    quantisation: recorded.quantisation.get(model) ?? null,
    ancestors: ascents.map((ascent) => ancestorOf(sources, ascent)),
    relatives: relativesIn(graph, model, ascents).map((id) => ({ model: id, name: nameOf(sources, id) })),
    ...custodyOf(sources, model, own),
    sites: (sources.usesOf.get(model) ?? []).map((use) => siteFact(use, asOf)),
    claims: own.claims,
    audits: auditsOf([...own.measurements], own, model, asOf, null),
    evaluations: evaluationsIn(own),
    comparisons: comparisonsOf(own.measurements),
    incidents: incidentsOf(sources, model, own, ascents),
    presence: null,
  }
}

function nameOf({ names }: Sources, model: string): string {
  return names.get(model)?.name ?? model
}

function ancestorOf(sources: Sources, { model, distance, edge, changesSince }: Ascent): Gathered['ancestors'][number] {
  const { recorded } = sources
  const records = recordsOf(recorded, model)
  return {
    model,
    name: nameOf(sources, model),
    distance,
    towards: edge.child,
    changes: edge.changes,
    details: edge.details,
    changesSince,
    status: edge.status,
    since: edge.since,
    statement: recorded.relations.get(edge.child)?.get(model) ?? null,
    quantisation: recorded.quantisation.get(model) ?? null,
    claims: records.claims,
    evaluations: evaluationsIn(records),
  }
}

const NO_EVALUATIONS: readonly EvaluationFact[] = []

function evaluationsIn({ evaluations }: Pick<ModelRecords, 'evaluations'>): readonly EvaluationFact[] {
  return evaluations.length === 0 ? NO_EVALUATIONS : evaluations.filter(({ kind }) => kind === 'evaluation')
}

function custodyOf({ usesOf }: Sources, model: string, { custody, given }: Readonly<ModelRecords>) {
  const uses = usesOf.get(model) ?? []
  const held = [
    ...(custody.length > 0 ? heldBy(custody) : []),
    ...uses.flatMap(({ event }) => holdingOf(event)),
    ...given,
  ]
  const hops = custody.length > 0 ? hopsFrom(custody) : []
  return {
    holders: holdersAmong(held),
    hops: hops.map(({ entry, confirmed, status }): HopFact => {
      const { event, from, to, place, at } = entry.statement.predicate
      return { event, from, to, place, at, confirmed, status, statement: entry.number }
    }),
  }
}

/** A day's end in text that compares with days and times alike. */
export function endOfDay(day: string): string {
  return `${day.slice(0, 'YYYY-MM-DD'.length)}T23:59:59.999Z`
}

function isCurrent({ event, until }: Use<RecordedUse>, asOf: string): boolean {
  const end = endOfDay(asOf)
  return event.at <= end && (until === null || until > end)
}

function siteFact(use: Use<RecordedUse>, asOf: string): SiteFact {
  // field by field: a spread takes ten times as long, and there are a million uses
  const { actor, role, purpose, jurisdiction, place, at, status, statement } = use.event.said
  const site = use.event.site ?? ''
  const { model, until } = use
  const current = isCurrent(use, asOf)
  return { actor, role, purpose, jurisdiction, place, at, status, statement, site, model, until, current }
}

function auditsOf(
  measurements: readonly Measurement[],
  { evaluations }: Pick<ModelRecords, 'evaluations'>,
  model: string,
  asOf: string,
  site: string | null,
): AuditFact[] {
  const measured = measurements.flatMap(({ at, site, models, result, status, statement }): AuditFact[] => {
    if (result.schema !== 'yukue.audit/1') return []
    const isOfModel = models.includes(model)
    return [
      { at, isOfModel, site, result, suite: null, metrics: {}, ageDays: daysBetween(at, asOf), status, statement },
    ]
  })
  const recorded = evaluations
    .filter(({ kind }) => kind === 'audit')
    .map(({ at, suite, metrics, status, statement }): AuditFact => {
      return {
        at,
        isOfModel: true,
        site: null,
        result: null,
        suite,
        metrics,
        ageDays: daysBetween(at, asOf),
        status,
        statement,
      }
    })
  const counted = measured.filter((audit) => site === null || audit.site === null || audit.site === site)
  return [...counted, ...recorded].sort(latestFirst)
}

const DAY_MS = 24 * 60 * 60 * 1_000

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS)
}

function latestFirst(a: { at: string; statement: number }, b: { at: string; statement: number }): number {
  return a.at < b.at ? 1 : a.at > b.at ? -1 : b.statement - a.statement
}

function comparisonsOf(measurements: readonly Measurement[]): Gathered['comparisons'] {
  return measurements
    .flatMap(({ at, result, status, statement }) =>
      result.schema === 'yukue.compare/1' ? [{ at, result, status, statement }] : [],
    )
    .sort(latestFirst)
}

/** Incidents of the model and of everything that it was made from, with the way on which each came. */
function incidentsOf(
  { recorded }: Sources,
  model: string,
  own: Readonly<ModelRecords>,
  ascents: readonly Ascent[],
): IncidentFact[] {
  const found = own.incidents.map((incident) => ({ incident, model }))
  for (const { model: ancestor } of ascents)
    for (const incident of recordsOf(recorded, ancestor).incidents) found.push({ incident, model: ancestor })
  if (found.length === 0) return []
  const towards = new Map(ascents.map(({ model, edge }) => [model, edge.child]))
  return found
    .map(({ incident, model: of }) => {
      return { ...incident, model: of, path: pathFrom(of, model, towards), settledBy: settledBy(incident, own) }
    })
    .sort((a, b) => a.statement - b.statement)
}

function pathFrom(ancestor: string, model: string, towards: ReadonlyMap<string, string>): string[] {
  const path = [ancestor]
  for (let at = ancestor; at !== model; ) {
    const next = towards.get(at)
    if (next === undefined) break
    path.push(next)
    at = next
  }
  return path
}

/** A measurement of the very model, entered after the incident and made no earlier; what was measured of its parent says nothing of it. */
function settledBy(incident: { at: string; statement: number }, own: Readonly<ModelRecords>): number | null {
  const isLater = (each: { at: string; statement: number }) =>
    each.statement > incident.statement && each.at.slice(0, 10) >= incident.at.slice(0, 10)
  const measured: readonly (EvaluationFact | Measurement)[] = [...own.evaluations, ...own.measurements]
  const later = measured.filter((each) => each.status !== 'disputed' && isLater(each))
  return later.length > 0 ? Math.min(...later.map(({ statement }) => statement)) : null
}

/** The same model, and what is known of it at one site. */
function atSite(sources: Sources, whole: Gathered, site: string): Gathered {
  const { model } = whole.subject
  const { recorded, asOf } = sources
  const own = recordsOf(recorded, model)
  const there = (sources.usesAt.get(site) ?? []).filter((use) => use.model !== model)
  const measurements = new Map(
    [...(recorded.measurements.get(site) ?? []), ...own.measurements].map((each) => [each.statement, each]),
  )
  return {
    ...whole,
    subject: { ...whole.subject, site },
    sites:
      there.length === 0
        ? whole.sites
        : [...there.map((use) => siteFact(use, asOf)), ...whole.sites].sort((a, b) => -latestFirst(a, b)),
    audits: auditsOf([...measurements.values()], own, model, asOf, site),
    presence: presenceAt(sources, model, site),
  }
}

function presenceAt(sources: Sources, model: string, site: string): Presence {
  const use = (sources.usesAt.get(site) ?? []).findLast((each) => each.model === model && isCurrent(each, sources.asOf))
  const { place = null, approved = null } = use?.event.said ?? {}
  const present = presentAt(sources, place)
  return {
    place,
    present: present.map(({ model, path, statement }) => ({ model, name: nameOf(sources, model), path, statement })),
    sideFiles:
      approved === null ? null : present.flatMap(({ sideFiles }) => differences(approved.sideFiles, sideFiles)),
  }
}

/** Models seen at or below a place. */
function presentAt({ paths, recorded }: Sources, place: string | null) {
  if (place === null) return []
  const found = []
  for (let at = firstFrom(paths, place); at < paths.length && paths[at]!.startsWith(place); at++) {
    const seen = isUnder(paths[at]!, place) ? recorded.seen.get(paths[at]!) : undefined
    if (seen) found.push(seen)
  }
  return found
}

function firstFrom(sorted: readonly string[], text: string): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (sorted[middle]! < text) from = middle + 1
    else to = middle
  }
  return from
}

interface SideFile {
  path: string
  role: string
  sha256: string
}

/** By their names, as the folder they lie in may be another. Files that nobody has looked for yet differ from nothing. */
function differences(
  approved: readonly SideFile[],
  seen: readonly SideFile[] | null,
): NonNullable<Presence['sideFiles']> {
  if (seen === null) return []
  const name = ({ path }: SideFile) => path.split(/[\\/]/).at(-1) ?? path
  const before = new Map(approved.map((file) => [name(file), file]))
  const now = new Set(seen.map(name))
  const other = seen.flatMap((file) => {
    const former = before.get(name(file))
    if (former?.sha256 === file.sha256) return []
    return [{ path: file.path, role: file.role, change: former ? ('changed' as const) : ('added' as const) }]
  })
  const missing = approved.filter((file) => !now.has(name(file)))
  return [...other, ...missing.map(({ path, role }) => ({ path, role, change: 'missing' as const }))]
}
