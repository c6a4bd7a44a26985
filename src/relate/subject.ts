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
  /** The same without the tensor's mean. Null also for vectors, whose likeness says nothing about kinship. */
  centred: Float32Array | null
  centredNorm: number
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
  const centred = sketch && print.rows > 1 ? withoutMean(sketch, print) : null
  const folded = centred ? fold(centred, height, width, FOLDED_SIDE) : null
  return {
    print,
    height,
    width,
    sketch,
    norm: norm(sketch),
    centred,
    centredNorm: norm(centred),
    folded: folded?.values ?? null,
    foldedHeight: folded?.height ?? 0,
    foldedWidth: folded?.width ?? 0,
    foldedNorm: norm(folded?.values ?? null),
  }
}

/** P(W − μ) = P(W) − μ·P(1). */
function withoutMean(sketch: Float32Array, { rows, columns, invariants }: TensorPrint): Float32Array {
  const one = ones(rows, columns)
  return sketch.map((value, i) => value - invariants.mean * one[i]!)
}

function norm(values: Float32Array | null): number {
  return values ? Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) : 0
}
