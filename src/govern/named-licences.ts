import type { FactStatus } from '../contract/trace.ts'
import { areaOf } from './area.ts'
import type { Ancestor, ClaimFact, Fact, Gathered } from './facts.ts'
import { type Basis, claimed, known, latestClaims, notKnown, restingOn, yesOrNo } from './known.ts'
import { conflictIn, type LicenceTerm, termsOf } from './licence.ts'

interface Licensed {
  name: string
  claims: readonly ClaimFact[]
  terms: readonly LicenceTerm[]
  /** The relation by which it descends; null of the model itself. */
  edge: Ancestor | null
}

/** What licences ask of a model: its own, and those that descend to it along measured relations. */
export function licenceFacts(gathered: Gathered): Record<string, Fact> {
  const own = licensed(gathered.subject.name, gathered.claims, null)
  const above = gathered.ancestors.map((ancestor) => licensed(ancestor.name, ancestor.claims, ancestor))
  const all = [own, ...above]
  const isOpen = isOpenAmong(all, gathered)
  const inherited = (term: LicenceTerm, from = above) => descends(from, term, isOpenAmong(from, gathered))
  const ownLicence = claimed(gathered, 'licence', (value) => value.trim())
  const ownTerms =
    own.claims.length === 0 ? notKnown() : known(own.terms.includes('non-commercial'), restingOn(own.claims))
  // the furthest: there it began
  const source = all.findLast(({ terms }) => terms.includes('non-commercial'))
  return {
    licence: ownLicence,
    licences: known([...new Set(all.flatMap(({ terms }) => terms))].sort(), basisOf(all)),
    licencesKnown: licencesKnown(all, isOpen),
    licencesCompatible: compatible(gathered, all, isOpen),
    nonCommercialInherited: inherited('non-commercial', all),
    nonCommercialSource: source ? known(source.name, basisOf([source])) : notKnown(),
    ownLicenceNonCommercial:
      own.terms.includes('unread') || isContradicted(own) ? { ...ownTerms, value: null, status: null } : ownTerms,
    commercialUse: commercialUse(gathered),
    noDerivativesInherited: inherited('no-derivatives'),
    apacheInherited: inherited('apache'),
    attributionInherited: inherited('attribution'),
    llamaInherited: inherited('llama'),
    gemmaInherited: inherited('gemma'),
    openrailInherited: inherited('openrail', all),
    nameBeginsLlama: nameBeginsLlama(gathered),
    apacheNotice: noticeOf(gathered, /apache|all/i),
    attributionNotice: noticeOf(gathered, /cc[- ]?by|attribution|all|帰属/i),
    llamaNotice: noticeOf(gathered, /llama|all/i),
    gemmaNotice: noticeOf(gathered, /gemma|all/i),
    openrailNotice: noticeOf(gathered, /rail|all/i),
  }
}

function licensed(name: string, claims: readonly ClaimFact[], edge: Ancestor | null): Licensed {
  const known = licences.get(claims) ?? licencesIn(claims)
  licences.set(claims, known)
  return { name, claims: known.claims, terms: known.terms, edge }
}

/** By the list of claims of each model: an ancestor is asked for with every model below it. */
const licences = new WeakMap<readonly ClaimFact[], Pick<Licensed, 'claims' | 'terms'>>()

function licencesIn(claims: readonly ClaimFact[]): Pick<Licensed, 'claims' | 'terms'> {
  const said = latestClaims(claims, 'licence', null)
  return { claims: said, terms: [...new Set(said.flatMap(({ value }) => termsOf(value)))] }
}

/** Whether parties name licences whose terms differ. */
function isContradicted({ claims }: Licensed): boolean {
  return claims.length > 1 && new Set(claims.map(({ value }) => JSON.stringify([...termsOf(value)].sort()))).size > 1
}

/** Whether a licence is missing that may ask anything: of a model of the lineage, or of one that may be an ancestor. */
function isOpenAmong(all: readonly Licensed[], { relatives }: Gathered): boolean {
  return relatives.length > 0 || all.some(({ terms }) => terms.length === 0 || terms.includes('unread'))
}

function licencesKnown(all: readonly Licensed[], isOpen: boolean): Fact {
  const basis = basisOf(all)
  if (isOpen) return notKnown(basis.statements)
  return known(true, all.some(isContradicted) ? { ...basis, status: 'disputed' } : basis)
}

/** The licences, and the relations along which they come. */
function basisOf(all: readonly Licensed[]): Basis {
  const before = bases.get(all)
  if (before) return before
  const resting: { status: FactStatus; statement: number | null }[] = []
  for (const { claims } of all) for (const claim of claims) resting.push(claim)
  for (const { edge } of all) if (edge) resting.push(edge)
  const basis = restingOn(resting)
  bases.set(all, basis)
  return basis
}

/** A dozen facts rest on the same licences, and a chain has ten thousand. */
const bases = new WeakMap<readonly Licensed[], Basis>()

/** True by one model that has the term; false only where the licence of every one is known. */
function descends(all: readonly Licensed[], term: LicenceTerm, isOpen: boolean): Fact {
  const having = all.filter(({ terms }) => terms.includes(term))
  const certain = having.find((each) => !isContradicted(each) && basisOf([each]).status !== 'disputed')
  if (certain) return known(true, basisOf([certain]))
  if (having.length > 0) return { value: true, status: 'disputed', statements: basisOf(having).statements }
  return isOpen ? notKnown(basisOf(all).statements) : known(false, basisOf(all))
}

/** Terms that cannot be kept together are for a person to weigh: until then nothing is known. */
function compatible(gathered: Gathered, all: readonly Licensed[], isOpen: boolean): Fact {
  const conflict = conflictIn(all.map(({ terms }) => terms))
  if (conflict !== null)
    return claimed(
      gathered,
      'licence-decision',
      (value) => !/incompatible|not.compatible|refus|両立しない|不可/i.test(value),
    )
  return isOpen ? notKnown() : known(true, basisOf(all))
}

/** Whatever is not said to be research or private counts as business, once it is known what it is. */
function commercialUse(gathered: Gathered): Fact {
  const sites = gathered.sites.filter(({ current }) => current)
  const uses = sites.map((site) => ({ site, area: site.purpose === null ? null : areaOf(site.purpose) }))
  const business = uses.filter(({ area }) => area !== null && area !== 'research').map(({ site }) => site)
  const said = claimed(gathered, 'commercial', yesOrNo)
  if (business.length > 0) {
    const basis = restingOn(business)
    return said.value === false ? { value: true, status: 'disputed', statements: basis.statements } : known(true, basis)
  }
  if (said.value !== null) return said
  if (uses.some(({ area }) => area === null)) return notKnown(restingOn(sites).statements)
  return known(false, restingOn(sites))
}

function nameBeginsLlama(gathered: Gathered): Fact {
  const said = claimed(gathered, 'name', (value) => value)
  const name = typeof said.value === 'string' ? said.value : gathered.subject.name
  const begins = /^\s*llama/i.test(name.split('/').at(-1) ?? name)
  return said.value === null ? known(begins, { status: 'declared', statements: [] }) : { ...said, value: begins }
}

/** Notices are claimed by the licences that they belong to; `none` denies them all. */
function noticeOf(gathered: Gathered, licence: RegExp): Fact {
  const said = gathered.claims.filter(({ subject }) => subject === 'notice')
  const last = said.filter(({ value }) => yesOrNo(value) === false || licence.test(value)).at(-1)
  return last ? known(yesOrNo(last.value) !== false, restingOn([last])) : notKnown(restingOn([...said]).statements)
}
