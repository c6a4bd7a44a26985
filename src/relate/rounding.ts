import { type ExactElement, roundTo } from '../kernel/exact.ts'
import { singleCells } from './single-cells.ts'
import type { Weight } from './subject.ts'

/** One end is the other rounded to a narrower type, or is nearer to it than that leaves and so was not. */
type Rounding =
  | { kind: 'rounded'; from: 'a' | 'b'; to: ExactElement }
  | { kind: 'changed'; onGrid: null; tooNear: 'a' | 'b' }

/** Significant binary digits. */
const DIGITS: Record<ExactElement, number> = { bf16: 8, f16: 11, f32: 24, f64: 53 }

/**
 * Rounding to p digits moves x ∈ [2^e, 2^(e+1)) by up to half of 2^(e+1−p), so by 2^−p/√12 to twice that, relative to x, in the
 * root mean square. Values spread over some octaves (every trained matrix) all have nearly the same: .38 to .44 · 2^−p, be they
 * uniform, normal or Laplacian. Vectors may have all their values in one octave.
 */
const MATRIX_WINDOW = { least: 0.35, most: 0.5 }
const VECTOR_WINDOW = { least: 0, most: 1 / Math.sqrt(3) }

/** Cutting off moves values twice as far in the root mean square, and all of them towards zero. */
const CUTTING = 2

/** Below 2⁻¹⁴ binary16 keeps multiples of 2⁻²⁴ only (or none, where a converter flushes them). */
const F16_FLOOR = 2 ** -14
const F16_STEP = 2 ** -24

/**
 * Tests the rounding itself, not only that it could hide the difference: the distance is the one that rounding leaves, and least and
 * greatest value are the rounded ones. A lightly fine-tuned copy of a rounded model is nearer to it, or further.
 */
export function roundedFrom(
  from: 'a' | 'b',
  wide: Weight,
  narrow: Weight,
  distance: number,
  transposed: boolean,
): Rounding | null {
  if (!wide.print.exact || !narrow.print.exact || narrow.print.exact === wide.print.exact) return null
  if (precision(wide.print.exact) < precision(narrow.print.exact)) return null
  const windows = targetsOf(narrow).map((to) => ({ to, ...windowOf(wide, narrow, to, distance) }))
  if (windows.every(({ least }) => distance < least)) return { kind: 'changed', onGrid: null, tooNear: from }
  const near = windows.filter(({ least, most }) => distance >= least && distance <= most)
  const fits = near.find(({ to }) => extremesFit(wide, narrow, to) && cellsFit(wide, narrow, to, transposed))
  if (fits) return { kind: 'rounded', from, to: fits.to }
  return near.length > 0 ? { kind: 'changed', onGrid: null, tooNear: from } : null
}

/** Tiny binary16 values have few digits, and may be exact in bfloat16 too. */
function targetsOf({ print }: Weight): ExactElement[] {
  return print.element === 'f16' && print.exact === 'bf16' ? ['bf16', 'f16'] : [print.exact!]
}

/** bfloat16 and binary16 are equally wide: neither is made to save space over the other. */
function precision(type: ExactElement): number {
  return { bf16: 1, f16: 1, f32: 2, f64: 3 }[type]
}

function windowOf(wide: Weight, narrow: Weight, to: ExactElement, distance: number): { least: number; most: number } {
  const unit = 2 ** -DIGITS[to]
  // the sketches are f32 themselves
  if (to === 'f32') return { least: 0, most: 4 * unit }
  const { least, most } = wide.print.rows > 1 ? MATRIX_WINDOW : VECTOR_WINDOW
  const factor = isCut(wide, narrow, distance) ? CUTTING : 1
  const { count, sumSquares, sumFourth } = wide.print.invariants
  const size = Math.sqrt(sumSquares / count)
  const floor = to === 'f16' && size > 0 ? F16_FLOOR / size : 0
  // flushing touches only values below the floor, of which a density about zero gives the share `floor`
  const lost = floor === 0 ? 0 : (floor < 1 ? floor ** 1.5 : 0) + F16_STEP / size
  // few large values make the sum, or few cells estimate it
  const spread = (1.5 * Math.sqrt(sumFourth)) / sumSquares + 3 / Math.sqrt(2 * wide.height * wide.width)
  return { least: least * unit * Math.max(0, 1 - spread), most: most * unit * factor * (1 + spread) + lost }
}

/** Cutting off loses about 2^−p of Σx²; a random change of that size loses or gains far less. */
function isCut(wide: Weight, narrow: Weight, distance: number): boolean {
  return 1 - narrow.print.invariants.sumSquares / wide.print.invariants.sumSquares > distance
}

function extremesFit(wide: Weight, narrow: Weight, to: ExactElement): boolean {
  const [before, after] = [wide.print.invariants, narrow.print.invariants]
  // where the wide end is itself rounded from something finer, the narrow one may have been rounded from that
  const own = 2 ** -DIGITS[wide.print.exact!]
  return isRounded(before.min, after.min, to, own) && isRounded(before.max, after.max, to, own)
}

/** A converter may flush or clamp a few. */
const MIN_FITTING = 0.98

/** Where the sketches show single elements, these are the rounded ones too: a fine-tune moves small values by more than their last place. */
function cellsFit(wide: Weight, narrow: Weight, to: ExactElement, transposed: boolean): boolean {
  // a vector that hardly moved has its values within half a last place all the same
  if (!wide.sketch || !narrow.sketch || wide.print.rows === 1 || transposed || to === 'f32') return true
  const own = 2 ** -DIGITS[wide.print.exact!]
  const cells = singleCells(wide)
  const fitting = cells.filter((at) => isRounded(wide.sketch![at]!, narrow.sketch![at]!, to, own))
  return fitting.length >= MIN_FITTING * cells.length
}

/** Rounded to nearest, or cut off, or (binary16 below its normal range) flushed to zero. */
function isRounded(value: number, stored: number, to: ExactElement, own: number): boolean {
  const size = Math.abs(value)
  const error = Math.abs(stored - value)
  const half = 2 ** (Math.floor(Math.log2(size)) - DIGITS[to])
  if (stored === roundTo(value, to) || error <= half + own * size) return true
  if (to === 'f16' && size < F16_FLOOR) return error <= F16_FLOOR
  return error <= 2 * half && Math.abs(stored) <= size
}

/** Expected relative error of a value on a grid of steps s: uniform within ±s/2, so s/√12. */
export function gridError({ print, norm }: Weight): number {
  if (!print.encoding || norm === 0) return 0
  return print.encoding.step / Math.sqrt(12) / (norm / Math.sqrt(print.invariants.count))
}

/** The most that writing a tensor down as it is stored moves it by, relative to its size. */
export function roundingError(weight: Weight): number {
  const { exact } = weight.print
  return exact ? 1.2 * VECTOR_WINDOW.most * 2 ** -DIGITS[exact] : 1.2 * gridError(weight)
}
