import type { BlockScheme } from '../contract/block-scheme.ts'
import type { AnyFindingValues } from '../contract/finding.ts'
import type { ByteSource, Siblings } from './source.ts'

export type Format =
  | 'safetensors'
  | 'onnx'
  | 'tflite'
  | 'tfjs'
  | 'keras'
  | 'tensorflow'
  | 'coreml'
  | 'pytorch'
  | 'numpy'
  | 'pickle'
  | 'raw'
  | 'gguf'
  | 'llama2c'
  | 'ggml'

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
  kind: 'affine'
  /** Such as `int8`, `uint8`, `int4`. */
  scheme: string
  bits: number
  group: number[]
  scales: Float32Array
  zeroPoints: Float32Array | null
}

/**
 * Blocks along the last axis, each with scales of its own inside its bytes (src/contract/block-scheme.ts); a row is a whole number
 * of blocks. The view's strides count elements and keep blocks whole: only rows change places.
 */
export interface BlockQuantisation {
  kind: 'blocks'
  scheme: BlockScheme
  /** A stored element on average, scales included: 8 · blockBytes ÷ blockElements. */
  bits: number
  blockElements: number
  blockBytes: number
}

/** Numbers of `bits` bits each inside larger words, low bits first. */
export interface Packing {
  bits: number
  /** `columns`: a row of words is one row of numbers. `rows`: one word is as many numbers of its column, one below the other. */
  along: 'columns' | 'rows'
  /** Which bit field of a word holds its first, second … number; null: in order, where need be across words. */
  fields: readonly number[] | null
}

/** A matrix of numbers in tensors of the file: `view` is the matrix of its words, the numbers themselves where not packed. */
export interface StoredNumbers {
  element: ElementType
  view: TensorView
  data: TensorBytes
  packing: Packing | null
}

/** number = value · factor + offset, where the value is `book[stored]` or what is stored, times its block's own scale. */
export interface StoredScales extends StoredNumbers {
  book: readonly number[] | null
  /** One number for every `block` scales. */
  nested: { numbers: StoredNumbers; block: number } | null
  factor: number
  offset: number
}

/**
 * Codes, packed into words or not, with their scales in tensors of their own, which can be too many to hold in memory:
 * value = (`book[code]` or code − zero point) · scale + bias. `element` and `data` of the tensor are those of the words, its
 * view is that of the values as a plain array. The codes are walked as a matrix of as many values, which is the canonical
 * one or has one block a row.
 */
export interface PackedQuantisation {
  kind: 'packed'
  /** Such as `gptq-int4`, `nf4`. */
  scheme: string
  bits: number
  walk: { rows: number; columns: number }
  words: TensorView
  packing: Packing | null
  book: readonly number[] | null
  /** Rows and columns of the walk that share one scale. */
  block: [rows: number, columns: number]
  /** Which column of scales each column of the walk has, in place of `block[1]`. */
  columnGroups: StoredNumbers | null
  scales: StoredScales
  /** zero point = (stored + add) mod 2^`bits`; `numbers` null: `add` for all. */
  zeroPoints: { numbers: StoredNumbers | null; add: number }
  biases: StoredNumbers | null
}

export type Quantisation = AffineQuantisation | BlockQuantisation | PackedQuantisation

export interface StoredTensor {
  /** As the file names it; a hint, never evidence. */
  name: string
  /** Of blocks `u8`: their bytes. */
  element: ElementType
  view: TensorView
  data: TensorBytes
  quantisation: Quantisation | null
}

export interface Finding {
  code: string
  severity: 'low' | 'medium' | 'high'
  /** In English; shown where `values` do not give the text of a catalogue (src/contract/finding.ts). */
  message: string
  values?: AnyFindingValues
}

/** A low-rank change to be added to another model (LoRA), by its tensors and, where there is one, its configuration. */
export interface Adapter {
  /** Of most of its matrices; null where nothing tells. */
  rank: number | null
  /** The change is multiplied by alpha ÷ rank; null where not declared. */
  alpha: number | null
  /** The layers it changes, by the last part of their names, sorted. */
  targets: string[]
  /** The model it says it is for: declared, never evidence. */
  declaredBase: string | null
}

/** What a format reader returns: a tensor directory. Nothing of the weights has been read yet. */
export interface ModelFile {
  format: Format
  /** The main file first, then shards and external data in order of first use. */
  files: ByteSource[]
  tensors: StoredTensor[]
  findings: Finding[]
  /** Set for an adapter, which is no model by itself. */
  adapter?: Adapter
  /** What the file says of itself in words (name, declared base models …); declared, never evidence. */
  metadata?: Record<string, string>
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
