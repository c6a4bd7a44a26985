import { norm } from '../kernel/algebra.ts'
import { sign } from '../kernel/sign.ts'
import type { Values } from './weights.ts'

/** Two matrices that agree once the rows, the columns or both of one are put in another order. */
export interface Permutation {
  rows: boolean
  columns: boolean
  /** After putting them in order, from sketches of 64 × 64. */
  cosine: number
  relativeDistance: number
}

interface Size {
  rows: number
  columns: number
}

/** Strangers' rows, each matched with the likest of thousands, stay further apart than this. */
const MAX_DISTANCE = 0.5

/** A vector of another model, sorted alike, comes near; only equal values say anything. */
const MAX_VECTOR_DISTANCE = 1e-5

/**
 * Looks for the order of rows, of columns, or of both, in which `b` is `a`: rows are matched by a few random sums over their columns,
 * or, where the columns are out of order too, by sums of powers, which do not depend on it. Each try goes over the values again.
 */
export function permutationBetween(a: () => Values, b: () => Values, size: Size): Permutation | null {
  const most = size.rows > 1 ? MAX_DISTANCE : MAX_VECTOR_DISTANCE
  const ofA = featuresOf(a(), size)
  const ofB = featuresOf(b(), size)
  const across = ofB.columns && ofA.columns ? assignment(ofA.columns, ofB.columns, PROJECTIONS) : null
  const down = assignment(ofA.rows, ofB.rows, PROJECTIONS)
  const loose = assignment(ofA.powers, ofB.powers, POWERS)
  const tries: { rows: Int32Array | null; columns: Int32Array | null }[] = [
    { rows: down, columns: null },
    { rows: null, columns: across },
  ]
  const aligned = featuresOf(b(), size, loose).columns
  if (ofA.columns && aligned) tries.push({ rows: loose, columns: assignment(ofA.columns, aligned, PROJECTIONS) })
  const target = sketchOf(a(), size, null, null)
  for (const { rows, columns } of tries) {
    const { cosine, relativeDistance } = nearness(target, sketchOf(b(), size, rows, columns))
    if (relativeDistance <= most) return { rows: rows !== null, columns: columns !== null, cosine, relativeDistance }
  }
  return null
}

/** Random sums a row; more tell thousands of rows apart no better. */
const PROJECTIONS = 8

/** Σx, Σ|x|, Σx², Σx³ and Σx⁴. */
const POWERS = 5

interface Features {
  /** `PROJECTIONS` numbers a row. */
  rows: Float64Array
  /** Likewise a column. */
  columns: Float64Array | null
  /** `POWERS` numbers a row. */
  powers: Float64Array
}

/** `order`: the row of the other matrix that each row is taken for, where rows are known already. */
function featuresOf(values: Values, { rows, columns }: Size, order: Int32Array | null = null): Features {
  const features = {
    rows: new Float64Array(rows * PROJECTIONS),
    columns: new Float64Array(columns * PROJECTIONS),
    powers: new Float64Array(rows * POWERS),
  }
  const signs = Int8Array.from({ length: (Math.max(rows, columns) + 1) * PROJECTIONS }, (_, at) => sign(at))
  forEachValue(values, columns, (value, row, column) => {
    const across = column * PROJECTIONS
    const down = (order?.[row] ?? row) * PROJECTIONS
    for (let k = 0; k < PROJECTIONS; k++) {
      features.rows[row * PROJECTIONS + k]! += signs[across + k]! * value
      features.columns[across + k]! += signs[down + k]! * value
    }
    const square = value * value
    const at = row * POWERS
    features.powers[at]! += value
    features.powers[at + 1]! += Math.abs(value)
    features.powers[at + 2]! += square
    features.powers[at + 3]! += square * value
    features.powers[at + 4]! += square * square
  })
  return features
}

function forEachValue(
  values: Values,
  columns: number,
  take: (value: number, row: number, column: number) => void,
): void {
  let [row, column] = [0, 0]
  for (let chunk = values(); chunk !== null; chunk = values())
    for (const value of chunk) {
      take(value, row, column)
      if (++column === columns) [row, column] = [row + 1, 0]
    }
}

/** Neighbours looked at on either side, in the order of the first feature; all, in tensors up to twice as long. */
const WINDOW = 512

/** Of real tensors a handful of rounds leaves nothing open. */
const MAX_ROUNDS = 64

/** For each item of `b` the one of `a` that it is taken for: nearest pairs first, each once. */
function assignment(a: Float64Array, b: Float64Array, width: number): Int32Array {
  const count = a.length / width
  const scales = Array.from({ length: width }, (_, k) => spread(a, width, k))
  const [orderA, orderB] = [orderBy(a, width), orderBy(b, width)]
  const taken = new Uint8Array(count)
  const order = new Int32Array(count).fill(-1)
  const nearest = (at: number) => {
    const j = orderB[at]!
    let best = { i: -1, j, at, distance: Number.POSITIVE_INFINITY }
    // outward from its own place, so that equal items each find one of their own
    for (let step = 0; step <= 2 * WINDOW; step++) {
      const i = orderA[at + (step % 2 === 0 ? step / 2 : -(step + 1) / 2)]
      if (i === undefined || taken[i]) continue
      let distance = 0
      for (let k = 0; k < width; k++) distance += ((a[i * width + k]! - b[j * width + k]!) / scales[k]!) ** 2
      if (distance < best.distance) best = { i, j, at, distance }
    }
    return best
  }
  let open = Array.from({ length: count }, (_, at) => at)
  // items that are alike ask for the same one; whoever comes too late asks again
  for (let round = 0; round < MAX_ROUNDS && open.length > 0; round++) {
    const wishes = open.map(nearest).sort((x, y) => x.distance - y.distance)
    open = []
    for (const { i, j, at } of wishes) {
      if (i < 0) continue
      if (taken[i]) open.push(at)
      else {
        taken[i] = 1
        order[j] = i
      }
    }
  }
  return filled(order, taken)
}

/** What has none of its like left within reach gets what is left over. */
function filled(order: Int32Array, taken: Uint8Array): Int32Array {
  let free = 0
  return order.map((i) => {
    if (i >= 0) return i
    while (taken[free]) free++
    return free++
  })
}

function orderBy(features: Float64Array, width: number): Int32Array {
  const order = Int32Array.from({ length: features.length / width }, (_, item) => item)
  return order.sort((x, y) => features[x * width]! - features[y * width]!)
}

function spread(features: Float64Array, width: number, k: number): number {
  let [sum, squares] = [0, 0]
  for (let at = k; at < features.length; at += width) {
    sum += features[at]!
    squares += features[at]! ** 2
  }
  const count = features.length / width
  return Math.sqrt(Math.max(squares / count - (sum / count) ** 2, 0)) || 1
}

const SIDE = 64

/** The sketch of the print, with rows and columns standing where they are taken to belong. */
function sketchOf(values: Values, size: Size, rows: Int32Array | null, columns: Int32Array | null): Float64Array {
  const sketch = new Float64Array(SIDE * SIDE)
  const signs = Int8Array.from({ length: Math.max(size.rows, size.columns) }, (_, at) => sign(at))
  forEachValue(values, size.columns, (value, row, column) => {
    const i = rows?.[row] ?? row
    const j = columns?.[column] ?? column
    sketch[(i % SIDE) * SIDE + (j % SIDE)]! += signs[i]! * signs[j]! * value
  })
  return sketch
}

function nearness(a: Float64Array, b: Float64Array): { cosine: number; relativeDistance: number } {
  const [normA, normB] = [norm(a), norm(b)]
  if (normA === 0 || normB === 0) return { cosine: 0, relativeDistance: 1 }
  const apart = norm(a.map((value, at) => value - b[at]!))
  const cosine = (normA ** 2 + normB ** 2 - apart ** 2) / (2 * normA * normB)
  return { cosine: Math.max(-1, Math.min(1, cosine)), relativeDistance: apart / Math.max(normA, normB) }
}

/** Quantiles of norms agree to this share in copies, rounded ones included. */
const NORM_TOLERANCE = 0.02

/** Whether two tensors could be one with rows and columns in other orders: their sorted norms agree, which no order changes. */
export function couldBePermuted(
  a: { rowNorms: Float32Array; columnNorms: Float32Array },
  b: { rowNorms: Float32Array; columnNorms: Float32Array },
): boolean {
  return alike(a.rowNorms, b.rowNorms) && alike(a.columnNorms, b.columnNorms)
}

function alike(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length || a.length === 0) return false
  const scale = NORM_TOLERANCE * Math.max(a.at(-1)!, b.at(-1)!)
  return scale > 0 && a.every((value, at) => Math.abs(value - b[at]!) <= scale)
}
