import { kinship } from './kinship.ts'
import { innerOf, squaredDistance } from './likeness.ts'
import { type Match, match, type Pair } from './match.ts'
import type { Subject, Weight } from './subject.ts'
import { type TensorChange, tensorChanges } from './tensor-change.ts'

/** Everything one pair of models says about itself. */
export interface Comparison {
  a: Subject
  b: Subject
  match: Match
  /** One for each matched pair, in the same order. */
  changes: TensorChange[]
  p: number | null
  /** Share of the smaller model's matrices that are kin. */
  kinShare: number
  /** ‖Δ‖ ÷ ‖A‖ over all matched tensors. */
  distance: number
  /** The same with what only one of them has counted as wholly different: how far apart the two models are. */
  apart: number
  /**
   * Share of all weights that is different: relative distances of the tensors, at most 1 each, weighted by size; what only one
   * model has counts whole. Unlike `apart`, large values (norm vectors near 1) do not drown small ones.
   */
  difference: number
  /** Median cosine over matched tensors, weighted by size. */
  similarity: number
}

export function compare(a: Subject, b: Subject): Comparison {
  const matched = match(a, b)
  const { usable, kin, p } = kinship(matched)
  const squares = matched.pairs.map((pair) => squaredDistance(pair.a, pair.b, pair.transposed))
  const matrices = Math.min(
    ...[a, b].map((subject) => subject.weights.filter((weight) => weight.print.rows > 1).length),
  )
  return {
    a,
    b,
    match: matched,
    changes: tensorChanges(matched.pairs),
    p,
    kinShare: usable === 0 ? 0 : kin / Math.max(usable, matrices),
    ...distances(matched, squares),
    difference: differenceOf(matched, squares),
    similarity: weightedMedian(matched.pairs.map((pair) => ({ value: plainCosine(pair), weight: countOf(pair.a) }))),
  }
}

/** `apart`: ‖Δ‖² of every pair, NaN where a sketch is missing. */
function distances({ pairs, onlyInA, onlyInB }: Match, apart: number[]): { distance: number; apart: number } {
  let squares = 0
  let size = 0
  pairs.forEach(({ a, b }, i) => {
    if (!a.sketch || !b.sketch) return
    squares += apart[i]!
    size += Math.max(a.norm, b.norm) ** 2
  })
  const alone = [...onlyInA, ...onlyInB].reduce((sum, weight) => sum + weight.norm ** 2, 0)
  return {
    distance: size === 0 ? 0 : Math.sqrt(squares / size),
    apart: size + alone === 0 ? 0 : Math.sqrt((squares + alone) / (size + alone)),
  }
}

/** A model that is wholly contained in another was cut out of it, however small a part it is. */
const CONTAINED = 0.1

function differenceOf({ pairs, onlyInA, onlyInB }: Match, squares: number[]): number {
  let different = 0
  pairs.forEach(({ a, b }, i) => {
    const scale = Math.max(a.norm, b.norm)
    const isEqual = a.print.digest === b.print.digest || squares[i] === 0
    const apart = isEqual ? 0 : Math.sqrt(squares[i]!) / scale
    if (!Number.isNaN(apart)) different += countOf(a) * Math.min(1, apart)
  })
  const shared = total(pairs.map((pair) => pair.a))
  const alone = total(onlyInA) + total(onlyInB)
  const isContained = different === 0 && (onlyInA.length === 0 || onlyInB.length === 0)
  return shared + alone === 0 ? 0 : (different + alone * (isContained ? CONTAINED : 1)) / (shared + alone)
}

function plainCosine({ a, b, transposed }: Pair): number {
  if (a.print.digest === b.print.digest) return 1
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
