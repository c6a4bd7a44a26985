import { type ExactElement, roundTo } from '../kernel/exact.ts'
import { squaredDistance } from './likeness.ts'
import type { Pair } from './match.ts'
import type { Weight } from './subject.ts'

/** What happened to one tensor between the two ends of an edge; `from` tells which end it came from, where that shows. */
export type TensorChange =
  /** The same values. */
  | { kind: 'equal' }
  /** The same but for the arithmetic of an export. */
  | { kind: 'converted' }
  /** One end is the other rounded to a narrower type. */
  | { kind: 'rounded'; from: 'a' | 'b'; to: ExactElement }
  /** One end lies on a coarser grid, no further from the other than the grid's own rounding. */
  | { kind: 'quantised'; from: 'a' | 'b' }
  /** Both ends lie on grids, no further apart than both roundings. */
  | { kind: 'requantised' }
  /** Neither equality nor rounding explains the difference; `onGrid` tells which end is quantised. */
  | { kind: 'changed'; onGrid: 'a' | 'b' | 'both' | null }

/** An export's arithmetic (reordered sums, folded scales of one) stays within this of the root mean square. */
const EXPORT_NOISE = 1e-5

/** Largest relative error of rounding to nearest or by cutting off: 2⁻⁸ covers both for bf16, 2⁻¹¹ and 2⁻²⁴ for f16 and f32. */
const ROUNDING: Record<ExactElement, number> = { bf16: 2 ** -8, f16: 2 ** -11, f32: 2 ** -24, f64: 0 }

/** Below 2⁻¹⁴ binary16 keeps multiples of 2⁻²⁴ only (or none, where a converter flushes them). */
const F16_FLOOR = 2 ** -14

const WIDTH: Record<ExactElement, number> = { bf16: 1, f16: 1, f32: 2, f64: 3 }

/** ‖Δ‖ ÷ ‖A‖, from the sketches. */
export function relativeDistance({ a, b, transposed }: Pair): number {
  const scale = Math.max(a.norm, b.norm)
  return scale === 0 ? 0 : Math.sqrt(squaredDistance(a, b, transposed)) / scale
}

export function tensorChange(pair: Pair): TensorChange {
  const { a, b } = pair
  if (a.print.digest === b.print.digest) return { kind: 'equal' }
  const distance = relativeDistance(pair)
  if (Number.isNaN(distance)) return { kind: 'changed', onGrid: onGrid(pair) }
  const rounded = roundedEnd(a, b, distance)
  if (rounded) return rounded
  if (distance <= EXPORT_NOISE) return { kind: 'converted' }
  return quantisedEnd(pair, distance) ?? { kind: 'changed', onGrid: onGrid(pair) }
}

function roundedEnd(a: Weight, b: Weight, distance: number): TensorChange | null {
  return roundedFrom('a', a, b, distance) ?? roundedFrom('b', b, a, distance)
}

/** Tests the rounding itself: the distance is that of rounding, and least and greatest value are the rounded ones. */
function roundedFrom(from: 'a' | 'b', wide: Weight, narrow: Weight, distance: number): TensorChange | null {
  const to = narrow.print.exact
  if (!to || !wide.print.exact || to === wide.print.exact || precision(wide) < precision(narrow)) return null
  if (distance > roundingBound(wide, to)) return null
  const [before, after] = [wide.print.invariants, narrow.print.invariants]
  return isRounded(before.min, after.min, to) && isRounded(before.max, after.max, to)
    ? { kind: 'rounded', from, to }
    : null
}

function precision({ print }: Weight): number {
  return print.exact ? WIDTH[print.exact] : 0
}

function roundingBound({ print, norm }: Weight, to: ExactElement): number {
  const size = norm / Math.sqrt(print.invariants.count)
  return to === 'f16' && size > 0 ? ROUNDING.f16 + F16_FLOOR / size : ROUNDING[to]
}

/** Rounded to nearest, or cut off, or (binary16 below its normal range) flushed to zero. */
function isRounded(value: number, stored: number, to: ExactElement): boolean {
  const nearest = roundTo(value, to)
  if (stored === nearest) return true
  if (to === 'f16' && Math.abs(value) < F16_FLOOR) return Math.abs(stored - value) <= F16_FLOOR
  return Math.abs(stored - value) <= Math.abs(value) * 2 * ROUNDING[to] && Math.abs(stored) <= Math.abs(value)
}

/** Slack over the grid's expected error, for sketches of few cells estimate a distance only so well. */
function slack({ a }: Pair): number {
  return 1.2 + 4 / Math.sqrt(2 * a.height * a.width)
}

function quantisedEnd(pair: Pair, distance: number): TensorChange | null {
  const [errorA, errorB] = [gridError(pair.a), gridError(pair.b)]
  const expected = Math.hypot(errorA, errorB)
  if (expected === 0 || distance > expected * slack(pair)) return null
  if (errorA > 0 && errorB > 0) return { kind: 'requantised' }
  return { kind: 'quantised', from: errorA > 0 ? 'b' : 'a' }
}

/** Expected relative error of a value on a grid of steps s: uniform within ±s/2, so s/√12. */
function gridError({ print, norm }: Weight): number {
  if (!print.encoding || norm === 0) return 0
  return print.encoding.step / Math.sqrt(12) / (norm / Math.sqrt(print.invariants.count))
}

function onGrid({ a, b }: Pair): 'a' | 'b' | 'both' | null {
  if (a.print.encoding && b.print.encoding) return 'both'
  if (a.print.encoding) return 'a'
  return b.print.encoding ? 'b' : null
}
