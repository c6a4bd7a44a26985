import { affineWeights } from '../kernel/algebra.ts'
import type { Comparison } from './comparison.ts'
import type { Pair } from './match.ts'
import type { Subject, Weight } from './subject.ts'

/** A child that lies between two or three other models. */
export interface Merge {
  child: Subject
  parents: { subject: Subject; weight: number }[]
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

interface Counterpart {
  weight: Weight
  transposed: boolean
}

/** More candidates than this are cut to the nearest: three out of 24 are 2,024 combinations a child. */
const MAX_CANDIDATES = 24

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
export type IsGood = (left: { child: Subject; residual: number; relativeResidual: number }) => boolean

/**
 * The best affine combination (weights summing to one, each above `MIN_WEIGHT`) of two candidates, or of three where the third
 * leaves less than half of the residual. Least squares on the sketches of the differences, which estimate the true inner products.
 * Null when no combination is good, or none lies nearer to the child than a single candidate does.
 */
export function bestMerge(child: Subject, all: Candidate[], isGood: IsGood): Merge | null {
  const complete = all.filter((candidate) =>
    child.weights.every((weight) => !weight.sketch || candidate.counterparts.has(weight)),
  )
  // prints that were given away lack some sketches; what all of them have is compared
  const compared = child.weights.filter(
    (weight) => weight.sketch && complete.every(({ counterparts }) => counterparts.get(weight)!.weight.sketch),
  )
  const gram = gramOf(compared, complete)
  const nearest = complete
    .map((_, i) => i)
    .sort((i, j) => gram[i]![i]! - gram[j]![j]!)
    .slice(0, MAX_CANDIDATES)
  if (nearest.length < 2) return null
  const single = gram[nearest[0]!]![nearest[0]!]!
  const size = compared.reduce((sum, weight) => sum + weight.norm ** 2, 0)
  const left = (squared: number) => ({
    child,
    residual: Math.sqrt(squared / single),
    relativeResidual: Math.sqrt(squared / size),
  })
  // all candidates together leave less than any two or three of them: most models are ruled out by one fit
  const span = affineWeights(blockOf(nearest, gram))
  if (single === 0 || (span && !isGood(left(Math.max(0, span.squared))))) return null
  const two = bestOf(pairsOf(nearest), gram)
  const three = bestOf(triplesOf(nearest), gram)
  const best = three && (!two || three.squared < two.squared / 4) ? three : two
  if (!best || best.squared >= single || !isGood(left(best.squared))) return null
  const parents = best.members.map((member, i) => ({ subject: complete[member]!.subject, weight: best.weights[i]! }))
  return { ...left(best.squared), parents }
}

/** ⟨Pi − C, Pj − C⟩ over these tensors of the child. */
function gramOf(weights: Weight[], candidates: Candidate[]): number[][] {
  const gram = candidates.map(() => new Array<number>(candidates.length).fill(0))
  for (const weight of weights) {
    const deltas = candidates.map(({ counterparts }) => deltaOf(weight, counterparts.get(weight)!))
    deltas.forEach((x, i) => {
      for (let j = 0; j <= i; j++) {
        const y = deltas[j]!
        let sum = 0
        for (let k = 0; k < x.length; k++) sum += x[k]! * y[k]!
        gram[i]![j]! += sum
        if (i !== j) gram[j]![i]! += sum
      }
    })
  }
  return gram
}

function deltaOf(weight: Weight, { weight: other, transposed }: Counterpart): Float64Array {
  const { height, width } = weight
  const [from, to] = [weight.sketch!, other.sketch!]
  return Float64Array.from(from, (value, k) => {
    const at = transposed ? (k % width) * height + Math.floor(k / width) : k
    return to[at]! - value
  })
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

function blockOf(members: number[], gram: number[][]): number[][] {
  return members.map((i) => members.map((j) => gram[i]![j]!))
}

function* pairsOf(items: number[]): Generator<number[]> {
  for (let i = 0; i < items.length; i++) for (let j = i + 1; j < items.length; j++) yield [items[i]!, items[j]!]
}

function* triplesOf(items: number[]): Generator<number[]> {
  for (let i = 0; i < items.length; i++) for (const rest of pairsOf(items.slice(i + 1))) yield [items[i]!, ...rest]
}
