import type { Print, TensorPrint } from '../identify/print.ts'
import { fold, ones, sumBlocks } from '../kernel/algebra.ts'

/** A weight tensor made ready for comparison. */
export interface Weight {
  print: TensorPrint
  height: number
  width: number
  /** The sketch over all rows, row-major `height` × `width`; null when it was left out of a shared print. */
  sketch: Float32Array | null
  norm: number
  /** The same without what the rows have in common, and the columns. Null for vectors, whose likeness says nothing about kinship. */
  centred: Float32Array | null
  centredNorm: number
  /** Shares of the squares of `centred` in its rows and columns; null where that is. */
  energies: { rows: Float64Array; columns: Float64Array } | null
  /** `centred` folded to at most 16 × 16, to find the best match among many layers cheaply. */
  folded: Float32Array | null
  foldedHeight: number
  foldedWidth: number
  foldedNorm: number
}

/** A model made ready for comparison. */
export interface Subject {
  id: string
  weights: Weight[]
}

/** Enough to tell the right layer among hundreds: unrelated tensors have a cosine of 0 ± 1/16 there. */
const FOLDED_SIDE = 16

export function subjectOf(print: Print): Subject {
  return { id: print.id, weights: print.tensors.filter((tensor) => tensor.standing === 'weight').map(weightOf) }
}

function weightOf(print: TensorPrint): Weight {
  const height = print.sketch?.height ?? Math.min(print.rows, 64)
  const width = print.sketch?.width ?? Math.min(print.columns, 64)
  const sketch = print.sketch ? sumBlocks(print.sketch) : null
  const centred = sketch && print.rows > 1 ? withoutMeans(sketch, print, height, width) : null
  const folded = centred ? fold(centred, height, width, FOLDED_SIDE) : null
  return {
    print,
    height,
    width,
    sketch,
    norm: norm(sketch),
    centred,
    centredNorm: norm(centred),
    energies: centred && energies(centred, height, width),
    folded: folded?.values ?? null,
    foldedHeight: folded?.height ?? 0,
    foldedWidth: folded?.width ?? 0,
    foldedNorm: norm(folded?.values ?? null),
  }
}

/**
 * Networks of one architecture share patterns along one axis: a bias of every row, the blur that all kernels of a layer have. The
 * sketch of 1·μᵀ is d·P(μ)ᵀ with d = P(1), whatever μ is, and likewise for columns: what lies along them is taken out.
 */
function withoutMeans(
  sketch: Float32Array,
  { rows, columns }: TensorPrint,
  height: number,
  width: number,
): Float32Array {
  const result = Float32Array.from(sketch)
  const down = unit(ones(rows, 1))
  const across = unit(ones(1, columns))
  for (let j = 0; j < width; j++) {
    let along = 0
    for (let i = 0; i < height; i++) along += down[i]! * result[i * width + j]!
    for (let i = 0; i < height; i++) result[i * width + j]! -= along * down[i]!
  }
  for (let i = 0; i < height; i++) {
    let along = 0
    for (let j = 0; j < width; j++) along += across[j]! * result[i * width + j]!
    for (let j = 0; j < width; j++) result[i * width + j]! -= along * across[j]!
  }
  return result
}

/** The vector at length one, or as it is where it is zero (signs that cancel). */
function unit(values: Float64Array): Float64Array {
  const length = Math.hypot(...values)
  return length === 0 ? values : values.map((value) => value / length)
}

/** The shares of a matrix's squares that its rows hold, or its columns. */
function energies(values: Float32Array, height: number, width: number): { rows: Float64Array; columns: Float64Array } {
  const rows = new Float64Array(height)
  const columns = new Float64Array(width)
  let total = 0
  for (let i = 0; i < height; i++) {
    let along = 0
    for (let j = 0; j < width; j++) {
      const square = values[i * width + j]! ** 2
      along += square
      columns[j]! += square
    }
    rows[i] = along
    total += along
  }
  if (total === 0) return { rows, columns }
  return { rows: rows.map((energy) => energy / total), columns: columns.map((energy) => energy / total) }
}

function norm(values: Float32Array | null): number {
  if (!values) return 0
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]! * values[at]!
  return Math.sqrt(sum)
}
