import { BLOCK_LAYOUTS, isBlockScheme } from '../contract/block-scheme.ts'
import type { ExactElement } from './exact.ts'
import {
  BLOCK_ROWS,
  CHUNK_BYTES,
  type KernelElement,
  type KernelEncoding,
  type Moments,
  NORM_AXIS_LIMIT,
  SEARCH_CELLS,
  SEARCH_ROWS,
  SKETCH_SIDE,
} from './kernel.ts'

export const ELEMENT_BYTES: Record<KernelElement, number> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  f64: 8,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
}

/** Bytes of so many elements; of blocks a whole number of them. */
export function bytesOf(encoding: KernelEncoding, elements: number): number {
  if (!isBlockScheme(encoding)) return elements * ELEMENT_BYTES[encoding]
  const { elements: each, bytes } = BLOCK_LAYOUTS[encoding]
  return (elements / each) * bytes
}

/** The element as a float; throws for integers, which have no −0 and no NaN. */
export function floatElement(element: KernelEncoding): ExactElement {
  if (element === 'f32' || element === 'f16' || element === 'bf16' || element === 'f64') return element
  throw new TypeError(`${element} is not a float`)
}

/** 2⁵³ is where row-major positions stop being exact numbers. Blocks lie along rows and never cross their ends. */
export function checkShape(rows: number, columns: number, encoding: KernelEncoding): void {
  const whole = Number.isSafeInteger(rows) && Number.isSafeInteger(columns) && Number.isSafeInteger(rows * columns)
  if (!whole || rows < 0 || columns < 0) throw new RangeError(`no matrix has ${rows} × ${columns} elements`)
  if (!isWholeBlocks(encoding, columns))
    throw new RangeError(`a row of ${columns} is no whole number of ${encoding} blocks`)
}

/** Throws unless `elements` of the inlet, from element `from` on, stand inside it and still belong to the tensor. */
export function checkPush(encoding: KernelEncoding, elements: number, from: number, remaining: number): void {
  const whole = Number.isSafeInteger(elements) && Number.isSafeInteger(from) && elements >= 0 && from >= 0
  if (!whole || bytesOf(encoding, from + elements) > CHUNK_BYTES)
    throw new RangeError(`elements ${from} to ${from + elements} are not inside the inlet`)
  if (!isWholeBlocks(encoding, elements)) throw new RangeError(`${elements} elements are no whole blocks`)
  if (elements > remaining) throw new RangeError(`${elements} elements pushed where ${remaining} remain`)
}

function isWholeBlocks(encoding: KernelEncoding, elements: number): boolean {
  return !isBlockScheme(encoding) || elements % BLOCK_LAYOUTS[encoding].elements === 0
}

export function checkScalable(element: KernelEncoding): void {
  if (element === 'f32' || element === 'f64' || element === 'f16' || element === 'bf16' || isBlockScheme(element))
    throw new RangeError(`${element} values are no stored integers and take no scale`)
}

/** Height and width of the sketch of an m × n tensor. */
export function sketchSize(rows: number, columns: number): { height: number; width: number } {
  return { height: Math.min(rows, SKETCH_SIDE), width: Math.min(columns, SKETCH_SIDE) }
}

/** The greatest row count at which the block of `row` is complete. */
export function blockEnd(row: number, rows: number): number {
  return Math.min(rows, (Math.floor(row / BLOCK_ROWS) + 1) * BLOCK_ROWS)
}

export function normCount(axisLength: number): number {
  return Math.min(axisLength, NORM_AXIS_LIMIT)
}

const GREATEST_F32 = 3.4028234663852886e38

/** Narrows sums to f32. What exceeds its range is held at its ends, so that print algebra never meets an infinity. */
export function toSketch(sums: Float64Array): Float32Array {
  const sketch = new Float32Array(sums.length)
  for (let cell = 0; cell < sums.length; cell++)
    sketch[cell] = Math.max(-GREATEST_F32, Math.min(GREATEST_F32, sums[cell]!))
  return sketch
}

export function joinBlocks(blocks: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(blocks.reduce((length, block) => length + block.length, 0))
  let at = 0
  for (const block of blocks) {
    joined.set(block, at)
    at += block.length
  }
  return joined
}

/** Norms from sums of squares. `Float64Array.map` takes ten times as long. */
export function roots(squares: Float64Array): Float64Array {
  const norms = new Float64Array(squares.length)
  for (let at = 0; at < norms.length; at++) norms[at] = Math.sqrt(squares[at]!)
  return norms
}

/** Without a finite value there is neither least nor greatest: both are 0 then. −0 is 0. */
export function closedMoments(moments: Moments): Moments {
  const none = moments.min > moments.max
  return { ...moments, min: none ? 0 : moments.min + 0, max: none ? 0 : moments.max + 0 }
}

export function checkSearch(rows: Int16Array): void {
  if (rows.length % SEARCH_CELLS !== 0 || rows.length > SEARCH_ROWS * SEARCH_CELLS)
    throw new RangeError(`${rows.length} cells are not up to ${SEARCH_ROWS} rows of ${SEARCH_CELLS}`)
}
