import { fold, transpose } from '../kernel/algebra.ts'
import { shapeKey } from './match.ts'
import type { Subject, Weight } from './subject.ts'

/** 8 × 8 cells show near equality; unrelated matrices have a cosine of 0 ± 1/8 there. */
const SIDE = 8
const CELLS = SIDE * SIDE

/** Copies, roundings and the parents of a merge are beyond this; of unrelated pairs one in three thousand is. */
const MIN_COSINE = 0.45

/**
 * Pairs of models, by their positions, of which any two matrices of one shape look alike at a coarse glance. Flat arrays, because an
 * estate of ten thousand small models has fifty million pairs. Models of vectors only have nothing to glance at and are
 * paired with all others of their kind.
 */
export function* alikeAtAGlance(subjects: Subject[]): Generator<[number, number]> {
  const shapes = new Map<string, number>()
  const glances = subjects.map(({ weights }) => weights.flatMap((weight) => glancesOf(weight, shapes)))
  for (let i = 0; i < subjects.length; i++)
    for (let j = i + 1; j < subjects.length; j++) if (anyAlike(glances[i]!, glances[j]!)) yield [i, j]
}

interface Glance {
  shape: number
  /** At length one, the longer side across. */
  cells: Float32Array
}

/** A square matrix may stand either way. */
function glancesOf(weight: Weight, shapes: Map<string, number>): Glance[] {
  const { folded, foldedHeight, foldedWidth, print } = weight
  if (!folded) return []
  const key = shapeKey(weight)
  const shape = shapes.get(key) ?? shapes.size
  shapes.set(key, shape)
  const { height, width, values } = fold(folded, foldedHeight, foldedWidth, SIDE)
  const turned = transpose(values, height, width)
  if (print.rows === print.columns) return [values, turned].map((cells) => ({ shape, cells: unit(cells) }))
  return [{ shape, cells: unit(print.rows < print.columns ? values : turned) }]
}

function unit(values: Float32Array): Float32Array {
  const cells = new Float32Array(CELLS)
  const length = Math.hypot(...values)
  for (let at = 0; length > 0 && at < values.length; at++) cells[at] = values[at]! / length
  return cells
}

function anyAlike(a: Glance[], b: Glance[]): boolean {
  if (a.length === 0 && b.length === 0) return true
  for (const x of a) for (const y of b) if (x.shape === y.shape && cosine(x.cells, y.cells) >= MIN_COSINE) return true
  return false
}

function cosine(x: Float32Array, y: Float32Array): number {
  let sum = 0
  for (let i = 0; i < CELLS; i++) sum += x[i]! * y[i]!
  return sum
}
