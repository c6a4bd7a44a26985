import type { ChangeKind } from '../contract/scan.ts'
import { liesIn } from './area.ts'
import type { Ancestor, ClaimFact, Fact, Gathered } from './facts.ts'
import { claimed, known, latestClaims, notKnown, READ, restingOn, yesOrNo } from './known.ts'

/**
 * A third of the original's training compute makes whoever modifies a general-purpose model the provider of what comes of it; where
 * the original's cannot be had, a third of the threshold stands for it (Commission guidelines C(2025) 5045, points 63 and 64).
 */
const DEFAULT_FLOP = 1e23
/** Of models with systemic risk, Art. 51(2). */
const SYSTEMIC_FLOP = 1e25

/** Below so many parameters no training reaches 10²³ FLOP at six per parameter and token: that would be 10¹⁴ tokens and more. */
const GENERAL_PURPOSE_PARAMETERS = 1e8

/** Made without training, unless somebody claims compute for it all the same. */
const UNTRAINED: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  'converted',
  'converted-lossy',
  'quantised',
  'merged',
  'assembled',
  'extracted',
  'permuted',
  'configuration-changed',
  'direction-ablated',
])

/** Null: said that it cannot be had. Undefined: nothing said, or nothing that can be read, or parties contradict each other. */
type Compute = { flop: number | null; claims: ClaimFact[] } | undefined

/** Training compute along the lineage, and whether the modifications together crossed a third. */
export function computeFacts(gathered: Gathered): Record<string, Fact> {
  const origins = gathered.ancestors.filter((ancestor) => isOrigin(ancestor, gathered))
  const original = originalOf(origins)
  const modification = modificationOf(gathered, origins)
  return {
    generalPurpose: generalPurpose(gathered, origins),
    originalFlop: original.fact,
    modificationFlop: modification.isComplete
      ? known(modification.atLeast, restingOn(modification.claims))
      : notKnown(restingOn(modification.claims).statements),
    modificationExceedsThird: exceedsThird(gathered, origins, original, modification),
    onlyOutsideUnion: onlyOutsideUnion(gathered),
    gpaiDocumented: documented(gathered),
  }
}

/** Made from nothing that is known. */
function isOrigin({ model }: Ancestor, { ancestors }: Gathered): boolean {
  return !parentsOf(ancestors).has(model)
}

const parents = new WeakMap<readonly Ancestor[], Set<string>>()

/** The models that have a known parent themselves. */
function parentsOf(ancestors: readonly Ancestor[]): Set<string> {
  const found = parents.get(ancestors) ?? new Set(ancestors.map(({ towards }) => towards))
  parents.set(ancestors, found)
  return found
}

function computeIn(claims: readonly ClaimFact[]): Compute {
  const said = latestClaims(claims, 'training-flop', null)
  const values = new Set(said.map(({ value }) => flopIn(value)))
  const [flop, ...others] = values
  if (said.length === 0 || others.length > 0 || flop === undefined || restingOn(said).status === 'disputed')
    return undefined
  return { flop, claims: said }
}

/** `1.2e22`, `1.2×10^22 FLOP`, `unknown`. Undefined where it is no number. */
function flopIn(text: string): number | null | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/flops?$/, '')
    .trim()
  if (/^(unknown|not available|n\/a|不明)$/.test(plain)) return null
  const [, factor, power] = /^([\d.]+)?\s*[×x*]?\s*10\s*(?:\^|\*\*)\s*(\d+)$/.exec(plain) ?? []
  const value = power === undefined ? Number(plain.replaceAll(',', '')) : Number(factor ?? '1') * 10 ** Number(power)
  return plain !== '' && Number.isFinite(value) && value >= 0 ? value : undefined
}

interface Original {
  /** The least of several: any of them makes the modifier a provider. Null: said that it cannot be had. */
  flop: number | null | undefined
  fact: Fact
}

function originalOf(origins: readonly Ancestor[]): Original {
  const all = origins.map(({ claims }) => computeIn(claims))
  if (all.length === 0 || all.includes(undefined)) return { flop: undefined, fact: notKnown() }
  const found = all as NonNullable<Compute>[]
  const numbers = found.flatMap(({ flop }) => (flop === null ? [] : [flop]))
  const basis = restingOn(found.flatMap(({ claims }) => claims))
  if (numbers.length < found.length) return { flop: null, fact: notKnown(basis.statements) }
  const flop = Math.min(...numbers)
  return { flop, fact: known(flop, basis) }
}

interface Modification {
  /** Of those that are known. */
  atLeast: number
  isComplete: boolean
  claims: ClaimFact[]
}

/** Every modified model of the lineage once, the subject among them. */
function modificationOf(gathered: Gathered, origins: readonly Ancestor[]): Modification {
  const isOriginal = new Set(origins.map(({ model }) => model))
  const made = [
    ...(gathered.ancestors.length > 0 ? [{ model: gathered.subject.model, claims: gathered.claims }] : []),
    ...gathered.ancestors.filter(({ model }) => !isOriginal.has(model)),
  ]
  const changes = changesInto(gathered.ancestors)
  const sum: Modification = { atLeast: 0, isComplete: gathered.relatives.length === 0, claims: [] }
  for (const { model, claims } of made) {
    const compute = computeIn(claims)
    if (compute && compute.flop !== null) {
      sum.atLeast += compute.flop
      sum.claims.push(...compute.claims)
    } else if (compute || claims.some(({ subject }) => subject === 'training-flop') || isTrained(changes.get(model)))
      sum.isComplete = false
  }
  return sum
}

function changesInto(ancestors: readonly Ancestor[]): Map<string, ChangeKind[]> {
  const changes = new Map<string, ChangeKind[]>()
  for (const { towards, changes: made } of ancestors) {
    const before = changes.get(towards)
    if (before) before.push(...made)
    else changes.set(towards, [...made])
  }
  return changes
}

function isTrained(changes: readonly ChangeKind[] = []): boolean {
  return changes.some((change) => !UNTRAINED.has(change))
}

function exceedsThird(
  gathered: Gathered,
  origins: readonly Ancestor[],
  original: Original,
  { atLeast, isComplete, claims }: Modification,
): Fact {
  // nothing was modified here, as far as the weights tell
  if (gathered.ancestors.length === 0) return gathered.relatives.length > 0 ? notKnown() : known(false, READ)
  const basis = restingOn([
    ...claims,
    ...origins.flatMap(({ claims }) => claims.filter(({ subject }) => subject === 'training-flop')),
    ...gathered.ancestors.filter(({ distance }) => distance === 1),
  ])
  const systemic = origins.some((origin) => isSystemic(origin))
  const third = (original.flop ?? (systemic ? SYSTEMIC_FLOP : DEFAULT_FLOP)) / 3
  if (atLeast > third) return known(true, basis)
  // without the original's compute, or the word that it cannot be had, staying below the threshold says nothing
  const isDecided = isComplete && (original.flop !== undefined || atLeast === 0)
  return isDecided ? known(false, basis) : notKnown(basis.statements)
}

function isSystemic({ claims }: Ancestor): boolean {
  return latestClaims(claims, 'systemic-risk', null).some(({ value }) => yesOrNo(value) === true)
}

/** By what is said of it or of an origin; else by size, and by whether anybody counts its compute. */
function generalPurpose(gathered: Gathered, origins: readonly Ancestor[]): Fact {
  const said = [gathered, ...origins].map(({ claims }) => claimed({ ...gathered, claims }, 'general-purpose', yesOrNo))
  const yes = said.find(({ value, status }) => value === true && status !== 'disputed')
  if (yes) return yes
  const own = said[0]
  if (own && own.value !== null) return own
  const counted = [gathered, ...origins].flatMap(({ claims }) =>
    claims.filter(({ subject }) => subject === 'training-flop'),
  )
  if (counted.length > 0) return known(true, restingOn(counted))
  const { parameters } = gathered
  if (parameters !== null && parameters < GENERAL_PURPOSE_PARAMETERS)
    return known(false, { status: 'inferred', statements: [] })
  return said.find(({ value }) => value === false) ?? notKnown()
}

/** Whoever has become a provider says so on record; a record without it says that nobody has. */
function documented(gathered: Gathered): Fact {
  const said = claimed(gathered, 'gpai-documentation', yesOrNo)
  return said.value === null && said.statements.length === 0 ? known(false, READ) : said
}

/** A record of uses elsewhere, and of none in the Union; with no record of any use this is not so. */
function onlyOutsideUnion({ sites }: Gathered): Fact {
  const current = sites.filter(({ current }) => current)
  const isOutside = ({ jurisdiction }: (typeof sites)[number]) =>
    jurisdiction !== null && !liesIn(jurisdiction, 'union')
  return known(current.length > 0 && current.every(isOutside), restingOn(current))
}
