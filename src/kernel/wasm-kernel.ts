import { type BlockScheme, isBlockScheme } from '../contract/block-scheme.ts'
import { throughFloats } from './block-run.ts'
import {
  CHUNK_BYTES,
  type Kernel,
  type KernelElement,
  type KernelEncoding,
  PRODUCT_CELLS,
  SEARCH_CELLS,
  SEARCH_ROWS,
  type Search,
  SKETCH_SIDE,
  type TensorRun,
} from './kernel.ts'
import {
  blockEnd,
  bytesOf,
  checkPush,
  checkScalable,
  checkSearch,
  checkShape,
  closedMoments,
  floatElement,
  joinBlocks,
  normCount,
  roots,
  sketchSize,
  toSketch,
} from './tensor-run.ts'

/** What assembly/kernel.ts exports. Addresses and lengths in bytes. */
interface Exports {
  memory: WebAssembly.Memory
  inlet(): number
  sketch(): number
  rowSquares(): number
  columnSquares(): number
  start(columns: number): number
  startBlock(): void
  canonicalise(kind: number, elements: number): void
  trust(kind: number): void
  distrust(): void
  take(kind: number, from: number, elements: number, scaled: number, scale: number, zero: number): void
  finish(): void
  products(rows: number, cells: number): void
  alike(rows: number, from: number, least: number): number
  zeros: WebAssembly.Global
  nonFinite: WebAssembly.Global
  least: WebAssembly.Global
  greatest: WebAssembly.Global
  sum: WebAssembly.Global
  sumSquares: WebAssembly.Global
  sumFourth: WebAssembly.Global
  stepSquares: WebAssembly.Global
}

/** As numbered in assembly/decode.ts. */
const ELEMENT_KINDS: Record<KernelElement, number> = {
  f32: 0,
  f16: 1,
  bf16: 2,
  f64: 3,
  i8: 4,
  u8: 5,
  i16: 6,
  u16: 7,
  i32: 8,
}

/** As numbered in assembly/blocks.ts. The others (ternary weights, which few models have) are decoded outside (block-run.ts). */
const BLOCK_KINDS: Partial<Record<BlockScheme, number>> = {
  Q8_0: 9,
  Q4_0: 10,
  Q4_1: 11,
  Q4_K: 12,
  Q5_K: 13,
  Q6_K: 14,
  Q5_0: 15,
  Q5_1: 16,
  Q2_K: 17,
  Q3_K: 18,
  IQ4_NL: 19,
  IQ4_XS: 20,
  MXFP4: 21,
}

/** The SIMD kernel. Its memory grows to 54 MiB at most (4 Mi columns with norms) and serves one tensor at a time. */
export function wasmKernel(module: WebAssembly.Module): Kernel {
  const wasm = new WebAssembly.Instance(module).exports as unknown as Exports
  let current = 0

  const start = (rows: number, columns: number, encoding: KernelEncoding): TensorRun => {
    checkShape(rows, columns, encoding)
    if (!isBlockScheme(encoding)) return startKind(rows, columns, encoding, ELEMENT_KINDS[encoding])
    const kind = BLOCK_KINDS[encoding]
    if (kind !== undefined) return startKind(rows, columns, encoding, kind)
    return throughFloats(startKind(rows, columns, 'f32', ELEMENT_KINDS.f32), encoding, rows * columns)
  }

  const startKind = (rows: number, columns: number, encoding: KernelEncoding, kind: number): TensorRun => {
    const run = ++current
    if (!wasm.start(columns)) throw new RangeError(`no memory for the norms of ${columns} columns`)
    const inlet = new Uint8Array(wasm.memory.buffer, wasm.inlet(), CHUNK_BYTES)
    const { height, width } = sketchSize(rows, columns)
    const rowSquares = new Float64Array(normCount(rows))
    const blocks: Float32Array[] = []
    let position = 0
    let blockStart = 0
    /** Elements that `canonicalise` has been over and that were not pushed yet. */
    let surveyed = 0

    const take = (from: number, elements: number, scaled: boolean, scale: number, zero: number): void => {
      if (run !== current) throw new Error('the kernel has started another tensor')
      checkPush(encoding, elements, from, rows * columns - position)
      let at = from
      while (at < from + elements) {
        const end = blockEnd(blockStart, rows)
        const count = Math.min(from + elements - at, end * columns - position)
        wasm.take(kind, bytesOf(encoding, at), count, scaled ? 1 : 0, scale, zero)
        at += count
        position += count
        if (position === end * columns) closeBlock(end)
      }
    }
    const closeBlock = (end: number): void => {
      const buffer = wasm.memory.buffer
      const sketch = new Float64Array(buffer, wasm.sketch(), SKETCH_SIDE * SKETCH_SIDE)
      blocks.push(toSketch(topLeft(sketch, height, width)))
      const kept = Math.max(0, Math.min(end, rowSquares.length) - blockStart)
      if (kept > 0) rowSquares.set(new Float64Array(buffer, wasm.rowSquares(), kept), blockStart)
      blockStart = end
      wasm.startBlock()
    }

    return {
      inlet,
      canonicalise(elements) {
        floatElement(encoding)
        wasm.canonicalise(kind, elements)
        surveyed = elements
      },
      push(elements) {
        if (elements > 0 && elements === surveyed) wasm.trust(kind)
        surveyed = 0
        try {
          take(0, elements, false, 1, 0)
        } finally {
          wasm.distrust()
        }
      },
      pushScaled(elements, scale, zero, from = 0) {
        checkScalable(encoding)
        take(from, elements, true, scale, zero)
      },
      finish() {
        if (run !== current) throw new Error('the kernel has started another tensor')
        if (position !== rows * columns) throw new RangeError(`${rows * columns - position} elements are missing`)
        current++
        wasm.finish()
        const columnSquares = new Float64Array(wasm.memory.buffer, wasm.columnSquares(), normCount(columns))
        return {
          moments: closedMoments(readMoments(wasm)),
          rowNorms: roots(rowSquares),
          columnNorms: roots(columnSquares),
          sketch: joinBlocks(blocks),
          step: isBlockScheme(encoding) ? Math.sqrt(wasm.stepSquares.value / Math.max(1, position)) : null,
        }
      },
    }
  }
  const search = (rows: Int16Array): Search => {
    checkSearch(rows)
    const run = ++current
    const cells = new Int16Array(wasm.memory.buffer, wasm.inlet(), rows.length + SEARCH_CELLS)
    cells.set(rows, SEARCH_CELLS)
    return (query, from, least) => {
      if (run !== current) throw new Error('the kernel has started something else')
      cells.set(query)
      const found = wasm.alike(rows.length / SEARCH_CELLS, from, least)
      return new Int32Array(wasm.memory.buffer, wasm.rowSquares(), found).slice()
    }
  }
  const products = (rows: Int16Array, others: Int16Array, cells: number): Int32Array => {
    current++
    const found = new Int32Array(rows.length / cells)
    // what is found has room for so many rows, each list for so many cells
    const step = Math.min(SEARCH_ROWS, Math.floor(PRODUCT_CELLS / cells))
    const inlet = new Int16Array(wasm.memory.buffer, wasm.inlet(), 2 * PRODUCT_CELLS)
    for (let from = 0; from < found.length; from += step) {
      const count = Math.min(step, found.length - from)
      inlet.set(rows.subarray(from * cells, (from + count) * cells))
      inlet.set(others.subarray(from * cells, (from + count) * cells), PRODUCT_CELLS)
      wasm.products(count, cells)
      found.set(new Int32Array(wasm.memory.buffer, wasm.rowSquares(), count), from)
    }
    return found
  }
  return { name: 'wasm', start, search, products }
}

function readMoments(wasm: Exports) {
  return {
    zeros: wasm.zeros.value,
    nonFinite: wasm.nonFinite.value,
    min: wasm.least.value,
    max: wasm.greatest.value,
    sum: wasm.sum.value,
    sumSquares: wasm.sumSquares.value,
    sumFourth: wasm.sumFourth.value,
  }
}

/** The height × width corner of a 64 × 64 matrix. */
function topLeft(square: Float64Array, height: number, width: number): Float64Array {
  const corner = new Float64Array(height * width)
  for (let row = 0; row < height; row++)
    corner.set(square.subarray(row * SKETCH_SIDE, row * SKETCH_SIDE + width), row * width)
  return corner
}
