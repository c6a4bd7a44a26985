import { type ExactElement, roundTo } from '../../src/kernel/exact.ts'
import { gaussians } from './models.ts'

/** A matrix, and the same with a change of a given rank (null: a dense one) and relative size, both rounded to `type`. */
export function adapted(
  seed: number,
  {
    rows,
    columns,
    rank,
    size,
    type,
  }: { rows: number; columns: number; rank: number | null; size: number; type: ExactElement },
): { before: Float32Array; after: Float32Array } {
  const before = gaussians(seed, rows * columns, 0.02).map((value) => roundTo(value, type))
  const delta =
    rank === null ? Float64Array.from(gaussians(seed + 1, rows * columns)) : lowRank(seed + 1, rows, columns, rank)
  const factor = size * Math.sqrt(square(before) / square(delta))
  return { before, after: before.map((value, at) => roundTo(value + factor * delta[at]!, type)) }
}

/** The product of two matrices of normal deviates: a LoRA's. */
export function lowRank(seed: number, rows: number, columns: number, rank: number): Float64Array {
  const [left, right] = [gaussians(seed, rows * rank), gaussians(seed + 7, rank * columns)]
  const product = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < rank; k++)
      for (let j = 0; j < columns; j++) product[i * columns + j]! += left[i * rank + k]! * right[k * columns + j]!
  return product
}

function square(values: Float32Array | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}

/** Values in pieces of these lengths, the last one going on. */
export function inPieces<T extends Float32Array | Float64Array>(values: T, ...lengths: number[]): () => T | null {
  let at = 0
  let piece = 0
  return () => {
    if (at >= values.length) return null
    const length = lengths[Math.min(piece++, lengths.length - 1)] ?? values.length
    const part = values.subarray(at, at + length) as T
    at += length
    return part
  }
}
