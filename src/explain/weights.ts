import { sign } from '../kernel/sign.ts'
import type { DeltaSketch } from './rank.ts'

/** Values of one tensor, a piece at a time (`NextValues` of src/identify/value-stream.ts). */
export type Values = () => Float32Array | Float64Array | null

/** What two tensors of one shape differ by, over all their values. */
export interface WeightDifference {
  elements: number
  /** Elements that are not equal. */
  changed: number
  /** Elements that are zero in the child only. */
  zeroed: number
  /** Elements left out, because they are not finite in one or the other. */
  nonFinite: number
  /** Exact: 0 where either is zero. */
  cosine: number
  /** ‖child − parent‖ ÷ the larger of their norms. */
  relativeDistance: number
  /** ‖parent‖² and ‖child‖². */
  squares: [parent: number, child: number]
  /** Of child − parent; null where not asked for. */
  sketch: DeltaSketch | null
}

/** Rows and columns of the sketch of a change: with 48 of 512 directions taken a rank shows through bfloat16 rounding. */
export const DELTA_SIDE = 512

/** One array of signs for the columns; wider tensors than this are vectors in all but name. */
const MAX_SIGNED_COLUMNS = 1 << 22

/** Goes once over two tensors side by side. Throws RangeError when one has fewer values than `rows` × `columns`. */
export function differenceOf(
  parent: Values,
  child: Values,
  { rows, columns }: { rows: number; columns: number },
  withSketch: boolean,
): WeightDifference {
  const sums = newSums(rows, columns, withSketch)
  let [a, b] = [parent(), child()]
  let [i, j] = [0, 0]
  for (let at = 0; at < rows * columns; ) {
    if (a !== null && i === a.length) [a, i] = [parent(), 0]
    if (b !== null && j === b.length) [b, j] = [child(), 0]
    if (a === null || b === null) throw new RangeError(`${at} values of ${rows * columns}`)
    const column = at % columns
    const length = Math.min(columns - column, a.length - i, b.length - j)
    addRun(sums, a, i, b, j, Math.floor(at / columns), column, length)
    at += length
    i += length
    j += length
  }
  return differenceFrom(sums, rows * columns)
}

interface Sums {
  aa: number
  bb: number
  dd: number
  equal: number
  zeroed: number
  nonFinite: number
  sketch: DeltaSketch | null
  /** The signs of the columns, and their opposites, for rows of sign +1 and −1. */
  signs: { up: Int8Array; down: Int8Array } | null
}

function newSums(rows: number, columns: number, withSketch: boolean): Sums {
  const isMatrix = withSketch && rows > 1 && columns > 1 && columns <= MAX_SIGNED_COLUMNS
  const [height, width] = [Math.min(rows, DELTA_SIDE), Math.min(columns, DELTA_SIDE)]
  return {
    aa: 0,
    bb: 0,
    dd: 0,
    equal: 0,
    zeroed: 0,
    nonFinite: 0,
    sketch: isMatrix ? { height, width, values: new Float64Array(height * width) } : null,
    signs: isMatrix ? columnSigns(columns) : null,
  }
}

let lastSigns: { up: Int8Array; down: Int8Array } | undefined

/** Neighbouring tensors have few different widths. */
function columnSigns(columns: number): { up: Int8Array; down: Int8Array } {
  if (lastSigns?.up.length !== columns) {
    const up = Int8Array.from({ length: columns }, (_, column) => sign(column))
    lastSigns = { up, down: up.map((value) => -value) }
  }
  return lastSigns
}

/** Within one row. */
function addRun(
  sums: Sums,
  a: Float32Array | Float64Array,
  i: number,
  b: Float32Array | Float64Array,
  j: number,
  row: number,
  column: number,
  length: number,
): void {
  const { sketch, signs } = sums
  if (sketch && signs) {
    const { width, values } = sketch
    const from = (row % DELTA_SIDE) * width
    const signed = sign(row) > 0 ? signs.up : signs.down
    addToSketch(values.subarray(from, from + width), signed, a, i, b, j, column, length)
  }
  let [aa, bb, dd, equal] = [0, 0, 0, 0]
  for (let k = 0; k < length; k++) {
    const x = a[i + k]!
    const y = b[j + k]!
    const d = y - x
    aa += x * x
    bb += y * y
    dd += d * d
    equal += d === 0 ? 1 : 0
  }
  // rare, and so looked at apart: numbers that are not finite, and weights set to zero
  const counted = Number.isFinite(aa + bb + dd) ? { aa, bb, dd, left: 0 } : finiteSums(a, i, b, j, length)
  sums.aa += counted.aa
  sums.bb += counted.bb
  sums.dd += counted.dd
  sums.nonFinite += counted.left
  sums.equal += equal
  if (equal < length) sums.zeroed += zeroedIn(a, i, b, j, length)
}

function addToSketch(
  line: Float64Array,
  signed: Int8Array,
  a: Float32Array | Float64Array,
  i: number,
  b: Float32Array | Float64Array,
  j: number,
  column: number,
  length: number,
): void {
  for (let k = 0; k < length; k++) {
    const d = b[j + k]! - a[i + k]!
    // d − d is 0 but for what is not finite
    if (d !== 0 && d - d === 0) line[(column + k) & (DELTA_SIDE - 1)]! += d * signed[column + k]!
  }
}

function finiteSums(
  a: Float32Array | Float64Array,
  i: number,
  b: Float32Array | Float64Array,
  j: number,
  length: number,
): { aa: number; bb: number; dd: number; left: number } {
  const sums = { aa: 0, bb: 0, dd: 0, left: 0 }
  for (let k = 0; k < length; k++) {
    const [x, y] = [a[i + k]!, b[j + k]!]
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      sums.left++
      continue
    }
    sums.aa += x * x
    sums.bb += y * y
    sums.dd += (y - x) ** 2
  }
  return sums
}

function zeroedIn(
  a: Float32Array | Float64Array,
  i: number,
  b: Float32Array | Float64Array,
  j: number,
  length: number,
): number {
  let zeroed = 0
  for (let k = 0; k < length; k++) if (b[j + k] === 0 && a[i + k] !== 0) zeroed++
  return zeroed
}

function differenceFrom({ aa, bb, dd, equal, zeroed, nonFinite, sketch }: Sums, elements: number): WeightDifference {
  const norms = Math.sqrt(aa) * Math.sqrt(bb)
  const scale = Math.sqrt(Math.max(aa, bb))
  return {
    elements,
    changed: elements - equal,
    zeroed,
    nonFinite,
    // ⟨a, b⟩ = (‖a‖² + ‖b‖² − ‖b − a‖²) ÷ 2
    cosine: norms === 0 ? 0 : Math.max(-1, Math.min(1, (aa + bb - dd) / 2 / norms)),
    relativeDistance: scale === 0 ? 0 : Math.sqrt(dd) / scale,
    squares: [aa, bb],
    sketch,
  }
}
