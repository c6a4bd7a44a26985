import { affineWeights } from '../kernel/algebra.ts'
import type { Comparison } from './comparison.ts'
import type { Pair } from './pair.ts'
import { roundingError } from './rounding.ts'
import type { Subject, Weight } from './subject.ts'

/** `linear` and `slerp` need their parents only, the others the base that the parents' changes are counted from. */
export type Method = 'linear' | 'slerp' | 'task-arithmetic' | 'ties' | 'dare'

/** A child of several parents, each of which gave it a share. */
export interface Combination {
  child: Subject
  parents: { subject: Subject; weight: number }[]
}

/** A child that lies between two or three other models. */
export interface Merge extends Combination {
  method: Method
  /** The model that the parents' changes are counted from, where the method has one. */
  base: Subject | null
  /** Share of each change that was kept, of TIES and DARE. */
  density: number | null
  /** Whose parents are certain but not how much of each: of TIES where no element shows it. */
  sharesOpen?: boolean
  /** Distance left over ÷ distance to the nearest single parent. */
  residual: number
  /** Distance left over ÷ size of the child. */
  relativeResidual: number
}

/** A model that may have gone into a merge, seen from the child: the tensors of the child it has a counterpart for. */
export interface Candidate {
  subject: Subject
  /** By the child's weight. */
  counterparts: Map<Weight, Counterpart>
}

export interface Counterpart {
  weight: Weight
  transposed: boolean
}

/** More candidates than this are cut to the nearest: 1,128 combinations of two, 17,296 of three. */
const MAX_CANDIDATES = 48

/** A share of less than this is noise of the fit, and a negative one no merge. */
const MIN_WEIGHT = 0.02

export function candidateFrom(comparison: Pick<Comparison, 'a' | 'b' | 'match'>, child: Subject): Candidate {
  const childIsA = comparison.a === child
  const entries = comparison.match.pairs.map((pair: Pair): [Weight, Counterpart] =>
    childIsA
      ? [pair.a, { weight: pair.b, transposed: pair.transposed }]
      : [pair.b, { weight: pair.a, transposed: pair.transposed }],
  )
  return { subject: childIsA ? comparison.b : comparison.a, counterparts: new Map(entries) }
}

/** Whether so much left over (as `Merge` has it) is still a merge of this child. */
export type IsGood = (left: Left) => boolean

/** What a combination leaves over, by the field of the same name of `Merge`. */
export type Left = Pick<Merge, 'child' | 'residual' | 'relativeResidual'>

/** A child and what may have gone into it, with the inner products of the differences. */
export interface Setting {
  child: Subject
  /** Tensors that all of them have. */
  weights: Weight[]
  /** Those that have a counterpart for every tensor of the child, the nearest first. */
  candidates: Candidate[]
  gram: number[][]
  /** Of a combination that lies so far from the child, squared. */
  left(squared: number): Left
}

/** Null with fewer than two candidates, or where one is the child itself. */
export function settingOf(child: Subject, all: Candidate[]): Setting | null {
  const complete = all.filter((candidate) =>
    child.weights.every((weight) => !weight.sketch || candidate.counterparts.has(weight)),
  )
  // prints that were given away lack some sketches; what all of them have is compared
  const weights = child.weights.filter(
    (weight) => weight.sketch && complete.every(({ counterparts }) => counterparts.get(weight)!.weight.sketch),
  )
  const whole = gramOf(weights, complete)
  const nearest = complete
    .map((_, i) => i)
    .sort((i, j) => whole[i]![i]! - whole[j]![j]! || extraIn(complete[i]!, child) - extraIn(complete[j]!, child))
    .slice(0, MAX_CANDIDATES)
  const gram = blockOf(nearest, whole)
  const single = gram[0]?.[0] ?? 0
  if (nearest.length < 2 || single === 0) return null
  const size = weights.reduce((sum, weight) => sum + importance(weight) * weight.norm ** 2, 0)
  const left = (squared: number) => ({
    child,
    residual: Math.sqrt(squared / single),
    relativeResidual: Math.sqrt(squared / size),
  })
  return { child, weights, candidates: nearest.map((i) => complete[i]!), gram, left }
}

/** Of two that are as near one has what the child lacks: layers twice, words. */
function extraIn({ subject }: Candidate, child: Subject): number {
  return Math.abs(elementsOf(subject) - elementsOf(child))
}

function elementsOf({ weights }: Subject): number {
  return weights.reduce((sum, { print }) => sum + print.invariants.count, 0)
}

/** Finer storage than this counts no more: sums in f32 are no finer. */
const FINEST = 1e-6

/**
 * A tensor counts by how finely it is written down, so that the rounding of a large embedding does not hide what small matrices say:
 * the inverse of the square of one element's rounding error.
 */
export function importance(weight: Weight): number {
  const { count, sumSquares } = weight.print.invariants
  return sumSquares === 0 ? 0 : count / (sumSquares * Math.max(FINEST, roundingError(weight)) ** 2)
}

/** Squared distance to the child that all candidates together leave; no two or three of them leave less. */
export function spanOf({ gram }: Setting): number {
  return Math.max(0, affineWeights(gram)?.squared ?? 0)
}

/**
 * The best affine combination (weights summing to one, each above `MIN_WEIGHT`) of two candidates, or of three where the third
 * leaves less than half of the residual. Least squares on the sketches of the differences, which estimate the true inner products.
 * Null when no combination is good, or none lies nearer to the child than a single candidate does.
 */
export function bestMerge(setting: Setting, isGood: IsGood): Merge | null {
  const { candidates, gram, left } = setting
  if (!isGood(left(spanOf(setting)))) return null
  const all = candidates.map((_, i) => i)
  const two = bestOf(pairsOf(all), gram)
  const three = bestOf(triplesOf(all), gram)
  const best = three && (!two || three.squared < two.squared / 4) ? three : two
  if (!best || best.squared >= gram[0]![0]! || !isGood(left(best.squared))) return null
  return mergeOf(best, setting)
}

/** The best of two, however much it leaves. */
export function bestPair(setting: Setting): Merge | null {
  const best = bestOf(pairsOf(setting.candidates.map((_, i) => i)), setting.gram)
  return best && mergeOf(best, setting)
}

function mergeOf(best: Fit, { child, candidates, left }: Setting): Merge {
  const parents = best.members.map((member, i) => ({
    subject: candidates[member]!.subject,
    weight: best.weights[i]!,
  }))
  return { ...left(best.squared), child, parents, method: 'linear', base: null, density: null }
}

/** ⟨Pi − C, Pj − C⟩ over these tensors of the child. */
function gramOf(weights: Weight[], candidates: Candidate[]): number[][] {
  const gram = candidates.map(() => new Array<number>(candidates.length).fill(0))
  for (const weight of weights) {
    const deltas = candidates.map(({ counterparts }) => deltaOf(weight, counterparts.get(weight)!))
    const scale = importance(weight)
    deltas.forEach((x, i) => {
      for (let j = 0; j <= i; j++) {
        const y = deltas[j]!
        let sum = 0
        for (let k = 0; k < x.length; k++) sum += x[k]! * y[k]!
        gram[i]![j]! += scale * sum
        if (i !== j) gram[j]![i]! += scale * sum
      }
    })
  }
  return gram
}

export function deltaOf(weight: Weight, { weight: other, transposed }: Counterpart): Float64Array {
  const { height, width } = weight
  const [from, to] = [weight.sketch!, other.sketch!]
  const delta = new Float64Array(from.length)
  for (let k = 0; k < from.length; k++) {
    const at = transposed ? (k % width) * height + Math.floor(k / width) : k
    delta[k] = to[at]! - from[k]!
  }
  return delta
}

interface Fit {
  members: number[]
  weights: number[]
  squared: number
}

/** The least residual; among those that fit equally well the parents furthest apart, for the nearer ones are merges themselves. */
function bestOf(groups: Iterable<number[]>, gram: number[][]): Fit | null {
  let best: (Fit & { spread: number }) | null = null
  for (const members of groups) {
    const block = blockOf(members, gram)
    const fit = affineWeights(block)
    if (!fit || fit.weights.some((weight) => weight < MIN_WEIGHT)) continue
    const spread = block.reduce((sum, row, i) => sum + row[i]!, 0)
    const squared = Math.max(fit.squared, spread * 1e-14)
    if (!best || squared < best.squared / 2 || (squared < best.squared * 2 && spread > best.spread))
      best = { members, weights: [...fit.weights], squared, spread }
  }
  return best
}

export function blockOf(members: number[], gram: number[][]): number[][] {
  return members.map((i) => members.map((j) => gram[i]![j]!))
}

export function* pairsOf(items: number[]): Generator<number[]> {
  for (let i = 0; i < items.length; i++) for (let j = i + 1; j < items.length; j++) yield [items[i]!, items[j]!]
}

export function* triplesOf(items: number[]): Generator<number[]> {
  for (let i = 0; i < items.length; i++) for (const rest of pairsOf(items.slice(i + 1))) yield [items[i]!, ...rest]
}
