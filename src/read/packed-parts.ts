import { numberReader } from './element-numbers.ts'
import { MAX_TENSORS } from './limits.ts'
import {
  ELEMENT_BITS,
  type ElementType,
  type PackedQuantisation,
  type Packing,
  plainView,
  type StoredNumbers,
  type StoredScales,
  type StoredTensor,
  type TensorView,
} from './model-file.ts'
import type { QuantisationConfig } from './quantisation-config.ts'
import { type ByteSource, readBytes } from './source.ts'

/** What the rules of packing look at. */
export interface Parts {
  named: ReadonlyMap<string, StoredTensor>
  /** As `ModelFile.files`. */
  files: readonly ByteSource[]
  config(): QuantisationConfig
}

/** The tensors that several stored ones stand for, and the names of those. */
export interface Unpacked {
  tensors: StoredTensor[]
  used: string[]
}

/** The widest layers of real models take 57,344 inputs; a row of codes is held in memory. */
const MAX_COLUMNS = 1 << 22

/** A matrix of words or numbers: sizes and view. */
export interface Matrix {
  rows: number
  columns: number
  view: TensorView
}

/** Null for anything but two axes. */
export function matrixOf(tensor: StoredTensor | undefined): Matrix | null {
  if (tensor === undefined || tensor.quantisation !== null) return null
  const [rows, columns, ...others] = tensor.view.shape
  if (rows === undefined || columns === undefined || others.length > 0) return null
  return { rows, columns, view: tensor.view }
}

/** A stack of matrices one by one; a matrix is a stack of one. Null for other ranks, and for more than any model has. */
export function stackOf(tensor: StoredTensor | undefined): Matrix[] | null {
  if (tensor === undefined || tensor.quantisation !== null || tensor.view.shape.length !== 3) {
    const single = matrixOf(tensor)
    return single === null ? null : [single]
  }
  const [count, rows, columns] = tensor.view.shape as [number, number, number]
  if (count > MAX_TENSORS) return null
  const [step, ...strides] = tensor.view.strides as [number, number, number]
  return Array.from({ length: count }, (_, index) => {
    const start = tensor.view.start + index * step
    return { rows, columns, view: { shape: [rows, columns], strides, start, rowAxes: 1 } }
  })
}

export function transposed({ rows, columns, view }: Matrix): Matrix {
  const turned = { ...view, shape: view.shape.toReversed(), strides: view.strides.toReversed() }
  return { rows: columns, columns: rows, view: turned }
}

/** A vector, or a matrix of one column, as one column; a single number as a 1 × 1 matrix. */
export function columnOf(tensor: StoredTensor | undefined): Matrix | null {
  if (tensor === undefined || tensor.quantisation !== null) return null
  const { shape, strides, start } = tensor.view
  const [length = 1, width = 1, ...others] = shape
  if (width !== 1 || others.some((size) => size !== 1)) return null
  return { rows: length, columns: 1, view: { shape: [length, 1], strides: [strides[0] ?? 1, 1], start, rowAxes: 1 } }
}

export function numbersOf(tensor: StoredTensor, matrix: Matrix, packing: Packing | null = null): StoredNumbers {
  return { element: tensor.element, view: matrix.view, data: tensor.data, packing }
}

export function scalesOf(tensor: StoredTensor, matrix: Matrix): StoredScales {
  return { ...numbersOf(tensor, matrix), book: null, nested: null, factor: 1, offset: 0 }
}

/** Every number of a small tensor; null for more than `limit`. */
export function smallNumbers(parts: Parts, tensor: StoredTensor | undefined, limit: number): number[] | null {
  const bytes = tensor === undefined ? null : smallBytes(parts, tensor, limit)
  if (tensor === undefined || bytes === null) return null
  const read = numberReader(tensor.element, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return Array.from({ length: (bytes.length * 8) / ELEMENT_BITS[tensor.element] }, (_, index) => read(index))
}

/** The bytes of a small tensor that lies in one piece; null for more than `limit` elements. */
export function smallBytes({ files }: Parts, tensor: StoredTensor, limit: number): Uint8Array | null {
  const length = tensor.view.shape.reduce((product, size) => product * size, ELEMENT_BITS[tensor.element] / 8)
  const from = (tensor.view.start * ELEMENT_BITS[tensor.element]) / 8
  if (length * 8 > limit * ELEMENT_BITS[tensor.element]) return null
  if (tensor.data.kind === 'inline') return tensor.data.bytes.slice(from, from + length)
  const [range] = tensor.data.ranges
  const source = files[range?.file ?? -1]
  if (range === undefined || source === undefined || from + length > range.length) return null
  return readBytes(source, range.offset + from, length, tensor.name)
}

/** The whole numbers that packed words are stored as; PyTorch had no unsigned ones. */
export function isWords(tensor: StoredTensor | undefined): tensor is StoredTensor {
  return tensor !== undefined && (tensor.element === 'i32' || tensor.element === 'u32')
}

export function isElement(tensor: StoredTensor | undefined, ...elements: ElementType[]): tensor is StoredTensor {
  return tensor !== undefined && elements.includes(tensor.element)
}

/** Rows × columns of values over one stored tensor of words. Null when a row is longer than any model's. */
export function packedTensor(
  name: string,
  words: StoredTensor,
  rows: number,
  columns: number,
  quantisation: Omit<PackedQuantisation, 'kind' | 'walk' | 'columnGroups' | 'zeroPoints' | 'biases' | 'book'> &
    Partial<PackedQuantisation>,
): StoredTensor | null {
  const walk = quantisation.walk ?? { rows, columns }
  if (walk.columns > MAX_COLUMNS || rows < 1 || columns < 1) return null
  const defaults = { book: null, columnGroups: null, zeroPoints: { numbers: null, add: 0 }, biases: null }
  return {
    name,
    element: words.element,
    view: plainView([rows, columns]),
    data: words.data,
    quantisation: { ...defaults, ...quantisation, kind: 'packed', walk },
  }
}
