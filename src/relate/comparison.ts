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
  /** Median cosine over matched tensors, weighted by size. */
  similarity: number
}

export function compare(a: Subject, b: Subject): Comparison {
  const matched = match(a, b)
  const { usable, kin, p } = kinship(matched)
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
    ...distances(matched),
    similarity: weightedMedian(matched.pairs.map((pair) => ({ value: plainCosine(pair), weight: countOf(pair.a) }))),
  }
}

function distances({ pairs, onlyInA, onlyInB }: Match): { distance: number; apart: number } {
  let squares = 0
  let size = 0
  for (const pair of pairs) {
    if (!pair.a.sketch || !pair.b.sketch) continue
    squares += squaredDistance(pair.a, pair.b, pair.transposed)
    size += Math.max(pair.a.norm, pair.b.norm) ** 2
  }
  const alone = [...onlyInA, ...onlyInB].reduce((sum, weight) => sum + weight.norm ** 2, 0)
  return {
    distance: size === 0 ? 0 : Math.sqrt(squares / size),
    apart: size + alone === 0 ? 0 : Math.sqrt((squares + alone) / (size + alone)),
  }
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
