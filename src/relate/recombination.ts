import { affineWeights } from '../kernel/algebra.ts'
import {
  blockOf,
  type Candidate,
  deltaOf,
  type IsGood,
  importance,
  type Merge,
  pairsOf,
  type Setting,
  spanOf,
  triplesOf,
} from './merge.ts'
import { probesOf } from './probes.ts'
import { sparseMerge } from './sparse-merge.ts'
import type { Weight } from './subject.ts'

/** The nearest candidates among which a base and its parents are looked for, … */
export const MAX_ABOUT_BASE = 32

/** … and those among which any could be the base: 16 × 560 combinations a child. */
const MAX_BASES = 16

/** A smaller share of a parent's change is noise of the fit. */
const MIN_WEIGHT = 0.05

/** Recipes scale changes up a little, if at all; much more is one of a merge's parents, seen from the merge. */
const MAX_WEIGHT = 1.3

/** Seen from their base, changes of different training stand at right angles; seen from a third fine-tune their cosine is .5. */
const MAX_COSINE = 0.35

/** What was trained but briefly moved mostly in one direction; then it is single elements, or a share below nothing, that tell the base. */
const MAX_COSINE_SHOWN = 0.9
const OPPOSITE = -0.05

/** A third fine-tune that hardly moved is nearly the base; of three that make a mean only one that did not move at all is taken for it. */
const RIGHT_ANGLE = 0.08

/** Thinning out leaves as much noise as there is signal where half is kept; the fit must still explain a part. */
const MAX_RESIDUAL = 0.95

/** Base and parents, by their places among a setting's candidates, and how much of each parent's change the child has. */
export interface Recombined {
  base: number
  parents: number[]
  weights: number[]
  squared: number
}

/**
 * base + Σ weight · (parent − base), of two parents or three: task arithmetic where that is all, TIES and DARE where single elements
 * show changes that were thinned out. The base must be here; it is where the parents' changes stand at right angles.
 */
export function recombination(setting: Setting, merged: ReadonlySet<string>, isGood: IsGood): Merge | null {
  const clean = optionsOf(setting, merged).find(
    (option) => isGood(setting.left(option.squared)) && showsBase(option, setting.gram),
  )
  return clean ? { ...mergeAbout(clean, setting), method: 'task-arithmetic', density: null } : null
}

/** The same where changes were thinned out before they were added up. */
export function thinnedRecombination(setting: Setting, merged: ReadonlySet<string>): Merge | null {
  const { candidates } = setting
  const thinned = optionsOf(setting, merged).flatMap((option) => {
    const members = option.parents.map((parent) => candidates[parent]!)
    const sparse = sparseMerge(probesOf(setting.weights, candidates[option.base]!, members))
    return sparse ? [{ option, sparse }] : []
  })
  const [best] = thinned.sort((x, y) => y.sparse.explained - x.sparse.explained)
  if (!best) return null
  const { method, density, weights } = best.sparse
  const merge = mergeAbout(best.option, setting)
  const parents = merge.parents.map((parent, i) => ({ ...parent, weight: weights?.[i] ?? parent.weight }))
  return { ...merge, parents, method, density, ...(weights ? {} : { sharesOpen: true }) }
}

function optionsOf(setting: Setting, merged: ReadonlySet<string>): Recombined[] {
  const { candidates, left, gram } = setting
  if (candidates.length < 3 || left(spanOf(setting)).residual > MAX_RESIDUAL) return []
  return likeliest(
    gram,
    candidates.map((_, i) => i).filter((i) => !merged.has(candidates[i]!.subject.id)),
  )
}

/** A base of which less than nothing is left can be none of the parents. */
function showsBase({ base, parents, weights }: Recombined, gram: number[][]): boolean {
  const left = 1 - weights.reduce((sum, weight) => sum + weight, 0)
  return left < OPPOSITE || areApart(gram, base, parents, MAX_COSINE)
}

export function mergeAbout(
  { base, parents, weights, squared }: Recombined,
  { child, candidates, left }: Setting,
): Omit<Merge, 'method' | 'density'> {
  return {
    ...left(squared),
    child,
    base: candidates[base]!.subject,
    parents: parents.map((parent, i) => ({ subject: candidates[parent]!.subject, weight: weights[i]! })),
  }
}

/** So many of two parents and of three are looked at closely. */
const LOOKED_AT = 12

/** The combinations that leave least, of two parents before those of three. */
function likeliest(gram: number[][], usable: number[]): Recombined[] {
  const all = usable.slice(0, MAX_BASES)
  const least = (groups: (rest: number[]) => Iterable<number[]>) =>
    all
      .flatMap((base) =>
        [...groups(all.filter((i) => i !== base))].flatMap((parents) => recombined(gram, base, parents) ?? []),
      )
      .sort((x, y) => x.squared - y.squared)
      .slice(0, LOOKED_AT)
  return [...least(pairsOf), ...least(triplesOf)]
}

/** How far from a clean combination about a base may be what is still taken for one. */
interface Limits {
  least: number
  most: number
  cosine: number
}

const LIMITS: Limits = { least: MIN_WEIGHT, most: MAX_WEIGHT, cosine: MAX_COSINE_SHOWN }

/** Coarse sketches err by so much more: 4,000 cells give weights and cosines to .02. */
const LOOSE_LIMITS: Limits = { least: MIN_WEIGHT / 2, most: MAX_WEIGHT + 0.2, cosine: MAX_COSINE_SHOWN + 0.05 }
const LOOSE_RESIDUAL = 0.98

/** Whether a base and two parents among these, seen from a child at a glance, leave room for more: three parents are so two by two. */
export function mayHaveBase(gram: number[][]): boolean {
  const all = gram.map((_, i) => i).slice(0, MAX_BASES)
  const single = Math.min(...all.map((i) => gram[i]![i]!))
  return all.some((base) =>
    [...pairsOf(all.filter((i) => i !== base))].some((parents) => {
      const found = recombined(gram, base, parents, LOOSE_LIMITS)
      return found !== null && found.squared < LOOSE_RESIDUAL ** 2 * single
    }),
  )
}

export function recombined(
  gram: number[][],
  base: number,
  parents: number[],
  { least, most, cosine }: Limits = LIMITS,
): Recombined | null {
  const fit = affineWeights(blockOf([base, ...parents], gram))
  const weights = fit?.weights.slice(1) ?? []
  if (!fit || weights.some((weight) => weight < least || weight > most) || !areApart(gram, base, parents, cosine))
    return null
  return { base, parents, weights, squared: fit.squared }
}

/** ⟨Pi − B, Pj − B⟩ from the products about the child. */
function areApart(gram: number[][], base: number, parents: number[], most: number): boolean {
  const product = (i: number, j: number) => gram[i]![j]! - gram[i]![base]! - gram[base]![j]! + gram[base]![base]!
  return parents.every((i, k) =>
    parents.slice(k + 1).every((j) => Math.abs(product(i, j)) <= most * Math.sqrt(product(i, i) * product(j, j))),
  )
}

/**
 * Of three where one is the base of the others nothing but the base's own share is gone: task arithmetic by another name. The base is at
 * right angles to both, and nothing else here is nearer to either.
 */
export function withoutBase(merge: Merge, { child, candidates, gram }: Setting): Merge {
  const members = merge.parents.map(({ subject }) =>
    candidates.findIndex((candidate) => candidate.subject.id === subject.id),
  )
  const apart = (i: number, j: number) => gram[i]![i]! + gram[j]![j]! - 2 * gram[i]![j]!
  const others = candidates.map((_, i) => i).filter((i) => candidates[i]!.subject.id !== child.id)
  const isBase = (member: number, rest: number[]) =>
    areApart(gram, member, rest, RIGHT_ANGLE) &&
    rest.every((i) => others.every((other) => other === i || apart(i, other) >= apart(i, member)))
  const base = members.findIndex((member, k) =>
    isBase(
      member,
      members.filter((_, i) => i !== k),
    ),
  )
  if (base < 0) return merge
  return {
    ...merge,
    method: 'task-arithmetic',
    base: merge.parents[base]!.subject,
    parents: merge.parents.filter((_, k) => k !== base),
  }
}

/** How much better than the straight mean a spherical one must fit. */
const CLEARLY_BETTER = 0.25

/** The same merge, named spherical where that leaves clearly less. */
export function sphericalOr(merge: Merge, { candidates, weights, gram, left }: Setting): Merge {
  const members = merge.parents.map(({ subject }) => candidates.find((candidate) => candidate.subject === subject)!)
  const straight =
    affineWeights(
      blockOf(
        members.map((member) => candidates.indexOf(member)),
        gram,
      ),
    )?.squared ?? 0
  const spheres = weights.map((weight) => sphereOf(weight, members))
  const squaredAt = (t: number) => spheres.reduce((sum, sphere) => sum + squaredFromSlerp(sphere, t), 0)
  if (squaredAt(merge.parents[1]!.weight) >= CLEARLY_BETTER * straight) return merge
  const t = leastWithin(squaredAt, merge.parents[1]!.weight - T_ERROR, merge.parents[1]!.weight + T_ERROR)
  const [first, second] = merge.parents
  const parents = [
    { ...first!, weight: 1 - t },
    { ...second!, weight: t },
  ]
  return { ...merge, ...left(squaredAt(t)), parents, method: 'slerp' }
}

/** The straight mean's weight is no further from the place on the arc. */
const T_ERROR = 0.05

/** A weight of the child and of its two parents, by their inner products, times the weight's importance. */
interface Sphere {
  angle: number
  zz: number
  zx: number
  zy: number
  xx: number
  xy: number
  yy: number
}

function sphereOf(weight: Weight, [a, b]: Candidate[]): Sphere {
  const zero = weight.sketch!
  const [x, y] = [a!, b!].map((candidate) => deltaOf(weight, candidate.counterparts.get(weight)!))
  const scale = importance(weight)
  const sums = { zz: 0, zx: 0, zy: 0, xx: 0, xy: 0, yy: 0 }
  zero.forEach((z, at) => {
    const [u, v] = [z + x![at]!, z + y![at]!]
    sums.zz += scale * z * z
    sums.zx += scale * z * u
    sums.zy += scale * z * v
    sums.xx += scale * u * u
    sums.xy += scale * u * v
    sums.yy += scale * v * v
  })
  return { ...sums, angle: Math.acos(Math.min(1, sums.xy / Math.sqrt(sums.xx * sums.yy))) }
}

/** ‖P(C) − sin((1−t)θ)/sin θ · P(A) − sin(tθ)/sin θ · P(B)‖² (Shoemake 1985), the angle from the sketches. */
function squaredFromSlerp({ angle, zz, zx, zy, xx, xy, yy }: Sphere, t: number): number {
  const [a, b] =
    angle < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)]
  return Math.max(0, zz + a * a * xx + b * b * yy + 2 * (a * b * xy - a * zx - b * zy))
}

/** Golden section: twenty steps leave a ten-thousandth of the range. */
function leastWithin(f: (t: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [from, to]
  for (let step = 0; step < 20; step++) {
    const [x, y] = [high - golden * (high - low), low + golden * (high - low)]
    if (f(x) < f(y)) high = y
    else low = x
  }
  return (low + high) / 2
}
