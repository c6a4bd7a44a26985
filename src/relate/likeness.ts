import type { Pair } from './pair.ts'
import type { Weight } from './subject.ts'

/** The ways `b` can stand to have `a`'s shape: as it is (false), transposed (true), for square matrices both. */
export function orientations({ print: a }: Weight, { print: b }: Weight): boolean[] {
  const ways: boolean[] = []
  if (a.rows === b.rows && a.columns === b.columns) ways.push(false)
  if (a.rows === b.columns && a.columns === b.rows && a.rows > 1) ways.push(true)
  return ways
}

/** Cosine of two sketches without their means; 0 where one is missing. */
export function cosineOf(a: Weight, b: Weight, transposed: boolean, on: 'centred' | 'folded' = 'centred'): number {
  const x = a[on]
  const y = b[on]
  if (!x || !y) return 0
  const norms = on === 'folded' ? a.foldedNorm * b.foldedNorm : a.centredNorm * b.centredNorm
  if (norms === 0) return 0
  const { height, width } = sideOf(a, on)
  return (transposed ? innerTransposed(x, y, height, width) : inner(x, y)) / norms
}

/** ⟨P(A), P(B)⟩, with B transposed if it stands so. Estimates ⟨A, B⟩ (docs/print.md, property 4). */
export function innerOf(a: Weight, b: Weight, transposed: boolean): number {
  if (!a.sketch || !b.sketch) return Number.NaN
  return transposed ? innerTransposed(a.sketch, b.sketch, a.height, a.width) : inner(a.sketch, b.sketch)
}

/** ‖P(A) − P(B)‖², computed on the difference itself: near zero the inner products would cancel. */
export function squaredDistance(a: Weight, b: Weight, transposed: boolean): number {
  if (!a.sketch || !b.sketch) return a.print.digest === b.print.digest ? 0 : Number.NaN
  return transposed ? squaresTransposed(a.sketch, b.sketch, a.height, a.width) : squares(a.sketch, b.sketch)
}

/** `squaredDistance` of a pair, which is asked for again and again: reckoned once. */
export const distanceWithin = once(({ a, b, transposed }) => squaredDistance(a, b, transposed))

/** `cosineOf` a pair, likewise. */
export const cosineWithin = once(({ a, b, transposed }) => cosineOf(a, b, transposed))

function once(reckon: (pair: Pair) => number): (pair: Pair) => number {
  const known = new WeakMap<Pair, number>()
  return (pair) => {
    const found = known.get(pair)
    if (found !== undefined) return found
    const value = reckon(pair)
    known.set(pair, value)
    return value
  }
}

function squares(x: Float32Array, y: Float32Array): number {
  let [even, odd] = [0, 0]
  for (let i = 0; i + 1 < x.length; i += 2) {
    const [first, second] = [x[i]! - y[i]!, x[i + 1]! - y[i + 1]!]
    even += first * first
    odd += second * second
  }
  const last = x.length % 2 === 1 ? x[x.length - 1]! - y[x.length - 1]! : 0
  return even + odd + last * last
}

function squaresTransposed(x: Float32Array, y: Float32Array, height: number, width: number): number {
  let sum = 0
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) sum += (x[i * width + j]! - y[j * height + i]!) ** 2
  return sum
}

/** A row is another times a factor within f32 arithmetic: 1 − cosine² is below this. */
const ROW_TOLERANCE = 1e-9

/** The factors of a batch norm differ from one by more than this, in some row. */
const MIN_FACTOR = 0.01

/** Whether each row of one is the same row of the other times a positive factor, not one everywhere; told where every sketch row is one row of the matrix. */
export function isRowScaled({ a, b, transposed }: { a: Weight; b: Weight; transposed: boolean }): boolean {
  if (!a.sketch || !b.sketch || transposed || a.print.rows > a.height || a.print.rows === 1) return false
  let isScaled = false
  for (let i = 0; i < a.height; i++) {
    const [x, y] = [a.sketch, b.sketch].map((sketch) => sketch.subarray(i * a.width, (i + 1) * a.width))
    const [xx, yy, xy] = [inner(x!, x!), inner(y!, y!), inner(x!, y!)]
    if (xy < 0 || xx * yy - xy * xy > ROW_TOLERANCE * xx * yy) return false
    isScaled ||= Math.abs(yy - xx) > 2 * MIN_FACTOR * xx
  }
  return isScaled
}

function sideOf(weight: Weight, on: 'centred' | 'folded'): { height: number; width: number } {
  return on === 'folded' ? { height: weight.foldedHeight, width: weight.foldedWidth } : weight
}

/** Four sums, because each addition would else wait for the one before. */
function inner(x: Float32Array, y: Float32Array): number {
  const whole = x.length - (x.length % 4)
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 4) {
    a += x[i]! * y[i]!
    b += x[i + 1]! * y[i + 1]!
    c += x[i + 2]! * y[i + 2]!
    d += x[i + 3]! * y[i + 3]!
  }
  for (let i = whole; i < x.length; i++) a += x[i]! * y[i]!
  return a + b + c + d
}

function innerTransposed(x: Float32Array, y: Float32Array, height: number, width: number): number {
  let sum = 0
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) sum += x[i * width + j]! * y[j * height + i]!
  return sum
}
