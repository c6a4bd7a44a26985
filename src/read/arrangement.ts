import { permutedView, plainView, type TensorView } from './model-file.ts'

/** How a stored array becomes a canonical view: view axis k is stored axis `order[k]`; the first `rowAxes` are the rows. */
export interface Arrangement {
  readonly order: readonly number[]
  readonly rowAxes: number
}

/** The array as it is stored. */
export function asStored(rank: number, rowAxes = 1): Arrangement {
  return { order: Array.from({ length: rank }, (_, axis) => axis), rowAxes: Math.min(rowAxes, Math.max(1, rank)) }
}

/** A stack of matrices, each transposed: (…, in, out) → (…, out, in), all but the last axis as rows. */
export function transposedMatrices(rank: number): Arrangement {
  const order = Array.from({ length: rank }, (_, axis) => axis)
  if (rank >= 2) order.splice(rank - 2, 2, rank - 1, rank - 2)
  return { order, rowAxes: Math.max(1, rank - 1) }
}

/** A stack of matrices as stored, all but the last axis as rows. */
export function storedMatrices(rank: number): Arrangement {
  return asStored(rank, Math.max(1, rank - 1))
}

/** Falls back to the array as stored when its rank is not the arrangement's: a hint that does not fit is no evidence. */
export function arrangedView(shape: readonly number[], arrangement: Arrangement | null): TensorView {
  if (arrangement === null || arrangement.order.length !== shape.length) return plainView(shape)
  return permutedView(shape, arrangement.order, arrangement.rowAxes)
}
