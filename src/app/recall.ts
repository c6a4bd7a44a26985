import type { Actor } from '../contract/actor.ts'
import type { Charter } from '../contract/charter.ts'
import { CommandError } from '../contract/command-error.ts'
import type { RecallHolder, RecallReport } from '../contract/recall.ts'
import type { AnyStatement } from '../contract/statement.ts'
import { holdersFrom } from '../ledger/custody.ts'
import { type Entry, numberHere, ofKind } from '../ledger/entry.ts'
import { backwards, pathBack, settlementOf } from '../ledger/exposure.ts'
import { draft } from '../ledger/journal.ts'
import type { Deployment } from '../ledger/sites.ts'
import { INCIDENTS_TOPIC, modelSubject } from '../ledger/statement.ts'
import { actorKey, sameActor } from '../ledger/trust.ts'
import type { Estate } from '../store/estate.ts'
import type { Walk } from '../store/walks.ts'
import { actorNamed } from './actors.ts'
import { chartersInForce, dayOf, signedCharters } from './charters.ts'
import { exposedBy, namesOf, withForeign } from './exposures.ts'
import { type FoundModel, findAt } from './find-model.ts'
import { type LedgerView, type NameActor, namesFor, validTime, viewOf } from './ledger-view.ts'
import { writerNamed } from './record.ts'
import { sitesOf } from './trace-sites.ts'
import { type Signing, withEstate } from './with-estate.ts'

export interface RecallOptions {
  model: string
  /** Only this incident, by its number; all of the model's unless given. */
  incident?: number | undefined
  /** Holders who were told now. */
  notified: readonly string[]
  /** When they were told; today unless given. */
  at?: string | undefined
  note?: string | undefined
  /** Which key signs the notices. */
  key?: string | undefined
  /** In which language they were told. */
  language: 'en' | 'ja'
}

/** Models whose holders are looked up; further descendants are told of by their sites only. */
const MAX_MODELS = 100_000

/** Who has a model with an incident, or anything made from it, by which path, and who of them has been told; enters who was told now. */
export function recall(options: RecallOptions, location: string, signing: Signing = {}): Promise<RecallReport> {
  return withEstate(
    location,
    async (estate) => {
      const now = (signing.now ?? (() => new Date()))().toISOString()
      const known = await reached(estate, options)
      const entered =
        options.notified.length === 0 ? [] : await enterNotices(estate, known, options, location, signing, now)
      return reportOf(estate, entered.length === 0 ? known : await reached(estate, options), entered, now)
    },
    signing,
  )
}

/** Everything that a model's incidents reach. */
interface Reached {
  view: LedgerView
  model: FoundModel
  incidents: Entry<'incident'>[]
  notices: Entry<'notified'>[]
  descendants: Walk
  /** About each model reached, itself included. */
  entries: Map<string, Entry[]>
  deployments: Deployment[]
  own: Actor | null
}

async function reached(estate: Estate, { model: reference, incident }: RecallOptions): Promise<Reached> {
  const view = await viewOf(estate, null)
  const model = await findAt(estate, view, reference)
  const ofModel = await withForeign(view, await view.about([model.id]))
  const incidents = ofKind(ofModel, 'incident').filter(
    (each) => incident === undefined || numberHere(each) === incident,
  )
  if (incidents.length === 0) throw new CommandError({ code: 'no-incident', model: model.name })
  const descendants = await estate.walk(model.id, view.size, 'descendants', MAX_MODELS)
  const ids = descendants.steps.map((step) => step.model)
  const entries = new Map<string, Entry[]>([[model.id, ofModel]])
  for (const id of ids) entries.set(id, await withForeign(view, await view.about([id])))
  const own = [...view.trust.values()].find(({ use }) => use === 'log')?.actor ?? null
  const notices = ofKind(await view.about([INCIDENTS_TOPIC], ['notified']), 'notified')
  const deployments = await sitesOf(view, model.id, [...ids, ...descendants.more])
  return { view, model, incidents, notices, descendants, entries, deployments, own }
}

async function enterNotices(
  estate: Estate,
  known: Reached,
  options: RecallOptions,
  location: string,
  signing: Signing,
  now: string,
): Promise<number[]> {
  const at = validTime('--at', options.at ?? dayOf(now))
  const writer = writerNamed(location, options.key, signing)
  const subject = [modelSubject(known.model.id, known.model.name)]
  const listed = holdersOf(known)
  const statements: ((recordedAt: string) => AnyStatement)[] = []
  for (const text of options.notified) {
    const holder = await actorNamed(estate, text)
    if (!listed.some(({ actor }) => sameActor(actor, holder)))
      throw new CommandError({ code: 'not-a-holder', holder: text, model: known.model.name })
    for (const incident of known.incidents.filter((each) => noticeOf(known, each, holder) === undefined))
      statements.push((recordedAt) => ({
        kind: 'notified',
        subject,
        predicate: {
          recordedAt,
          at,
          note: options.note ?? null,
          holder,
          incident: numberHere(incident),
          language: options.language,
        },
      }))
  }
  if (statements.length === 0) return []
  const first = await estate.enter((time) => statements.map((make) => draft(make(time), writer.key)))
  return statements.map((_, index) => first + index)
}

function noticeOf({ notices }: Reached, incident: Entry<'incident'>, holder: Actor): Entry<'notified'> | undefined {
  return notices.find(({ statement }) => {
    return statement.predicate.incident === numberHere(incident) && sameActor(statement.predicate.holder, holder)
  })
}

interface Held {
  actor: Actor
  holdings: { model: string; since: string; status: RecallHolder['holdings'][number]['status'] }[]
}

/** Every holder but whoever keeps this estate, with what each has. */
function holdersOf({ entries, own }: Reached): Held[] {
  const held = new Map<string, Held>()
  for (const [model, about] of entries)
    for (const { actor, since, status } of holdersFrom(about)) {
      if (own !== null && sameActor(actor, own)) continue
      const known = held.get(actorKey(actor)) ?? { actor, holdings: [] }
      known.holdings.push({ model, since, status })
      held.set(actorKey(actor), known)
    }
  return [...held.values()]
}

async function reportOf(estate: Estate, known: Reached, entered: number[], now: string): Promise<RecallReport> {
  const { view, model, incidents, descendants, entries, deployments } = known
  const named = await namesFor(estate, [...entries.values()].flat().concat(known.notices), view.trust)
  const exposed = await exposedBy(estate, view, model.id, descendants, incidentsOnly(known), deployments, now)
  const charters = await agreedOn(view, [...entries.keys()], dayOf(now))
  return {
    schema: 'yukue.recall/1',
    model: { id: model.id, name: model.name },
    asOf: dayOf(now),
    sender: senderOf(known, named),
    incidents: incidents.map((incident) => {
      const { at, severity, text, reference } = incident.statement.predicate
      return { statement: numberHere(incident), at, severity, text, reference }
    }),
    holders: await shownHolders(estate, known, named, charters, now),
    exposed,
    contacts: charters.flatMap(({ name, contacts = [] }) =>
      contacts
        .filter((contact) => contact.for === undefined || contact.for.includes('incident'))
        .map((contact) => ({
          charter: name,
          name: contact.name,
          reach: contact.reach ?? null,
          withinDays: contact.withinDays,
        })),
    ),
    entered,
  }
}

/** Of what is about the model, the incidents that were asked for, and every measurement. */
function incidentsOnly({ entries, model, incidents }: Reached): Entry[] {
  const asked = new Set<Entry>(incidents)
  return entries.get(model.id)!.filter((entry) => entry.statement.kind !== 'incident' || asked.has(entry))
}

function senderOf({ own }: Reached, named: NameActor): RecallReport['sender'] {
  return own === null ? { kind: 'organisation', name: null, id: '' } : named(own)
}

async function agreedOn(view: LedgerView, models: readonly string[], day: string): Promise<Charter[]> {
  const line = new Set(models)
  const inForce = chartersInForce(await signedCharters(view), day)
  return inForce.flatMap(({ read, models }) => (read.ok && models.some((id) => line.has(id)) ? [read.charter] : []))
}

async function shownHolders(
  estate: Estate,
  known: Reached,
  named: NameActor,
  charters: readonly Charter[],
  now: string,
): Promise<RecallHolder[]> {
  const { view, model, incidents, descendants, entries, deployments } = known
  const before = backwards(model.id, descendants.steps, 'descendants')
  const names = await namesOf(estate, view, [...entries.keys()])
  const within = charters.flatMap(({ incidents }) => incidents?.tellHoldersWithinDays ?? [])
  const shown = holdersOf(known).map(({ actor, holdings }): RecallHolder => {
    return {
      holder: named(actor),
      holdings: holdings.map(({ model: id, since, status }) => ({
        model: names(id),
        path: pathBack(id, before).reverse().map(names),
        since,
        status,
        open: incidents.filter((each) => settlementOf(each, entries.get(id)!) === null).map(numberHere),
        sites: sitesHeld(deployments, id, actor, now),
      })),
      notices: incidents.map((incident) => {
        const notice = noticeOf(known, incident, actor)
        const { at, language } = notice?.statement.predicate ?? {}
        return {
          incident: numberHere(incident),
          told: notice && at && language ? { at, statement: notice.number, language } : null,
          by: within.length === 0 ? null : dayAfter(incident.statement.predicate.at, Math.min(...within)),
        }
      }),
    }
  })
  return shown.sort((a, b) => ((a.holder.name ?? a.holder.id) < (b.holder.name ?? b.holder.id) ? -1 : 1))
}

function sitesHeld(deployments: readonly Deployment[], id: string, actor: Actor, now: string): string[] {
  const sites = deployments.filter(({ model, until, entry }) => {
    const user = entry.statement.predicate.actor
    return model === id && user !== null && sameActor(user, actor) && (until === null || until > now)
  })
  return [...new Set(sites.map(({ entry }) => entry.statement.predicate.site))]
}

const DAY_MS = 24 * 60 * 60 * 1_000

function dayAfter(time: string, days: number): string {
  return dayOf(new Date(Date.parse(dayOf(time)) + days * DAY_MS).toISOString())
}
