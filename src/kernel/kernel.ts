import type { BlockScheme } from '../contract/block-scheme.ts'

/** Element encodings the kernels decode themselves. */
export type KernelElement = 'f32' | 'f16' | 'bf16' | 'f64' | 'i8' | 'u8' | 'i16' | 'u16' | 'i32'

/** What a tensor's bytes may be: elements one after the other, or blocks along its rows. */
export type KernelEncoding = KernelElement | BlockScheme

/** Running sums over the finite values of a tensor, and counts of the others. */
export interface Moments {
  zeros: number
  nonFinite: number
  /** Of the finite values; both are 0 where there is none. */
  min: number
  max: number
  sum: number
  sumSquares: number
  sumFourth: number
}

/**
 * One tensor on its way through the kernel: canonical m × n values pushed in row-major order, in pieces of any length.
 * Contract suite: test/kernel/kernel.contract.ts; the plain TypeScript kernel is the reference, the wasm one the fast twin.
 */
export interface TensorRun {
  /**
   * Where to put the next bytes: a view of at most `CHUNK_BYTES` bytes in the kernel's own memory, so that a file is read
   * without a copy. Valid until the next call.
   */
  readonly inlet: Uint8Array
  /** Turns −0 into +0 and every NaN into one in the first `elements` floats of the inlet (exact.ts). Throws for integers. */
  canonicalise(elements: number): void
  /** Takes `elements` elements (whole blocks) that stand at the start of `inlet` in the encoding given to `start`. */
  push(elements: number): void
  /**
   * Takes `elements` values of the inlet as stored integers: value = (stored − zero) · scale in f32, one pair for all of
   * them. The caller pushes each run of one scale apart; `from` is the element of the inlet where the run starts (0 if
   * left out), so that one filling of the inlet serves many runs. Throws for floating encodings.
   */
  pushScaled(elements: number, scale: number, zero: number, from?: number): void
  /** Throws unless exactly m · n elements were pushed. */
  finish(): RunResult
}

export interface RunResult {
  moments: Moments
  /** Euclidean norms of the rows, of the first `NORM_AXIS_LIMIT` at most; likewise of the columns. */
  rowNorms: Float64Array
  columnNorms: Float64Array
  /** One min(m,64) × min(n,64) matrix a block of 4,096 rows, row-major, one after the other. */
  sketch: Float32Array
  /**
   * Of blocks: root mean square over all elements of the distance of two neighbouring values that the element could have
   * taken (its block's or part's scale), so that rounding has a deviation of about step/√12. Null for other encodings.
   */
  step: number | null
}

export interface Kernel {
  readonly name: 'wasm' | 'plain'
  /** Starts a tensor; one at a time. */
  start(rows: number, columns: number, encoding: KernelEncoding): TensorRun
  /** Takes up to `SEARCH_ROWS` rows of `SEARCH_CELLS` cells to be searched, until it does anything else. */
  search(rows: Int16Array): Search
  /** Inner products of the rows of `others` with those of `rows`, one by one; `cells` a row, a multiple of 16. */
  products(rows: Int16Array, others: Int16Array, cells: number): Int32Array
}

/**
 * The rows from number `from` on whose inner product with a query of as many cells is at least `least`. Lengths of at most 2¹⁵ keep
 * it within 32 bits.
 */
export type Search = (query: Int16Array, from: number, least: number) => Int32Array

/** Rows and columns of a sketch. */
export const SKETCH_SIDE = 64

/** One sketch for so many rows, so that a resized vocabulary still compares on its common prefix. */
export const BLOCK_ROWS = 4_096

/** Cells of what is searched: 8 × 8. */
export const SEARCH_CELLS = 64

/** Rows searched at once: with the query they fill the inlet, and what is found the memory for row norms. */
export const SEARCH_ROWS = 8_191

/** Cells of each list of rows that are multiplied at once: half of the inlet. */
export const PRODUCT_CELLS = 1 << 18

/** Bytes a caller may push at once. */
export const CHUNK_BYTES = 1 << 20

/** Row and column norms are kept for so many rows and columns (32 MiB of memory each at most). */
export const NORM_AXIS_LIMIT = 1 << 22
