import { sameActor } from './actors.ts'
import { type Area, areaFact, areaOf, HIGH_RISK, liesIn, MEETS_PEOPLE, mayBeNewYorkCity } from './area.ts'
import type { Fact, Gathered, Presence, SiteFact } from './facts.ts'
import { type Basis, claimed, known, notKnown, restingOn, yesOrNo } from './known.ts'
import { auditCovers } from './named-audits.ts'

/** The deployment that holds at the subject's site; null where it has ended, or there is none. */
function deploymentOf({ sites, subject }: AtSite): SiteFact | null {
  return (
    sites.findLast(({ site, model, current }) => current && site === subject.site && model === subject.model) ?? null
  )
}

/** All that facts about a site are drawn from. `src/app/plain-sites.ts` tells by these which sites are alike: what is added here has to be told there. */
type AtSite = Pick<
  Gathered,
  'subject' | 'sites' | 'claims' | 'hops' | 'ancestors' | 'relatives' | 'audits' | 'presence'
>

/** What is known of the use of a model at its site, and of what lies there. */
export function siteFacts(gathered: AtSite): Record<string, Fact> {
  const deployment = deploymentOf(gathered)
  return Object.assign(
    deployment === null ? {} : useFacts(gathered, deployment),
    claimFacts(gathered),
    presenceFacts(gathered),
    { auditCoversModel: auditCovers(gathered.audits) },
  )
}

function useFacts(gathered: AtSite, deployment: SiteFact): Record<string, Fact> {
  const { site, actor, role, jurisdiction, purpose } = deployment
  const basis = restingOn([deployment])
  const given = (value: string | null) => (value === null ? notKnown(basis.statements) : known(value, basis))
  const area = areaFact(purpose, basis)
  const isIn = (areas: ReadonlySet<Area>) => (area.value === null ? area : known(areas.has(area.value as Area), basis))
  return {
    site: known(site, basis),
    actorNamed: actor === null ? notKnown(basis.statements) : known(true, basis),
    role: given(role),
    purpose: given(purpose),
    area,
    highRisk: isIn(HIGH_RISK),
    meetsPeople: isIn(MEETS_PEOPLE),
    purposeBecameHighRisk: becameHighRisk(gathered, deployment, basis),
    deployerModified: deployerModified(gathered, deployment),
    ...placeFacts(jurisdiction, basis),
  }
}

function placeFacts(jurisdiction: string | null, basis: Basis): Record<string, Fact> {
  if (jurisdiction === null) return {}
  const lies = (region: Parameters<typeof liesIn>[1]) => known(liesIn(jurisdiction, region), basis)
  return {
    jurisdiction: known(jurisdiction, basis),
    inUnion: lies('union'),
    inUnitedStates: lies('united-states'),
    inJapan: lies('japan'),
    inNewYorkCity: mayBeNewYorkCity(jurisdiction) ? notKnown(basis.statements) : lies('new-york-city'),
  }
}

/**
 * Art. 25(1)(c): a purpose that its provider did not intend to be high-risk, or for which it was not used here before, has become
 * one. Where neither the provider's word nor an earlier use is on record nobody can tell.
 */
function becameHighRisk(gathered: AtSite, deployment: SiteFact, basis: Basis): Fact {
  const area = deployment.purpose === null ? null : areaOf(deployment.purpose)
  if (area === null) return notKnown(basis.statements)
  if (!HIGH_RISK.has(area)) return known(false, basis)
  const intended = claimed(gathered, 'intended-purpose', areaOf)
  if (intended.value !== null) return { ...intended, value: !HIGH_RISK.has(intended.value as Area) }
  const earlier = gathered.sites.filter(({ site, model, at, statement, purpose }) => {
    const before = purpose === null ? null : areaOf(purpose)
    const isEarlier = at < deployment.at || (at === deployment.at && statement < deployment.statement)
    return (
      site === deployment.site && model === deployment.model && isEarlier && before !== null && !HIGH_RISK.has(before)
    )
  })
  return earlier.length > 0 ? known(true, restingOn([...earlier, deployment])) : notKnown(basis.statements)
}

/** Whoever made the model, or has other weights in place than were approved, modified it. */
function deployerModified({ hops, ancestors, relatives, presence, subject }: AtSite, { actor }: SiteFact): Fact {
  if (presence && othersAt(presence, subject.model).length > 0)
    return known(true, {
      status: 'verified',
      statements: othersAt(presence, subject.model).map(({ statement }) => statement),
    })
  const parents = ancestors.filter(({ distance }) => distance === 1)
  const changed = parents.filter(({ changes }) =>
    changes.some((change) => change !== 'converted' && change !== 'permuted'),
  )
  if (changed.length === 0) return relatives.length > 0 ? notKnown() : known(false, restingOn(parents))
  const made = hops.filter(({ event }) => event === 'created').at(-1)
  const maker = made && (made.to ?? made.from)
  if (!made || !maker || actor === null) return notKnown(restingOn(changed).statements)
  return known(sameActor(maker, actor), restingOn([made, ...changed]))
}

function claimFacts(gathered: AtSite): Record<string, Fact> {
  const said = (subject: string) => claimed(gathered, subject, yesOrNo)
  return {
    rebranded: said('rebranded'),
    monitored: said('monitoring'),
    logRetentionMonths: claimed(gathered, 'log-retention', monthsIn),
    conformity: said('conformity'),
    transparency: said('transparency'),
    humanOversight: said('human-oversight'),
    feedbackMitigated: said('feedback-loop'),
    auditSummaryPublished: said('audit-summary'),
    candidateNotice: claimed(gathered, 'candidate-notice', noticeGiven),
    stateLawReviewed: said('state-law'),
  }
}

const MONTH_DAYS = 365.25 / 12
const MONTHS: Record<string, number> = { day: 1 / MONTH_DAYS, week: 7 / MONTH_DAYS, month: 1, year: 12 }
const UNITS: readonly [RegExp, string][] = [
  [/^(days?|d|日間?)$/, 'day'],
  [/^(weeks?|w|週間?)$/, 'week'],
  [/^(months?|か月間?|ヶ月間?|カ月間?|月)$/, 'month'],
  [/^(years?|y|年間?)$/, 'year'],
]

/** `6 months`, `183 days`, `2 years`, `6か月`; null where it is none of these. */
function monthsIn(text: string): number | null {
  const [, count = '', unit = ''] = /^\s*([\d.]+)\s*([^\s\d]*)\s*$/.exec(text.toLowerCase()) ?? []
  const name = UNITS.find(([pattern]) => pattern.test(unit))?.[1]
  const months = name === undefined || count === '' ? Number.NaN : Number(count) * (MONTHS[name] ?? Number.NaN)
  return Number.isFinite(months) ? Math.round(months * 100) / 100 : null
}

/** 6 RCNY § 5-304: ten business days before use. A shorter time is no notice; a plain yes is taken at its word. */
function noticeGiven(text: string): boolean | null {
  const [, days, kind] = /^\s*(\d+)\s*(business|working|営業)?/.exec(text.toLowerCase()) ?? []
  if (days === undefined || /^\s*[01]\s*$/.test(text)) return yesOrNo(text)
  // ten business days are two weeks
  return Number(days) >= (kind === undefined ? 14 : 10)
}

/** Files that only speak of a model change nothing that it does. */
const SPEAKING_ONLY = new Set(['card', 'license'])

function presenceFacts({ presence, subject }: AtSite): Record<string, Fact> {
  if (presence === null || presence.place === null || presence.present.length === 0) return {}
  const basis: Basis = { status: 'verified', statements: presence.present.map(({ statement }) => statement) }
  const weights = { weightsAsApproved: known(othersAt(presence, subject.model).length === 0, basis) }
  if (presence.sideFiles === null) return weights
  const changed = presence.sideFiles.filter(({ role }) => !SPEAKING_ONLY.has(role))
  return {
    ...weights,
    sideFilesAsApproved: known(changed.length === 0, basis),
    sideFileChanges: known(
      changed.map(({ path, role, change }) => `${role} ${change}: ${path}`),
      basis,
    ),
  }
}

function othersAt({ present }: Presence, model: string): Presence['present'][number][] {
  return present.filter((each) => each.model !== model)
}
