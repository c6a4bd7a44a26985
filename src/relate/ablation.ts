import { cosine, transpose } from '../kernel/algebra.ts'
import { placeOf } from './layers.ts'
import { distanceWithin } from './likeness.ts'
import { differenceOf } from './low-rank.ts'
import type { Pair } from './pair.ts'

/** One direction that was taken out of what several matrices write. */
export interface Ablation {
  pairs: Pair[]
  /** The end that still has it. */
  parent: 'a' | 'b'
  /** Layers whose matrices lost it, ascending. */
  layers: number[]
  /** Least |cosine| between the direction in one matrix and in another. */
  cosine: number
  /** 1: taken out whole. */
  share: number
}

/** Directions found in different matrices are the same one beyond this; of unrelated ones |cosine| is 1/8 on 64 cells. */
const SAME_DIRECTION = 0.9

/** Fewer matrices may agree by what training does. */
const MIN_MATRICES = 2

/** A projection loses as much of Σx² as the change has; half of that at least, for a sketch tells the change's size to a quarter. */
const MIN_LOST = 0.5

/**
 * Changes of rank one that share the side on which the matrices write. Taking the part along r out of W leaves
 * ‖W‖² − ‖Δ‖², so the end with less is the child; adding a direction would leave more on either side.
 */
export function ablationOf(pairs: Pair[]): Ablation | null {
  const matrices = pairs.filter(({ a, b }) => a.sketch && b.sketch && a.print.rows > 1)
  const shared = [false, true].map((across) => sharedDirection(matrices, across))
  const best = shared.sort((x, y) => y.pairs.length - x.pairs.length)[0]!
  if (best.pairs.length < MIN_MATRICES || best.pairs.length < matrices.length) return null
  const moved = best.pairs.reduce((sum, pair) => sum + distanceWithin(pair), 0)
  const lost = best.pairs.reduce((sum, { a, b }) => sum + squaresOf(a) - squaresOf(b), 0)
  if (Math.abs(lost) < MIN_LOST * moved) return null
  const layers = best.pairs.flatMap(({ a, b }) => placeOf(lost > 0 ? b : a)?.layer ?? [])
  return {
    ...best,
    parent: lost > 0 ? 'a' : 'b',
    layers: [...new Set(layers)].sort((x, y) => x - y),
    // of λ times the projection: lost ÷ moved = (2λ − λ²) ÷ λ²
    share: 2 / (1 + Math.abs(lost) / moved),
  }
}

function squaresOf({ print }: Pair['a']): number {
  return print.invariants.sumSquares
}

function sharedDirection(pairs: Pair[], across: boolean): { pairs: Pair[]; cosine: number } {
  const directions = pairs.map((pair) => {
    const { height, width } = pair.a
    const delta = differenceOf(pair)
    const [values, rows] = across ? [transpose(delta, height, width), width] : [delta, height]
    return { pair, length: across ? pair.a.print.columns : pair.a.print.rows, direction: topDirection(values, rows) }
  })
  const [first] = directions
  if (!first) return { pairs: [], cosine: 0 }
  const same = directions
    .filter(({ length }) => length === first.length)
    .map(({ pair, direction }) => ({ pair, cosine: Math.abs(cosine(direction, first.direction)) }))
    .filter(({ cosine }) => cosine >= SAME_DIRECTION)
  return { pairs: same.map(({ pair }) => pair), cosine: Math.min(...same.map(({ cosine }) => cosine)) }
}

/** Multiplications by ΔΔᵀ; of a matrix of rank one the first gives it already. */
const ITERATIONS = 8

/** The first left singular vector, by power iteration from the longest column. */
function topDirection(values: Float64Array, rows: number): Float64Array {
  const columns = values.length / rows
  let direction = new Float64Array(rows)
  let longest = -1
  for (let j = 0; j < columns; j++) {
    const column = Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]!)
    const size = Math.hypot(...column)
    if (size > longest) [direction, longest] = [column, size]
  }
  for (let step = 0; step < ITERATIONS; step++) {
    const along = Float64Array.from({ length: columns }, (_, j) =>
      direction.reduce((sum, value, i) => sum + value * values[i * columns + j]!, 0),
    )
    const next = direction.map((_, i) => along.reduce((sum, value, j) => sum + value * values[i * columns + j]!, 0))
    const size = Math.hypot(...next)
    if (size === 0) return direction
    direction = next.map((value) => value / size)
  }
  return direction
}
