import type { Adapter, ElementType } from '../read/model-file.ts'

/** Why a tensor counts as a weight of the model, or is only listed. */
export type Standing = 'weight' | 'closed-form' | 'integer' | 'small'

/** The narrowest of these holds every value of the tensor exactly. */
export type ExactType = 'bf16' | 'f16' | 'f32' | 'f64'

/** Quantised storage. `step` is the root mean square of the scales: rounding error has a deviation of about step/√12. */
export interface Encoding {
  scheme: string
  bits: number
  step: number
}

/** What of a tensor survives permuting its rows or columns, or is needed to weigh its sketch. */
export interface Invariants {
  /** Elements. */
  count: number
  zeros: number
  /** NaN and ±infinity; they are left out of everything below and of the sketch. */
  nonFinite: number
  min: number
  max: number
  mean: number
  /** Σx² and Σx⁴. */
  sumSquares: number
  sumFourth: number
  /** 33 evenly spaced quantiles, least first, of the Euclidean norms of the rows, and of the columns. */
  rowNorms: Float32Array
  columnNorms: Float32Array
}

/**
 * The linear sketch of a tensor (docs/print.md): one min(m,64) × min(n,64) matrix, row-major, for each 4,096 rows, one
 * after the other in `values`. Null when left out (`yukue print --share`).
 */
export interface Sketch {
  height: number
  width: number
  values: Float32Array
}

export interface TensorPrint {
  /** As the file names it. */
  name: string
  /** The name without what only a framework adds; equal roles are tried first when tensors are matched. */
  role: string
  /** Canonical matrix: m × n. A vector is 1 × n. */
  rows: number
  columns: number
  /** As stored. */
  element: ElementType
  /** Null for quantised storage. */
  exact: ExactType | null
  encoding: Encoding | null
  standing: Standing
  /** BLAKE3-256, hexadecimal. */
  digest: string
  invariants: Invariants
  sketch: Sketch | null
}

/** The weight print of a model (docs/print.md). */
export interface Print {
  /** `blake3:` and 64 hexadecimal digits, over the sorted multiset of the digests of its weights. */
  id: string
  /** Likewise over the sorted (role, digest) lines. */
  layout: string
  /** Elements of its weights. */
  parameters: number
  /** In the order of the file. */
  tensors: TensorPrint[]
  /** Set for an adapter: its tensors are no weights of a model, and compare with those of no other. */
  adapter?: Adapter
}
