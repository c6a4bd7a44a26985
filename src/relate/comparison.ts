import { kinship } from './kinship.ts'
import { distanceWithin, innerOf, isRowScaled } from './likeness.ts'
import { match } from './match.ts'
import type { Match, Pair } from './pair.ts'
import type { Subject, Weight } from './subject.ts'
import { relativeDistance, settledChanges, type TensorChange, tensorChanges } from './tensor-change.ts'

/** Everything one pair of models says about itself. */
export interface Comparison {
  a: Subject
  b: Subject
  match: Match
  /** One for each matched pair, in the same order: as its model has it, and as it looks by itself. */
  changes: TensorChange[]
  alone: TensorChange[]
  p: number | null
  /** Share of the smaller model's matrices that are kin. */
  kinShare: number
  /** ‖Δ‖ ÷ ‖A‖ over all matched tensors. */
  distance: number
  /**
   * Share of all weights that is different: relative distances of the tensors, at most 1 each, weighted by size; what only one
   * model has counts whole. Unlike `distance`, large values (norm vectors near 1) do not drown small ones.
   */
  difference: number
  /** Median cosine over matched tensors, weighted by size. */
  similarity: number
}

export function compare(a: Subject, b: Subject): Comparison {
  const matched = withoutFolded(match(a, b))
  const { usable, kin, p } = kinship(matched)
  const alone = tensorChanges(matched.pairs)
  const matrices = Math.min(
    ...[a, b].map((subject) => subject.weights.filter((weight) => weight.print.rows > 1).length),
  )
  return {
    a,
    b,
    match: matched,
    changes: settledChanges(matched.pairs, alone),
    alone,
    p,
    kinShare: usable === 0 ? 0 : kin / Math.max(usable, matrices),
    distance: distanceOf(matched),
    difference: differenceOf(matched, alone),
    similarity: weightedMedian(matched.pairs.map((pair) => ({ value: plainCosine(pair), weight: countOf(pair.a) }))),
  }
}

/** A vector that a folded batch norm left over finds no partner in the bias that came in its place. */
function withoutFolded(matched: Match): Match {
  if (matched.onlyInA.length + matched.onlyInB.length === 0) return matched
  const scaled = matched.pairs.filter((pair) => pair.a.print.digest !== pair.b.print.digest && isRowScaled(pair))
  const rows = new Set(scaled.map(({ a }) => a.print.rows))
  const isChance = ({ a, by }: Pair) => by === 'best' && a.print.rows === 1 && rows.has(a.print.columns)
  const chance = matched.pairs.filter(isChance)
  return {
    ...matched,
    pairs: matched.pairs.filter((pair) => !isChance(pair)),
    onlyInA: [...matched.onlyInA, ...chance.map(({ a }) => a)],
    onlyInB: [...matched.onlyInB, ...chance.map(({ b }) => b)],
  }
}

function distanceOf({ pairs }: Match): number {
  let squares = 0
  let size = 0
  for (const pair of pairs) {
    if (!pair.a.sketch || !pair.b.sketch || pair.by === 'moments') continue
    squares += distanceWithin(pair)
    size += Math.max(pair.a.norm, pair.b.norm) ** 2
  }
  return size === 0 ? 0 : Math.sqrt(squares / size)
}

/** A model that is wholly contained in another was cut out of it, however small a part it is. */
const CONTAINED = 0.1

function differenceOf({ pairs, onlyInA, onlyInB }: Match, changes: TensorChange[]): number {
  let moved = 0
  pairs.forEach((pair, i) => {
    const apart = haveSameValues(pair) || changes[i]!.kind === 'scaled' ? 0 : relativeDistance(pair)
    if (!Number.isNaN(apart)) moved += countOf(pair.a) * Math.min(1, apart)
  })
  const shared = total(pairs.map((pair) => pair.a))
  const alone = total(onlyInA) + total(onlyInB)
  const isContained = moved === 0 && (onlyInA.length === 0 || onlyInB.length === 0)
  const apart = moved + alone * (isContained ? CONTAINED : 1)
  return shared + alone === 0 ? 0 : apart / (shared + alone)
}

/** In the same order, or by their moments in another. */
function haveSameValues({ a, b, by }: Pair): boolean {
  return by === 'moments' || a.print.digest === b.print.digest
}

function plainCosine(pair: Pair): number {
  const { a, b, transposed } = pair
  if (haveSameValues(pair)) return 1
  const norms = a.norm * b.norm
  return norms === 0 ? 0 : Math.max(-1, Math.min(1, innerOf(a, b, transposed) / norms))
}

export function countOf(weight: Weight): number {
  return weight.print.invariants.count
}

export function total(weights: Weight[]): number {
  return weights.reduce((sum, weight) => sum + countOf(weight), 0)
}

function weightedMedian(items: { value: number; weight: number }[]): number {
  const sorted = items.filter(({ value }) => !Number.isNaN(value)).sort((x, y) => x.value - y.value)
  const half = sorted.reduce((sum, item) => sum + item.weight, 0) / 2
  let seen = 0
  for (const item of sorted) {
    seen += item.weight
    if (seen >= half) return item.value
  }
  return 0
}
