import { isBlockScheme } from '../contract/block-scheme.ts'
import { throughFloats } from './block-run.ts'
import { decoders, dequantised } from './decode.ts'
import { canonicalise } from './exact.ts'
import {
  CHUNK_BYTES,
  type Kernel,
  type KernelElement,
  type KernelEncoding,
  type Moments,
  SEARCH_CELLS,
  type Search,
  SKETCH_SIDE,
  type TensorRun,
} from './kernel.ts'
import { sign } from './sign.ts'
import {
  blockEnd,
  checkPush,
  checkScalable,
  checkSearch,
  checkShape,
  closedMoments,
  ELEMENT_BYTES,
  floatElement,
  joinBlocks,
  normCount,
  roots,
  sketchSize,
  toSketch,
} from './tensor-run.ts'

/** The reference: every sum in f64, one element after the other. Slow, and meant to be obviously right. */
export const plainKernel: Kernel = { name: 'plain', start: startPlain, search: searchPlain, products: productsPlain }

function productsPlain(rows: Int16Array, others: Int16Array, cells: number): Int32Array {
  const products = new Int32Array(rows.length / cells)
  for (let row = 0; row < products.length; row++) {
    let sum = 0
    for (let at = row * cells; at < (row + 1) * cells; at++) sum += rows[at]! * others[at]!
    products[row] = sum
  }
  return products
}

function searchPlain(rows: Int16Array): Search {
  checkSearch(rows)
  return (query, from, least) => {
    const found: number[] = []
    for (let row = from; row * SEARCH_CELLS < rows.length; row++) {
      let product = 0
      for (let cell = 0; cell < SEARCH_CELLS; cell++) product += query[cell]! * rows[row * SEARCH_CELLS + cell]!
      if (product >= least) found.push(row)
    }
    return Int32Array.from(found)
  }
}

function startPlain(rows: number, columns: number, encoding: KernelEncoding): TensorRun {
  checkShape(rows, columns, encoding)
  if (!isBlockScheme(encoding)) return startElements(rows, columns, encoding)
  return throughFloats(startElements(rows, columns, 'f32'), encoding, rows * columns)
}

function startElements(rows: number, columns: number, element: KernelElement): TensorRun {
  const inlet = new Uint8Array(CHUNK_BYTES)
  const view = new DataView(inlet.buffer)
  const decode = decoders[element]
  const { height, width } = sketchSize(rows, columns)
  const moments = emptyMoments()
  const rowSquares = new Float64Array(normCount(rows))
  const columnSquares = new Float64Array(normCount(columns))
  const blocks: Float32Array[] = []
  const sums = new Float64Array(height * width)
  let remaining = rows * columns
  let row = 0
  let column = 0

  const add = (value: number): void => {
    if (Number.isFinite(value)) {
      addMoments(moments, value)
      if (row < rowSquares.length) rowSquares[row]! += value * value
      if (column < columnSquares.length) columnSquares[column]! += value * value
      sums[(row % SKETCH_SIDE) * width + (column % SKETCH_SIDE)]! += sign(row) * sign(column) * value
    } else moments.nonFinite++
    step()
  }
  const step = (): void => {
    column++
    if (column < columns) return
    column = 0
    row++
    if (row < blockEnd(row - 1, rows)) return
    blocks.push(toSketch(sums))
    sums.fill(0)
  }

  return {
    inlet,
    canonicalise(elements) {
      canonicalise(inlet.subarray(0, elements * ELEMENT_BYTES[element]), floatElement(element))
    },
    push(elements) {
      checkPush(element, elements, 0, remaining)
      for (let index = 0; index < elements; index++) add(decode(view, index))
      remaining -= elements
    },
    pushScaled(elements, scale, zero, from = 0) {
      checkScalable(element)
      checkPush(element, elements, from, remaining)
      for (let index = from; index < from + elements; index++) add(dequantised(decode(view, index), scale, zero))
      remaining -= elements
    },
    finish() {
      if (remaining !== 0) throw new RangeError(`${remaining} elements are missing`)
      return {
        moments: closedMoments(moments),
        rowNorms: roots(rowSquares),
        columnNorms: roots(columnSquares),
        sketch: joinBlocks(blocks),
        step: null,
      }
    },
  }
}

function emptyMoments(): Moments {
  return {
    zeros: 0,
    nonFinite: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    sumSquares: 0,
    sumFourth: 0,
  }
}

function addMoments(moments: Moments, value: number): void {
  if (value === 0) moments.zeros++
  moments.min = Math.min(moments.min, value)
  moments.max = Math.max(moments.max, value)
  moments.sum += value
  moments.sumSquares += value ** 2
  moments.sumFourth += value ** 4
}
