import type { ChangeKind } from '../contract/scan.ts'
import { type Assembly, partText } from './assembly.ts'
import { LARGE, UNSCREENED } from './candidates.ts'
import type { Glance } from './glance.ts'
import { copyIn, type Kin, kinByModel } from './kin.ts'
import type { Relation } from './lineage.ts'
import { match } from './match.ts'
import {
  bestMerge,
  bestPair,
  type Combination,
  candidateFrom,
  importance,
  type Left,
  type Merge,
  type Setting,
  settingOf,
} from './merge.ts'
import { type Likely, likelyParents } from './merge-screening.ts'
import { recombination, sphericalOr, thinnedRecombination, withoutBase } from './recombination.ts'
import { roundingError } from './rounding.ts'
import type { Subject } from './subject.ts'
import { thinnedByExtremes } from './thinned-by-extremes.ts'
import { thinnedMerge } from './thinned-merge.ts'
import type { Asking, Models } from './wanted.ts'

/** Left over by a spherical instead of a straight mean: a quarter of the squared angle between the parents. */
const CLEAN_RESIDUAL = 0.05

/** A spherical mean's own parents leave more where another model lies near it, but the sphere then nothing. */
const BENT_RESIDUAL = 0.3

/**
 * A merge stored on a grid or in half precision leaves that rounding over, and where it reaches so far the combination is no longer
 * to be told from chance: of a checkpoint amid one training run sin(θ/2) of the way to the next is left over, θ being the angle
 * between the steps (.71 where they are unrelated); of a base between its fine-tunes .71, or .58 between three.
 */
const ROUNDED_RESIDUAL = 0.4

/** Where too few tensors make a family, only an exact combination counts: f32 arithmetic leaves about 1e-7. */
const EXACT_RESIDUAL = 1e-6

/** The nearest of a model among which its parents are looked for: of large estates half as many, for time. A hub has a thousand neighbours. */
const MAX_PARENTS = 48

/** So few that may have gone into a model are all looked at in full; of more it is those that a glance does not rule out. */
const MAX_IN_FULL = 24

/** Equal elements of matrices that differ, beyond chance. */
const MIN_KEPT = 0.02

/** A model and how far it is, by a comparison or a glance. */
export interface Neighbour {
  id: string
  distance: number
}

/** What merges are looked for among. */
export interface Surroundings {
  /** The children, and what is near to each. */
  neighbours: ReadonlyMap<string, Neighbour[]>
  kin: readonly Kin[]
  /** Of all models. */
  glances: ReadonlyMap<string, Glance>
  /** Ids of combinations that are known already, and of what was made exactly of one other model: of neither a base or a parent is sought. */
  combined: ReadonlySet<string>
}

/** A child, and what it may have been made from. */
interface Child {
  id: string
  /** The nearest originals, nearest first. */
  nearest: string[]
  likely: Likely
  /** Single elements are as in another model, though the tensor is not: changes were thinned out. */
  isThinned: boolean
  /** Too few tensors for chance to be told from kinship: all are exactly alike, or parents. */
  fewTensors: boolean
}

/**
 * The merges among models whose parents are at hand; copies take no part, their originals do. First those that need nothing but their
 * parents; what is left may be put together about a base, but not from merges, of which one of their parents is an affine
 * combination as well.
 */
export function* mergesAmong(around: Surroundings, models: Models): Asking<Merge[]> {
  const plain: Merge[] = []
  const left: Child[] = []
  for (const child of yield* childrenOf(around, models)) {
    const merge = yield* plainMerge(child, models)
    if (merge) plain.push(merge)
    else if (!child.fewTensors) left.push(child)
  }
  const merged = new Set([...around.combined, ...plain.map(({ child }) => child.id)])
  const clean: Merge[] = []
  const thinned: (Merge & { explained?: number })[] = []
  const still: Child[] = []
  for (const child of left) {
    const setting = yield* settingAmong(child.id, child.likely.aboutBase, models)
    const merge = setting && recombination(setting, merged, (rest) => isMerge(rest, false))
    if (merge) clean.push(merge)
    else still.push(child)
  }
  for (const { child } of clean) merged.add(child.id)
  for (const { id, nearest, likely, isThinned } of still) {
    const whole = isThinned ? yield* settingAmong(id, nearest, models) : null
    const setting = yield* settingAmong(id, likely.aboutBase, models)
    const merge =
      (whole && thinnedMerge(whole, merged)) ??
      (setting && (thinnedByExtremes(setting, merged) ?? thinnedRecombination(setting, merged)))
    if (merge) thinned.push(merge)
  }
  return [...plain, ...clean, ...withoutCircles(thinned)]
}

/** Of two that would each be made of the other, the one that says more of its elements is. */
function withoutCircles(merges: readonly (Merge & { explained?: number })[]): Merge[] {
  const made = new Map<string, Merge>()
  for (const merge of merges.toSorted((x, y) => (y.explained ?? 0) - (x.explained ?? 0))) {
    const isOfChild = ({ id }: Subject) => sourcesOf(made.get(id)).includes(merge.child.id)
    if (![...merge.parents.map(({ subject }) => subject), ...(merge.base ? [merge.base] : [])].some(isOfChild))
      made.set(merge.child.id, merge)
  }
  return [...made.values()]
}

function sourcesOf(merge: Merge | undefined): string[] {
  return merge ? [...merge.parents.map(({ subject }) => subject.id), ...(merge.base ? [merge.base.id] : [])] : []
}

function* childrenOf({ neighbours, kin, glances }: Surroundings, models: Models): Asking<Child[]> {
  const copies = new Set(kin.flatMap((pair) => copyIn(pair) ?? []))
  const byModel = kinByModel(kin)
  const most = glances.size < LARGE ? MAX_PARENTS : MAX_PARENTS / 2
  const children: Child[] = []
  for (const [id, near] of neighbours) {
    if (copies.has(id)) continue
    const originals = near.filter((other) => !copies.has(other.id)).sort((x, y) => x.distance - y.distance)
    const nearest = originals.slice(0, most).map((other) => other.id)
    const seen = nearest.map((other) => glances.get(other)!)
    const likely =
      glances.size > UNSCREENED || nearest.length > MAX_IN_FULL
        ? yield* likelyParents(glances.get(id)!, seen, models)
        : { parents: nearest, aboutBase: nearest }
    const own = byModel.get(id) ?? []
    const fewTensors = own.every((pair) => pair.p === null)
    const isThinned = own.some(({ kept }) => kept >= MIN_KEPT)
    if (isThinned || likely.parents.length + likely.aboutBase.length > 1)
      children.push({ id, nearest, likely, isThinned, fewTensors })
  }
  return children
}

function* plainMerge({ id, nearest, likely, fewTensors }: Child, models: Models): Asking<Merge | null> {
  const setting = yield* settingAmong(id, likely.parents, models)
  const merge = setting && bestMerge(setting, (left) => isMerge(left, fewTensors))
  if (merge?.parents.length === 2) return sphericalOr(merge, setting!)
  const bent = setting && bestPair(setting)
  const spherical = bent && bent.residual < BENT_RESIDUAL ? sphericalOr(bent, setting) : null
  if (spherical?.method === 'slerp' && isMerge(spherical, fewTensors)) return spherical
  if (!merge) return null
  // whether one of three is the base shows by what else is near
  const isWhole = likely.parents.length === nearest.length
  return withoutBase(merge, isWhole ? setting : ((yield* settingAmong(id, nearest, models)) ?? setting))
}

function* settingAmong(child: string, others: string[], models: Models): Asking<Setting | null> {
  if (others.length < 2) return null
  const [subject, ...parents] = yield* models.weights([child, ...others])
  const candidates = parents.map((parent) =>
    candidateFrom({ a: subject!, b: parent, match: match(subject!, parent) }, subject!),
  )
  return settingOf(subject!, candidates)
}

function isMerge(left: Left, fewTensors: boolean): boolean {
  const isStored = left.relativeResidual < storageError(left.child)
  if (left.residual < ROUNDED_RESIDUAL && isStored) return true
  return fewTensors ? left.relativeResidual < EXACT_RESIDUAL : left.residual < CLEAN_RESIDUAL
}

/** What writing the child down has moved it by at most, relative to its size. */
function storageError({ weights }: Subject): number {
  let squares = 0
  let size = 0
  for (const weight of weights) {
    squares += importance(weight) * (roundingError(weight) * weight.norm) ** 2
    size += importance(weight) * weight.norm ** 2
  }
  return size === 0 ? 0 : Math.sqrt(squares / size)
}

/** Stored in half precision though the parents are not: what merging computed was rounded. */
function isNarrower(child: Subject, parents: Merge['parents']): boolean {
  const isHalf = ({ weights }: Subject) =>
    weights.every(({ print }) => print.exact === 'f16' || print.exact === 'bf16' || print.rows === 1)
  return isHalf(child) && !parents.some(({ subject }) => isHalf(subject))
}

/** `between`: the kin of the child and its parents. */
export function mergeRelation(merge: Merge, between: readonly Kin[]): Relation {
  const { child, parents, residual, method, base, density } = merge
  const changes: ChangeKind[] = ['merged']
  if (child.weights.some((weight) => weight.print.encoding)) changes.push('quantised')
  if (isNarrower(child, parents)) changes.push('converted-lossy')
  return {
    ...combinationRelation(merge, between),
    parents: parents.map(({ subject, weight }) => ({
      id: subject.id,
      weight: merge.sharesOpen ? null : Number(weight.toFixed(4)),
    })),
    changes,
    direction: 'known',
    details: {
      ...(merge.sharesOpen ? {} : { weights: parents.map(({ weight }) => weight) }),
      method,
      ...(base ? { base: base.id } : {}),
      ...(density === null ? {} : { density }),
      residual,
    },
  }
}

export function assemblyRelation(assembly: Assembly, between: readonly Kin[]): Relation {
  const { parents, known } = assembly
  return {
    ...combinationRelation(assembly, between),
    parents: parents.map(({ subject }) => ({ id: subject.id, weight: null })),
    changes: ['assembled'],
    direction: known ? 'known' : 'undetermined',
    details: {
      parts: parents.map(({ subject, weight, from }) => ({ parent: subject.id, part: partText(from), share: weight })),
    },
  }
}

/** What every relation of several parents says: the weakest p of its sides, the nearest parent's likeness. */
function combinationRelation(
  { child }: Combination,
  between: readonly Kin[],
): Pick<Relation, 'child' | 'status' | 'p' | 'similarity'> {
  const ps = between.map(({ p }) => p)
  return {
    child: child.id,
    status: 'inferred',
    p: ps.some((p) => p === null) ? null : Math.max(...ps.map((p) => p!)),
    similarity: Math.max(...between.map(({ similarity }) => similarity)),
  }
}
