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

/** The nearest candidates among which a base and its parents are looked for: 8 × 56 combinations a child. */
const MAX_CANDIDATES = 8

/** A smaller share of a parent's change is noise of the fit. */
const MIN_WEIGHT = 0.05

/** Seen from their base, changes of different training stand at right angles; seen from a third fine-tune their cosine is .5. */
const MAX_COSINE = 0.35

/** Thinning out leaves as much noise as there is signal where half is kept; the fit must still explain a part. */
const MAX_RESIDUAL = 0.95

/** Base and parents, by their places among a setting's candidates, and how much of each parent's change the child has. */
interface Recombined {
  base: number
  parents: number[]
  weights: number[]
  squared: number
}

/**
 * base + Σ weight · (parent − base), of two parents or three: task arithmetic where that is all, TIES and DARE where single elements
 * show changes that were thinned out. The base must be here; it is where the parents' changes stand at right angles.
 */
export function recombination(setting: Setting, isGood: IsGood): Merge | null {
  const { child, candidates, left, gram } = setting
  if (candidates.length < 3 || left(spanOf(setting)).residual > MAX_RESIDUAL) return null
  const best = bestRecombined(gram)
  if (!best || left(best.squared).residual > MAX_RESIDUAL) return null
  const merge = {
    ...left(best.squared),
    child,
    base: candidates[best.base]!.subject,
    parents: best.parents.map((parent, i) => ({ subject: candidates[parent]!.subject, weight: best.weights[i]! })),
  }
  if (isGood(left(best.squared))) return { ...merge, method: 'task-arithmetic', density: null }
  const members = best.parents.map((parent) => candidates[parent]!)
  const sparse = sparseMerge(probesOf(setting.weights, candidates[best.base]!, members))
  if (!sparse) return null
  const parents = merge.parents.map((parent, i) => ({ ...parent, weight: sparse.weights?.[i] ?? parent.weight }))
  return { ...merge, parents, method: sparse.method, density: sparse.density }
}

/** The least squares; three parents only where the third leaves notably less than any two. */
function bestRecombined(gram: number[][]): Recombined | null {
  const all = gram.map((_, i) => i).slice(0, MAX_CANDIDATES)
  const best = (groups: (rest: number[]) => Iterable<number[]>) =>
    all
      .flatMap((base) =>
        [...groups(all.filter((i) => i !== base))].flatMap((parents) => recombined(gram, base, parents) ?? []),
      )
      .reduce<Recombined | null>((least, fit) => (least && least.squared <= fit.squared ? least : fit), null)
  const two = best(pairsOf)
  const three = best(triplesOf)
  return three && (!two || three.squared < THIRD_LEAVES * two.squared) ? three : two
}

const THIRD_LEAVES = 0.9

function recombined(gram: number[][], base: number, parents: number[]): Recombined | null {
  const fit = affineWeights(blockOf([base, ...parents], gram))
  const weights = fit?.weights.slice(1) ?? []
  if (!fit || weights.some((weight) => weight < MIN_WEIGHT) || !areApart(gram, base, parents)) return null
  return { base, parents, weights, squared: fit.squared }
}

/** ⟨Pi − B, Pj − B⟩ from the products about the child. */
function areApart(gram: number[][], base: number, parents: number[]): boolean {
  const product = (i: number, j: number) => gram[i]![j]! - gram[i]![base]! - gram[base]![j]! + gram[base]![base]!
  return parents.every((i, k) =>
    parents.slice(k + 1).every((j) => Math.abs(product(i, j)) <= MAX_COSINE * Math.sqrt(product(i, i) * product(j, j))),
  )
}

/** Of three where one is the base of the others nothing but the base's own share is gone: task arithmetic by another name. */
export function withoutBase(merge: Merge | null, { candidates, gram }: Setting): Merge | null {
  if (merge?.parents.length !== 3) return merge
  const members = merge.parents.map(({ subject }) => candidates.findIndex((candidate) => candidate.subject === subject))
  const base = members.findIndex((member, k) =>
    areApart(
      gram,
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
  const squared = weights.reduce(
    (sum, weight) => sum + importance(weight) * squaredFromSlerp(weight, members, merge.parents[1]!.weight),
    0,
  )
  return squared < CLEARLY_BETTER * straight ? { ...merge, ...left(squared), method: 'slerp' } : merge
}

/** ‖P(C) − sin((1−t)θ)/sin θ · P(A) − sin(tθ)/sin θ · P(B)‖² (Shoemake 1985), the angle from the sketches. */
function squaredFromSlerp(weight: Weight, [a, b]: Candidate[], t: number): number {
  const zero = weight.sketch!
  const [x, y] = [a!, b!].map((candidate) => deltaOf(weight, candidate.counterparts.get(weight)!))
  let [xx, yy, xy] = [0, 0, 0]
  zero.forEach((value, at) => {
    const [u, v] = [value + x![at]!, value + y![at]!]
    xx += u * u
    yy += v * v
    xy += u * v
  })
  const angle = Math.acos(Math.min(1, xy / Math.sqrt(xx * yy)))
  const [left, right] =
    angle < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle), Math.sin(t * angle)].map((part) => part / Math.sin(angle))
  return zero.reduce((sum, value, at) => sum + (value - left! * (value + x![at]!) - right! * (value + y![at]!)) ** 2, 0)
}
