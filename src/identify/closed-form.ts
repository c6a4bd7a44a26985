import { leastSquares, norm } from '../kernel/algebra.ts'
import { f16ToF32Word } from '../kernel/exact.ts'
import type { Matrix } from './canonical.ts'
import type { FloatElement } from './digest.ts'

/**
 * Buffers that a formula gives (rotary frequencies, sinusoidal positions, Fourier and mel filters, windows, ramps, masks) are equal
 * in models that have nothing else in common, up to a fifth of a small one. They are told by their values: each row, or
 * each column, obeys one linear recurrence with constant coefficients, as every sum of a few exponentials, sinusoids
 * and polynomials does; or it is a triangle (mel filters), or a step (masks). Trained weights do not: predicting one from its
 * neighbours leaves most of it over. Looked at is the start of a chunk, whose first value is number `from` of the tensor; further
 * chunks may well be constant, but not all.
 */
export function looksClosedForm(bytes: Uint8Array, element: FloatElement, matrix: Matrix, from = 0): boolean {
  const sample = sampleOf(bytes, element, matrix, from)
  if (sample.values.some((value) => Number.isNaN(value))) return false
  if (isMask(sample.values)) return rowsOf(sample).every(isStep) || columnsOf(sample).every(isStep)
  const [noise, needed] = [NOISE[element], from === 0 ? 1 : 0]
  const size = rootMeanSquare(sample.values)
  return [rowsOf(sample), columnsOf(sample)].some((lines) => followsFormula(lines, noise, needed, size))
}

/** Values looked at: enough to be sure, few enough to cost nothing beside hashing. */
const SAMPLE_VALUES = 16_384

/** Rows looked at, also of a wide matrix: sinusoids of position are seen along its columns only. */
const SAMPLE_ROWS = 32

/** Shorter lines are fitted by any recurrence. */
const MIN_LINE = 16

/** A Hann window times a cosine is a sum of six exponentials. */
const MAX_ORDER = 6

/** What rounding leaves over, relative to the line's root mean square. */
const NOISE: Record<FloatElement, number> = { f64: 1e-6, f32: 1e-5, f16: 2e-3, bf16: 8e-3 }

/** Lines that vary less than so many times the rounding noise (the scales of a norm, all near 1) fit anything. */
const FLAT = 4

interface Sample {
  height: number
  width: number
  values: Float64Array
}

/** The beginnings of the first whole rows of a chunk; one piece of a row longer than that. */
function sampleOf(bytes: Uint8Array, element: FloatElement, { columns }: Matrix, from: number): Sample {
  const count = bytes.length / ELEMENT_BYTES[element]
  const boundary = (columns - (from % columns)) % columns
  const whole = Math.floor((count - boundary) / columns)
  if (whole < 1) {
    const [start, end] = boundary > count / 2 ? [0, Math.min(boundary, count)] : [boundary, count]
    const values = valuesOf(bytes, element, start, Math.min(end - start, SAMPLE_VALUES))
    return { height: 1, width: values.length, values }
  }
  const height = Math.min(whole, Math.max(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / columns)))
  const width = Math.min(columns, Math.floor(SAMPLE_VALUES / height))
  const values = new Float64Array(height * width)
  for (let row = 0; row < height; row++)
    values.set(valuesOf(bytes, element, boundary + row * columns, width), row * width)
  return { height, width, values }
}

const ELEMENT_BYTES: Record<FloatElement, number> = { f64: 8, f32: 4, f16: 2, bf16: 2 }

function valuesOf(bytes: Uint8Array, element: FloatElement, start: number, count: number): Float64Array {
  const { buffer, byteOffset } = bytes
  const offset = byteOffset + start * ELEMENT_BYTES[element]
  if (element === 'f64') return new Float64Array(buffer, offset, count).slice()
  // the constructors convert ten times as fast as `from`, which iterates
  if (element === 'f32') return new Float64Array(new Float32Array(buffer, offset, count))
  const halves = new Uint16Array(buffer, offset, count)
  const words = new Uint32Array(count)
  for (let i = 0; i < count; i++) words[i] = element === 'f16' ? f16ToF32Word(halves[i]!) : halves[i]! << 16
  return new Float64Array(new Float32Array(words.buffer))
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

/** Every line that varies follows a formula, and as many as needed vary enough to tell. */
function followsFormula(lines: Lines, noise: number, needed: number, size: number): boolean {
  let telling = 0
  const all = lines.every((line) => {
    if (isFlat(line, noise, size)) return true
    if (isRecurrent(line, noise)) telling++
    else if (!isTriangle(line, noise)) return false
    else if (isWide(line)) telling++
    return true
  })
  return all && telling >= needed
}

/** Constant but for rounding, its own or that of the values around it (the sine of the highest frequency is all rounding). */
function isFlat(line: Float64Array, noise: number, size: number): boolean {
  const mean = line.reduce((sum, value) => sum + value, 0) / line.length
  const spread = rootMeanSquare(line.map((value) => value - mean))
  return spread <= Math.max(FLAT * noise * rootMeanSquare(line), noise * size)
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
  const size = rootMeanSquare(line)
  const left = unpredictable(line)
  // a few values and then zeros (the biases of units that are hardly used) are no recurrence
  if (!(left.size > noise * size && left.residual <= noise * left.size)) return false
  const stride = Math.floor(line.length / (4 * MIN_LINE))
  return stride < 2 || unpredictable(thinned(line, stride)).residual <= THINNED * noise * size
}

/** Rounding weighs more where the waves that make up a line are seen at fewer points. */
const THINNED = 3

/** What the few values before each do not tell of it, and its own size: root mean squares. */
function unpredictable(line: Float64Array): { residual: number; size: number } {
  const order = Math.min(MAX_ORDER, Math.floor(line.length / 4))
  const target = line.subarray(order)
  const lagged = Array.from({ length: order }, (_, lag) => line.subarray(order - 1 - lag, line.length - 1 - lag))
  return { residual: leastSquares(lagged, target).residual / Math.sqrt(target.length), size: rootMeanSquare(target) }
}

function rootMeanSquare(line: Float64Array): number {
  return norm(line) / Math.sqrt(line.length)
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

/** Any three or four values are a triangle; from five on one of its sides is seen to be straight. */
function isWide(line: Float64Array): boolean {
  return line.reduce((count, value) => count + (value === 0 ? 0 : 1), 0) >= 5
}

function isStraight(part: Float64Array, noise: number): boolean {
  const scale = Math.max(...part)
  for (let i = 2; i < part.length; i++)
    if (Math.abs(part[i]! - 2 * part[i - 1]! + part[i - 2]!) > FLAT * noise * scale) return false
  return true
}
