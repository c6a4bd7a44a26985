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
  if (!sample) return false
  const lines = [sample.rows, sample.columns].filter((lines) => lines.some(varies))
  return lines.some((lines) => lines.every((line) => !varies(line) || followsFormula(line, NOISE[element])))
}

/** Values looked at: enough rows to be sure, few enough to cost nothing beside hashing. */
const SAMPLE_VALUES = 16_384

/** Shorter lines are fitted by any recurrence. */
const MIN_LINE = 16

/** A Hann window times a cosine is a sum of six exponentials. */
const MAX_ORDER = 6

/** What rounding leaves over, relative to the line's root mean square. */
const NOISE: Record<FloatElement, number> = { f64: 1e-6, f32: 1e-5, f16: 1e-3, bf16: 8e-3 }

interface Sample {
  rows: Float64Array[]
  columns: Float64Array[]
}

/** Whole rows at the start of a chunk (whose first value is number `from` of the tensor), and the columns through them. */
function sampleOf(bytes: Uint8Array, element: FloatElement, { columns }: Matrix, from: number): Sample | null {
  const skip = (columns - (from % columns)) % columns
  const values = valuesOf(bytes, element, skip, SAMPLE_VALUES)
  const width = Math.min(columns, values.length)
  const height = Math.max(1, Math.floor(values.length / columns))
  if (width === 0 || values.some((value) => Number.isNaN(value))) return null
  const rows = Array.from({ length: height }, (_, i) => values.slice(i * width, (i + 1) * width))
  const across = Array.from({ length: width }, (_, j) => Float64Array.from(rows, (row) => row[j]!))
  return { rows: width >= MIN_LINE ? rows : [], columns: height >= MIN_LINE ? across : [] }
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

function varies(line: Float64Array): boolean {
  return line.some((value) => value !== line[0])
}

function followsFormula(line: Float64Array, noise: number): boolean {
  if (isStep(line)) return true
  if (line.some((value) => !Number.isFinite(value))) return false
  return isRecurrent(line, noise) || isTriangle(line, noise)
}

/** Two values, changing at most twice: rows of causal and padding masks. */
function isStep(line: Float64Array): boolean {
  let changes = 0
  for (let i = 1; i < line.length; i++) if (line[i] !== line[i - 1]) changes++
  return changes <= 2 && new Set(line).size === 2
}

/** Each value is one and the same linear combination of the few before it. */
function isRecurrent(line: Float64Array, noise: number): boolean {
  const order = Math.min(MAX_ORDER, Math.floor(line.length / 4))
  const target = line.subarray(order)
  const lagged = Array.from({ length: order }, (_, lag) => line.subarray(order - 1 - lag, line.length - 1 - lag))
  const { residual } = leastSquares(lagged, target)
  return residual <= noise * Math.hypot(...target)
}

/** Zero, a straight rise, a straight fall, zero: one band of a mel filter bank. */
function isTriangle(line: Float64Array, noise: number): boolean {
  const peak = line.reduce((best, value, i) => (value > line[best]! ? i : best), 0)
  const first = line.findIndex((value) => value !== 0)
  const last = line.findLastIndex((value) => value !== 0)
  if (last - first < 3 || line.some((value) => value < 0)) return false
  return isStraight(line.subarray(first, peak + 1), noise) && isStraight(line.subarray(peak, last + 1), noise)
}

function isStraight(part: Float64Array, noise: number): boolean {
  const scale = Math.max(...part)
  for (let i = 2; i < part.length; i++)
    if (Math.abs(part[i]! - 2 * part[i - 1]! + part[i - 2]!) > 10 * noise * scale) return false
  return true
}
