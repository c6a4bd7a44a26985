import { leastSquares } from '../kernel/algebra.ts'
import { f16ToF32Word } from '../kernel/exact.ts'
import type { Matrix } from './canonical.ts'
import type { FloatElement } from './digest.ts'

/**
 * Buffers that a formula gives (rotary frequencies, sinusoidal positions, Fourier and mel filters, windows, ramps, masks) are equal
 * in models that have nothing else in common, up to a fifth of a small one. They are told by their values: each row, or
 * each column, obeys one linear recurrence with constant coefficients, as every sum of a few exponentials, sinusoids
 * and polynomials does; or it is a triangle (mel filters), or a step (masks). Trained weights do not: predicting one from its
 * neighbours leaves most of it over.
 */
export function looksClosedForm(bytes: Uint8Array, element: FloatElement, matrix: Matrix, from = 0): boolean {
  const sample = sampleOf(bytes, element, matrix, from)
  if (sample.values.some((value) => Number.isNaN(value))) return false
  if (isMask(sample.values)) return rowsOf(sample).every(isStep) || columnsOf(sample).every(isStep)
  return followsFormula(rowsOf(sample), NOISE[element]) || followsFormula(columnsOf(sample), NOISE[element])
}

/** Values looked at: enough rows to be sure, few enough to cost nothing beside hashing. */
const SAMPLE_VALUES = 16_384

/** Rows looked at of a wide matrix: sinusoids of position are seen along its columns only. */
const SAMPLE_ROWS = 32

/** Shorter lines are fitted by any recurrence. */
const MIN_LINE = 16

/** A Hann window times a cosine is a sum of six exponentials. */
const MAX_ORDER = 6

/** What rounding leaves over, relative to the line's root mean square. */
const NOISE: Record<FloatElement, number> = { f64: 1e-6, f32: 1e-5, f16: 1e-3, bf16: 8e-3 }

/** Lines that vary less than so many times the rounding noise (the scales of a norm, all near 1) fit anything. */
const FLAT = 4

interface Sample {
  height: number
  width: number
  values: Float64Array
}

/** Whole rows at the start of a chunk, whose first value is number `from` of the tensor. */
function sampleOf(bytes: Uint8Array, element: FloatElement, { columns }: Matrix, from: number): Sample {
  const skip = (columns - (from % columns)) % columns
  const values = valuesOf(bytes, element, skip, Math.max(SAMPLE_VALUES, SAMPLE_ROWS * columns))
  const width = Math.min(columns, values.length)
  return { height: width === 0 ? 0 : Math.floor(values.length / width), width, values }
}

function valuesOf(bytes: Uint8Array, element: FloatElement, skip: number, most: number): Float64Array {
  const { buffer, byteOffset, byteLength } = bytes
  if (element === 'f64') return new Float64Array(buffer, byteOffset, byteLength / 8).slice(skip, skip + most)
  if (element === 'f32')
    return Float64Array.from(new Float32Array(buffer, byteOffset, byteLength / 4).subarray(skip, skip + most))
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2).subarray(skip, skip + most)
  const words = Uint32Array.from(halves, element === 'f16' ? f16ToF32Word : (half) => half << 16)
  return Float64Array.from(new Float32Array(words.buffer))
}

/** The rows, or the columns, of a sample; none where they are too short to say anything. */
interface Lines {
  every(holds: (line: Float64Array) => boolean): boolean
}

function rowsOf({ height, width, values }: Sample): Lines {
  return lines(width < MIN_LINE ? 0 : height, (i) => values.subarray(i * width, (i + 1) * width))
}

function columnsOf({ height, width, values }: Sample): Lines {
  const column = (j: number) => Float64Array.from({ length: height }, (_, i) => values[i * width + j]!)
  return lines(height < MIN_LINE ? 0 : width, column)
}

/** Made one by one: of nearly all tensors the first is enough. */
function lines(count: number, line: (index: number) => Float64Array): Lines {
  return {
    every(holds) {
      for (let index = 0; index < count; index++) if (!holds(line(index))) return false
      return count > 0
    },
  }
}

/** Every line that varies follows a formula, and at least one of them varies enough to tell. */
function followsFormula(lines: Lines, noise: number): boolean {
  let told = false
  const all = lines.every((line) => {
    if (isFlat(line, noise)) return true
    if (isRecurrent(line, noise)) told = true
    else if (!isTriangle(line, noise)) return false
    else if (isWide(line)) told = true
    return true
  })
  return all && told
}

/** Constant but for what might be rounding. */
function isFlat(line: Float64Array, noise: number): boolean {
  const mean = line.reduce((sum, value) => sum + value, 0) / line.length
  const spread = Math.sqrt(line.reduce((sum, value) => sum + (value - mean) ** 2, 0))
  return spread <= FLAT * noise * Math.hypot(...line)
}

/** Two values: 1 and 0, or 0 and what a softmax takes for nothing (−∞, the least value of a type, −10,000). */
function isMask(values: Float64Array): boolean {
  const other = values.find((value) => value !== values[0])
  if (other === undefined || values.some((value) => value !== values[0] && value !== other)) return false
  const [low, high] = [Math.min(values[0]!, other), Math.max(values[0]!, other)]
  return (low === 0 && high === 1) || (high === 0 && low <= -1_000)
}

/** Changes at most twice: a row of a causal or padding mask. */
function isStep(line: Float64Array): boolean {
  let changes = 0
  for (let i = 1; i < line.length; i++) if (line[i] !== line[i - 1]) changes++
  return changes <= 2
}

/**
 * Each value is one and the same linear combination of the few before it. So it is then among every d-th value, too, which
 * tells a formula from a smooth filter: that is rough when seen from farther away.
 */
function isRecurrent(line: Float64Array, noise: number): boolean {
  const stride = Math.floor(line.length / (2 * MIN_LINE))
  return isPredictable(line, noise) && (stride < 2 || isPredictable(thinned(line, stride), noise))
}

function isPredictable(line: Float64Array, noise: number): boolean {
  const order = Math.min(MAX_ORDER, Math.floor(line.length / 4))
  const target = line.subarray(order)
  const lagged = Array.from({ length: order }, (_, lag) => line.subarray(order - 1 - lag, line.length - 1 - lag))
  const size = Math.hypot(...target)
  // a few values and then zeros (the biases of units that are hardly used) are no recurrence
  return size > noise * Math.hypot(...line) && leastSquares(lagged, target).residual <= noise * size
}

function thinned(line: Float64Array, stride: number): Float64Array {
  return line.filter((_, index) => index % stride === 0)
}

/** Zero, a straight rise, a straight fall, zero: one band of a mel filter bank. Its peak may lie between two values. */
function isTriangle(line: Float64Array, noise: number): boolean {
  if (line.some((value) => !(value >= 0 && Number.isFinite(value)))) return false
  const peak = line.reduce((best, value, i) => (value > line[best]! ? i : best), 0)
  const first = line.findIndex((value) => value !== 0)
  const last = line.findLastIndex((value) => value !== 0)
  const splits = (end: number, start: number) =>
    isStraight(line.subarray(first, end + 1), noise) && isStraight(line.subarray(start, last + 1), noise)
  return splits(peak, peak) || splits(peak, peak + 1) || splits(peak - 1, peak)
}

/** Narrow bands are triangles whatever their values. */
function isWide(line: Float64Array): boolean {
  return line.reduce((count, value) => count + (value === 0 ? 0 : 1), 0) > 6
}

function isStraight(part: Float64Array, noise: number): boolean {
  const scale = Math.max(...part)
  for (let i = 2; i < part.length; i++)
    if (Math.abs(part[i]! - 2 * part[i - 1]! + part[i - 2]!) > FLAT * noise * scale) return false
  return true
}
