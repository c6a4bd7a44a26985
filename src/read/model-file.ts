import type { ByteSource, Siblings } from './source.ts'

export type Format = 'safetensors' | 'onnx' | 'tflite' | 'tfjs' | 'raw'

/** How one stored element is encoded, little-endian. `i4`/`u4` are two to a byte, low half first. */
export type ElementType =
  | 'f64'
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'f8e4m3'
  | 'f8e5m2'
  | 'i64'
  | 'u64'
  | 'i32'
  | 'u32'
  | 'i16'
  | 'u16'
  | 'i8'
  | 'u8'
  | 'i4'
  | 'u4'
  | 'bool'

/** Bits of one stored element. */
export const ELEMENT_BITS: Record<ElementType, number> = {
  f64: 64,
  f32: 32,
  f16: 16,
  bf16: 16,
  f8e4m3: 8,
  f8e5m2: 8,
  i64: 64,
  u64: 64,
  i32: 32,
  u32: 32,
  i16: 16,
  u16: 16,
  i8: 8,
  u8: 8,
  i4: 4,
  u4: 4,
  bool: 8,
}

/** `length` bytes at `offset` of `ModelFile.files[file]`. */
export interface ByteRange {
  file: number
  offset: number
  length: number
}

/** Where the elements lie: ranges to be read one after the other, or bytes that the reader had to decode itself. */
export type TensorBytes = { kind: 'ranges'; ranges: ByteRange[] } | { kind: 'inline'; bytes: Uint8Array }

/**
 * The canonical reading of the stored elements, as a NumPy-like strided view. Element (i0, i1, …) is stored element
 * number `start + Σ ik · strides[k]`. Axes are already in canonical order: linear layers (out, in), convolutions
 * (out, in, kh, kw), depthwise ones (channels, multiplier, kh, kw) with `rowAxes` 2. The first `rowAxes` axes are the rows of
 * the canonical matrix, the rest its columns.
 */
export interface TensorView {
  shape: number[]
  strides: number[]
  start: number
  rowAxes: number
}

/**
 * value = (stored − zeroPoint) · scale. One scale serves a block of `group[k]` elements along each axis k of the view
 * (`group` = the view's shape: one scale for the tensor; [1, n]: one a row; [1, 32]: one for 32 columns of a row).
 * Scales stand in row-major order over the blocks; `zeroPoints` likewise, or null for all zero.
 */
export interface AffineQuantisation {
  /** Such as `int8`, `uint8`, `int4`. */
  scheme: string
  bits: number
  group: number[]
  scales: Float32Array
  zeroPoints: Float32Array | null
}

export interface StoredTensor {
  /** As the file names it; a hint, never evidence. */
  name: string
  element: ElementType
  view: TensorView
  data: TensorBytes
  quantisation: AffineQuantisation | null
}

export interface Finding {
  code: string
  severity: 'low' | 'medium' | 'high'
  message: string
}

/** What a format reader returns: a tensor directory. Nothing of the weights has been read yet. */
export interface ModelFile {
  format: Format
  /** The main file first, then shards and external data in order of first use. */
  files: ByteSource[]
  tensors: StoredTensor[]
  findings: Finding[]
}

/** A format's reader. Executes nothing, checks every length and offset against the file, throws `ReadError`. */
export type Reader = (source: ByteSource, siblings: Siblings) => ModelFile

/** Row-major strides, in elements. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= shape[axis]!
  }
  return strides
}

/** The stored row-major array seen with its axes in another order: `view.shape[k] = storedShape[order[k]]`. */
export function permutedView(storedShape: readonly number[], order: readonly number[], rowAxes = 1): TensorView {
  const strides = rowMajorStrides(storedShape)
  return {
    shape: order.map((axis) => storedShape[axis]!),
    strides: order.map((axis) => strides[axis]!),
    start: 0,
    rowAxes,
  }
}

/** The stored row-major array as it is. */
export function plainView(shape: readonly number[]): TensorView {
  return permutedView(
    shape,
    shape.map((_, axis) => axis),
  )
}
