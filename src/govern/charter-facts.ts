import type { Actor } from '../contract/actor.ts'
import type { Charter, Evidence } from '../contract/charter.ts'
import type { FactStatus } from '../contract/trace.ts'
import { liesIn } from './area.ts'
import { type Basis, type CharterFact, type Held, listFact, valueFact } from './charter-basis.ts'
import { heldChanges, madeUnder } from './charter-changes.ts'
import type { Facts, IncidentFact, SiteFact } from './facts.ts'
import { isKnown } from './facts.ts'

/** What a charter is held against beside the facts of the model. */
export interface CharterSetting {
  /** The models that it is for, by their ids. */
  models: ReadonlySet<string>
  /** Whoever signed it may have what it is for. */
  signer: Actor | null
  /** The first day on which it holds. */
  from: string
  /** Null where the name behind a person's commitment is not (or no longer) kept. */
  personName(commitment: string): string | null
  notices: readonly { incident: number; holder: Actor; at: string; status: FactStatus; statement: number }[]
}

/** Every fact of `CHARTER_FACTS` that a charter gives rise to, by its name. */
export function charterFacts(charter: Charter, facts: Facts, setting: CharterSetting): Record<string, CharterFact> {
  const made = madeUnder(facts, setting.models)
  const isCovered =
    setting.models.has(facts.subject.model) || facts.ancestors.some(({ model }) => setting.models.has(model))
  return {
    charterCovers: isCovered ? valueFact(true, []) : valueFact(null, []),
    charterUnlistedHolders: listFact(unlistedHolders(charter, facts, setting)),
    charterUnconfirmedHandOvers: listFact(unconfirmed(facts)),
    charterChangesNotAgreed: listFact(heldChanges(charter, facts, setting.models)),
    charterIsChanged: valueFact(made.has(facts.subject.model), []),
    ...auditFacts(charter, facts),
    ...comparisonFacts(facts),
    charterMissingAtBuild: listFact(missing(charter.evidence?.build ?? [], facts)),
    charterIsDistributed: valueFact(facts.hops.some(isToAnother), []),
    charterMissingAtDistribution: listFact(missing(charter.evidence?.distribution ?? [], facts)),
    charterMissingInOperation: listFact(missing(charter.evidence?.operation ?? [], facts)),
    charterOpenIncidents: listFact(openIncidents(facts)),
    charterHoldersNotTold: listFact(notTold(charter, facts, setting)),
    ...useFacts(charter, facts),
    charterStoppingIncidents: listFact(stopping(charter, facts)),
  }
}

function unlistedHolders(charter: Charter, { holders }: Facts, setting: CharterSetting): Held[] {
  const allowed = new Set((charter.holders?.allowed ?? []).map(listedActor))
  const signer = setting.signer && namesOf(setting.signer, setting)
  if (holders.length === 0) return [{ outcome: 'unknown', basis: null }]
  return holders.map(({ actor, since, status }) => {
    const names = namesOf(actor, setting)
    const isListed = names.some((name) => allowed.has(name) || signer?.includes(name))
    return {
      outcome: isListed ? 'agrees' : { against: spoken(actor, setting) },
      basis: { status, statement: null, at: since },
    }
  })
}

/** `team:Risk models`; without a word before it, an organisation. */
function listedActor(text: string): string {
  const [, kind = 'organisation', name = ''] = /^(?:(organisation|team|system|person):)?\s*(.*)$/su.exec(text) ?? []
  return `${kind}:${plain(name)}`
}

function namesOf(actor: Actor, { personName }: CharterSetting): string[] {
  if (actor.kind !== 'person') return [`${actor.kind}:${plain(actor.name)}`]
  const name = personName(actor.commitment)
  return [`person:${actor.commitment}`, ...(name === null ? [] : [`person:${plain(name)}`])]
}

function spoken(actor: Actor, { personName }: CharterSetting): string {
  return actor.kind === 'person'
    ? (personName(actor.commitment) ?? `person:${actor.commitment.slice(0, 12)}`)
    : actor.name
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase()
}

type Hop = Facts['hops'][number]

function isToAnother({ from, to }: Hop): boolean {
  return from !== null && to !== null && JSON.stringify(from) !== JSON.stringify(to)
}

function unconfirmed({ hops }: Facts): Held[] {
  return hops.filter(isToAnother).map(({ from, to, at, confirmed, status, statement }) => {
    const name = (actor: Actor | null) => (actor === null ? '?' : actor.kind === 'person' ? 'person' : actor.name)
    const outcome = confirmed ? ('agrees' as const) : { against: `${name(from)} → ${name(to)} (${at})` }
    return { outcome, basis: { status, statement, at } }
  })
}

type Audit = Facts['audits'][number]

/** The latest audit of each site where the model is in use; where it is in use nowhere, the latest of all. Null: a site has none. */
function latestAudits({ audits, sites, subject }: Facts): (Audit | null)[] {
  const inUse = [...new Set(sites.filter(({ current }) => current).map(({ site }) => site))]
  const current = subject.site === null ? inUse : [subject.site]
  if (current.length === 0) return [audits[0] ?? null]
  return current.map((site) => audits.find((audit) => audit.site === site || audit.site === null) ?? null)
}

function auditFacts({ limits }: Charter, facts: Facts): Record<string, CharterFact> {
  const latest = latestAudits(facts)
  const bases = latest.flatMap((audit) => (audit === null ? [] : [basisOf(audit)]))
  const ratios = latest.map((audit) => (audit === null ? null : lowestRatio(audit)))
  const ages = latest.map((audit) => audit?.ageDays ?? null)
  const [evaluation] = facts.evaluations.toSorted((x, y) => (x.at < y.at ? 1 : -1))
  const least = limits?.impactRatioAtLeast ?? 0
  const most = limits?.auditAgeAtMostDays ?? Number.POSITIVE_INFINITY
  return {
    charterLowestImpactRatio: valueFact(
      decisive(ratios, Math.min, (ratio) => ratio < least),
      bases,
    ),
    charterAuditAge: valueFact(
      decisive(ages, Math.max, (age) => age > most),
      bases,
    ),
    charterEvaluationAge: evaluation
      ? valueFact(daysBetween(evaluation.at, facts.asOf), [basisOf(evaluation)])
      : valueFact(null, []),
  }
}

/** The worst of all sites: one beyond the limit decides, whatever is known of the others; else one that is not known leaves it open. */
function decisive(
  values: readonly (number | null)[],
  worst: (...values: number[]) => number,
  isBeyond: (value: number) => boolean,
): number | null {
  const known = numbers(values)
  if (known.length === 0 || (known.length < values.length && !known.some(isBeyond))) return null
  return worst(...known)
}

function numbers(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}

/** Of all groups that the audit did not leave out; where it was recorded by its metrics only, what those say. */
function lowestRatio({ result, metrics }: Audit): number | null {
  const told = metrics['impactRatio'] ?? metrics['impact-ratio'] ?? metrics['impact_ratio'] ?? null
  if (result === null) return told
  const figures = [...result.attributes.flatMap(({ categories }) => categories), ...result.intersections]
  const ratios = figures.flatMap(({ impactRatio, excluded }) => (impactRatio === null || excluded ? [] : [impactRatio]))
  return ratios.length === 0 ? null : Math.min(...ratios)
}

function comparisonFacts({ comparisons }: Facts): Record<string, CharterFact> {
  const [latest] = comparisons
  if (!latest) return { charterFlips: valueFact(null, []), charterGroupFlips: valueFact(null, []) }
  const groups = latest.result.groups.map(({ flips }) => flips.rate)
  const bases = [basisOf(latest)]
  return {
    charterFlips: valueFact(latest.result.flips.rate, bases),
    charterGroupFlips: valueFact(groups.length === 0 ? null : Math.max(...groups), bases),
  }
}

function basisOf({ status, statement, at }: { status: FactStatus; statement: number; at: string }): Basis {
  return { status, statement, at }
}

function missing(wanted: readonly Evidence[], facts: Facts): Held[] {
  return wanted.flatMap((evidence): Held[] => {
    const bases = EVIDENCE_OF[evidence](facts)
    if (bases === 'unknown') return [{ outcome: 'unknown', basis: null }]
    const good = bases.filter(({ status }) => status !== 'disputed')
    if (good.length > 0) return good.slice(0, 1).map((basis) => ({ outcome: 'agrees', basis }))
    return [bases.length > 0 ? { outcome: 'unknown', basis: null } : { outcome: { against: evidence }, basis: null }]
  })
}

/** What stands for each kind of evidence; nothing where none is on record, and `unknown` where the record cannot tell. */
const EVIDENCE_OF: Record<Evidence, (facts: Facts) => Basis[] | 'unknown'> = {
  origin: ({ ancestors, hops }) => [
    ...hops.filter(({ event }) => event === 'created' || event === 'received').map(basisOf),
    ...ancestors.map(({ status, since }) => ({ status, statement: null, at: since })),
  ],
  licence: ({ claims }) => claims.filter(({ subject }) => subject === 'licence').map(basisOf),
  evaluation: ({ evaluations }) => evaluations.map(basisOf),
  'safety-evaluation': ({ named }) => namedBasis(named['safetyEvaluated']),
  audit: (facts) => {
    const latest = latestAudits(facts)
    return latest.includes(null) ? [] : latest.flatMap((audit) => (audit === null ? [] : [basisOf(audit)]))
  },
  comparison: ({ comparisons, ancestors }) =>
    ancestors.length === 0 ? [{ status: 'declared', statement: null, at: null }] : comparisons.map(basisOf),
  'confirmed-hand-over': ({ hops }) => {
    const others = hops.filter(isToAnother)
    return others.every(({ confirmed }) => confirmed) ? others.map(basisOf) : []
  },
  'approved-form': ({ presence }) => (presence === null ? 'unknown' : presence.sideFiles === null ? [] : [CERTAIN]),
  'site-as-approved': ({ named }) => {
    const [weights, sides] = [named['weightsAsApproved'], named['sideFilesAsApproved']]
    if (!isKnown(weights) || !isKnown(sides)) return 'unknown'
    return weights.value === true && sides.value === true ? namedBasis(weights) : []
  },
}

const CERTAIN: Basis = { status: 'verified', statement: null, at: null }

function namedBasis(fact: Facts['named'][string] | undefined): Basis[] {
  if (!isKnown(fact) || fact.value !== true) return []
  return [{ status: fact.status, statement: fact.statements[0] ?? null, at: null }]
}

function openIncidents({ incidents }: Facts): Held[] {
  return incidents.filter(({ settledBy }) => settledBy === null).map((incident) => against(incident))
}

/** Also where its signature is damaged: nobody quietens a warning by tampering with it. */
function against(incident: IncidentFact, said = incidentText(incident)): Held {
  const status = incident.status === 'disputed' ? 'declared' : incident.status
  return { outcome: { against: said }, basis: { ...basisOf(incident), status } }
}

function incidentText({ at, severity, text, statement }: IncidentFact): string {
  return `${at} ${severity}: ${text.length > 120 ? `${text.slice(0, 119)}…` : text} (no. ${statement})`
}

const SEVERITIES = ['low', 'medium', 'high'] as const

function stopping({ incidents: agreed }: Charter, { incidents }: Facts): Held[] {
  const from = agreed?.stopUseFrom
  if (from === undefined) return []
  const isGrave = ({ severity }: IncidentFact) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(from)
  return incidents.filter((each) => each.settledBy === null && isGrave(each)).map((incident) => against(incident))
}

/** Everyone who has the model, but whoever signed the charter, is told of every incident since it holds. */
function notTold({ incidents: agreed }: Charter, facts: Facts, setting: CharterSetting): Held[] {
  const within = agreed?.tellHoldersWithinDays
  if (within === undefined) return []
  const signer = setting.signer && actorKey(setting.signer)
  const since = facts.incidents.filter(({ at }) => at.slice(0, DAY) >= setting.from)
  return since.flatMap((incident) =>
    facts.holders
      .filter(({ actor }) => actorKey(actor) !== signer)
      .map(({ actor }): Held => {
        const notice = setting.notices.find(
          (each) => each.incident === incident.statement && actorKey(each.holder) === actorKey(actor),
        )
        if (notice) return { outcome: 'agrees', basis: basisOf(notice) }
        const isOverdue = daysBetween(incident.at, facts.asOf) > within
        if (isOverdue) return against(incident, `${spoken(actor, setting)} (no. ${incident.statement})`)
        return { outcome: 'agrees', basis: basisOf(incident) }
      }),
  )
}

function actorKey(actor: Actor): string {
  return actor.kind === 'person' ? `person:${actor.commitment}` : `${actor.kind}:${actor.name}`
}

function useFacts(charter: Charter, facts: Facts): Record<string, CharterFact> {
  const { purposes, refused = [], jurisdictions, groups = [] } = charter.uses ?? {}
  const current = facts.sites.filter(
    (site) => site.current && (facts.subject.site === null || site.site === facts.subject.site),
  )
  const held = (outcomeOf: (site: SiteFact) => Held['outcome']) =>
    listFact(current.map((site) => ({ outcome: outcomeOf(site), basis: basisOf(site) })))
  const agreed = new Set((purposes ?? []).map(plain))
  return {
    charterIsUsed: valueFact(current.length > 0, current.map(basisOf)),
    charterPurposesNotAgreed: held(({ purpose }) => {
      if (purpose === null) return 'unknown'
      return agreed.has(plain(purpose)) ? 'agrees' : { against: purpose }
    }),
    charterPurposesRefused: held(({ purpose }) => {
      if (purpose === null) return 'unknown'
      return refused.some((each) => speaksOf(purpose, each)) ? { against: purpose } : 'agrees'
    }),
    charterPlacesNotAgreed: held(({ jurisdiction }) => {
      if (jurisdiction === null) return 'unknown'
      return (jurisdictions ?? []).some((place) => isWithin(jurisdiction, place)) ? 'agrees' : { against: jurisdiction }
    }),
    charterGroupsNotMeasured: listFact(groups.map((group) => measuredGroup(group, facts))),
  }
}

/** Whole words of it; in scripts without spaces, anywhere. */
function speaksOf(purpose: string, refused: string): boolean {
  const [text, words] = [plain(purpose), plain(refused)]
  const at = text.indexOf(words)
  if (at < 0) return false
  const isLetter = (character: string | undefined) =>
    character !== undefined && /[\p{Script=Latin}\p{N}]/u.test(character)
  const begins = isLetter(words[0]) && isLetter(text[at - 1])
  const ends = isLetter(words.at(-1)) && isLetter(text[at + words.length])
  return !begins && !ends
}

/** The same place, a part of it (US-NY lies in US), or a country of the Union where the Union is agreed. */
function isWithin(jurisdiction: string, place: string): boolean {
  const [here, there] = [plain(jurisdiction), plain(place)]
  if (here === there || (here.startsWith(there) && /^[-\s,(/]/.test(here.slice(there.length)))) return true
  return (there === 'eu' || there === 'european union') && liesIn(jurisdiction, 'union')
}

function measuredGroup(group: string, { audits }: Facts): Held {
  const found = audits.find(
    ({ result, status }) =>
      status !== 'disputed' && result?.attributes.some(({ attribute }) => plain(attribute) === plain(group)),
  )
  return found ? { outcome: 'agrees', basis: basisOf(found) } : { outcome: { against: group }, basis: null }
}

const DAY = 'YYYY-MM-DD'.length
const DAY_MS = 24 * 60 * 60 * 1_000

/** Whole days from one day to another, both in UTC. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, DAY)) - Date.parse(from.slice(0, DAY))) / DAY_MS)
}
