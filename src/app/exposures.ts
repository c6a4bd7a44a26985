import type { TraceReport } from '../contract/trace.ts'
import { withCarried } from '../ledger/carried.ts'
import { attestation } from '../ledger/custody.ts'
import { type Entry, isTampered, numberHere, ofKind } from '../ledger/entry.ts'
import { backwards, pathBack, settlementOf } from '../ledger/exposure.ts'
import type { Deployment } from '../ledger/sites.ts'
import { FOREIGN_KEYS_TOPIC, modelsIn } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import type { Walk } from '../store/walks.ts'
import type { LedgerView } from './ledger-view.ts'

/** An incident of a model, or of one that it came from, and whether the model was measured again since. */
export type Exposure = NonNullable<TraceReport['exposures']>[number]

/** A descendant of a model with incidents, as far as it is exposed to one of them. */
export type Exposed = NonNullable<TraceReport['exposed']>[number]

/** Entries in the order of the log, each once, with those of other logs, from passports that were taken over, opened up behind them. */
export async function withForeign(view: LedgerView, entries: readonly Entry[]): Promise<Entry[]> {
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]))
  if (ofKind(entries, 'imported').length > 0)
    for (const entry of await view.about([FOREIGN_KEYS_TOPIC], ['imported'])) byNumber.set(entry.number, entry)
  const ordered = [...byNumber.values()].sort((a, b) => a.number - b.number)
  return withCarried(ordered, view.trust)
}

/** What a model is exposed to: incidents of its own and of its ancestors, each with the path that connects them. `own`: about the model. */
export async function exposuresOf(
  estate: Estate,
  view: LedgerView,
  model: string,
  ancestors: Walk,
  own: readonly Entry[],
): Promise<Exposure[]> {
  const ids = [...ancestors.steps.map((step) => step.model), ...ancestors.more]
  const about = ids.length === 0 ? [] : await withForeign(view, await view.about(ids, ['incident', 'imported']))
  const incidents = ofKind([...new Set([...own, ...about])], 'incident')
  if (incidents.length === 0) return []
  const before = backwards(model, ancestors.steps, 'ancestors')
  const line = new Set([model, ...ids])
  const found = distinct(incidents).flatMap((incident) => {
    const origin = modelsIn(incident.statement).find((id) => line.has(id))
    if (origin === undefined) return []
    const path = origin === model ? [model] : pathBack(origin, before)
    // further away than steps are told of, only both ends are known
    const connecting = path.at(-1) === model ? path : [origin, model]
    return [{ incident, origin, connecting }]
  })
  const names = await namesOf(
    estate,
    view,
    found.flatMap(({ connecting }) => connecting),
  )
  return found.map(({ incident, origin, connecting }) => ({
    ...shownIncident(incident),
    origin: names(origin),
    path: connecting.map(names),
    settledBy: settledBy(incident, own),
  }))
}

/** Which descendants of a model its incidents reach, and where those are in use. */
export async function exposedBy(
  estate: Estate,
  view: LedgerView,
  model: string,
  descendants: Walk,
  own: readonly Entry[],
  deployments: readonly Deployment[],
  today: string,
): Promise<Exposed[]> {
  const incidents = distinct(ofKind(own, 'incident'))
  if (incidents.length === 0) return []
  const ids = descendants.steps.map((step) => step.model)
  const measurements = await measurementsOf(view, ids)
  const before = backwards(model, descendants.steps, 'descendants')
  const names = await namesOf(estate, view, [model, ...ids])
  return [model, ...ids].flatMap((id) => {
    const ofModel = id === model ? own : (measurements.get(id) ?? [])
    const open = incidents.filter((incident) => settlementOf(incident, ofModel) === null)
    if (open.length === 0) return []
    const sites = deployments.filter((each) => each.model === id && (each.until === null || each.until > today))
    return [
      {
        model: names(id),
        path: pathBack(id, before).reverse().map(names),
        incidents: open.map(numberHere),
        sites: [...new Set(sites.map(({ entry }) => entry.statement.predicate.site))],
      },
    ]
  })
}

function settledBy(incident: Entry<'incident'>, own: readonly Entry[]): number | null {
  const settlement = settlementOf(incident, own)
  return settlement === null ? null : numberHere(settlement)
}

async function measurementsOf(view: LedgerView, ids: readonly string[]): Promise<Map<string, Entry[]>> {
  const byModel = new Map<string, Entry[]>()
  if (ids.length === 0) return byModel
  const entries = await withForeign(view, await view.about(ids, ['evaluated', 'measured', 'imported']))
  for (const entry of entries)
    for (const id of modelsIn(entry.statement)) {
      const known = byModel.get(id)
      if (known) known.push(entry)
      else byModel.set(id, [entry])
    }
  return byModel
}

function shownIncident(incident: Entry<'incident'>) {
  const { at, severity, text } = incident.statement.predicate
  const log = incident.log ? { log: incident.log } : {}
  return { statement: incident.number, at, severity, text, status: attestation(incident), ...log }
}

/** An incident whose signature does not fit is shown as disputed, and still counts: nobody quietens a warning by damaging it. */
function distinct(incidents: readonly Entry<'incident'>[]): Entry<'incident'>[] {
  const byPlace = new Map(incidents.map((entry) => [`${entry.log?.origin ?? ''} ${entry.number}`, entry]))
  return [...byPlace.values()].sort((a, b) => Number(isTampered(a)) - Number(isTampered(b)) || a.number - b.number)
}

type Named = (id: string) => { id: string; name: string }

export async function namesOf(estate: Estate, { size }: LedgerView, ids: readonly string[]): Promise<Named> {
  const models = await estate.modelsAt([...new Set(ids)], size)
  return (id) => ({ id, name: models.get(id)?.name ?? id.replace(/^declared:/, '') })
}
