import type { ExactType } from '../identify/print.ts'
import { singularValues } from '../kernel/algebra.ts'
import type { Pair } from './pair.ts'
import { gridError } from './rounding.ts'
import type { Weight } from './subject.ts'

/** Low-rank adapters in use have ranks of 1 to 128; of a 64 × 64 sketch's singular values a quarter must be left to see the noise. */
const MAX_RANK = 48

/** Matrices this narrow are of low rank whatever was done to them. */
const MIN_SIDE = 24

/** Beyond the rank so many singular values at least must be left. */
const MIN_REST = 8

/** Looked at to decide; the more there are the better weak directions show. */
const MAX_LOOKED_AT = 16

/** Those looked at first: a fine-tune is told by these and costs no more. */
const FIRST_LOOK = 2

/** How much more than rounding may be left beyond the rank: its size is known to a tenth, and over many tensors to less. */
const SLACK = 1.25
const POOLED_SLACK = 1.1

/** Gram–Schmidt finds less than the best directions, and leaves so much more. */
const LOOSE_SLACK = 30

/**
 * The mean square of the singular values ÷ that of the greatest which rounding makes, (√h + √w)² of a cell's (Davidson and Szarek 2001).
 * Dense changes little larger than rounding have a few that stand out of it too, but not so far: 1.3 times.
 */
const MIN_CLEAR = 3

/** Root mean square of rounding to that many digits, relative to the values: .38 to .44 · 2^−digits (rounding.ts). */
const ROUNDING = 0.42
const DIGITS: Record<ExactType, number> = { bf16: 8, f16: 11, f32: 24, f64: 24 }

/** Of sums in f32, and of the sketch, which is f32 itself: an f32 change is no finer than this. */
const SINGLE = 2 ** -23

export interface LowRank {
  /** The pairs whose change is of low rank. */
  pairs: Pair[]
  /** A lower bound: what stands out of the rounding. The largest of all tensors, for a factor may lack a direction by chance. */
  rank: number
}

/**
 * The rank of what was added to these matrices; null where it is not low. For Δ of rank r the sketch P(Δ) has r singular values, and
 * beyond them only rounding, whose size is known from how the tensors are stored: r is the least rank that leaves no more.
 */
export function lowRankOf(pairs: Pair[]): LowRank | null {
  const usable = usableOf(pairs)
  const looked = usable.slice(0, MAX_LOOKED_AT)
  if (!mayBeLowRank(pairs) || !looked.slice(0, FIRST_LOOK).map(spectrumOf).every(isLow)) return null
  const all = looked.map(spectrumOf)
  const spectra = all.filter(isLow)
  const rank = Math.max(...spectra.map((spectrum) => rankOf(spectrum)!), pooledRank(spectra))
  if (!all.every((spectrum) => spectra.includes(spectrum) || isTooNarrow(spectrum, rank))) return null
  return rank === 0 ? null : { pairs: pairs.filter(isUsable), rank }
}

/** A quick look at the largest matrices; false rules it out. */
export function mayBeLowRank(pairs: Pair[]): boolean {
  const first = usableOf(pairs).slice(0, FIRST_LOOK)
  return first.length > 0 && first.every(mayBeLow)
}

/** The largest first. */
function usableOf(pairs: Pair[]): Pair[] {
  return pairs.filter(isUsable).sort((x, y) => y.a.print.invariants.count - x.a.print.invariants.count)
}

function isUsable({ a, b }: Pair): boolean {
  return a.sketch !== null && b.sketch !== null && Math.min(a.height, a.width) >= MIN_SIDE
}

/** Singular values of P(Δ), greatest first, and what rounding leaves in one cell, squared. */
interface Spectrum {
  values: Float64Array
  height: number
  width: number
  noise: number
}

function spectrumOf(pair: Pair): Spectrum {
  const { height, width } = pair.a
  const values = singularValues(differenceOf(pair), height, width)
  return { values, height, width, noise: noiseOf(pair) }
}

/** P(A) − P(B), row-major as `a` stands. */
export function differenceOf({ a, b, transposed }: Pair): Float64Array {
  const { height, width } = a
  const [x, y] = [a.sketch!, b.sketch!]
  const difference = new Float64Array(x.length)
  for (let at = 0; at < x.length; at++) {
    const from = transposed ? (at % width) * height + Math.floor(at / width) : at
    difference[at] = x[at]! - y[from]!
  }
  return difference
}

function noiseOf({ a, b }: Pair): number {
  const error = Math.max(errorOf(a), errorOf(b)) * Math.max(a.norm, b.norm)
  return error ** 2 / (a.height * a.width)
}

function errorOf(weight: Weight): number {
  const { exact } = weight.print
  return exact ? Math.max(SINGLE, ROUNDING * 2 ** -DIGITS[exact]) : gridError(weight)
}

/** Of low rank, if of any. */
function isLow(spectrum: Spectrum): boolean {
  const rank = rankOf(spectrum)
  if (rank === null) return false
  const { values, height, width, noise } = spectrum
  const square = values.subarray(0, rank).reduce((sum, value) => sum + value * value, 0)
  return rank === 0 || square / rank >= MIN_CLEAR * (Math.sqrt(height) + Math.sqrt(width)) ** 2 * noise
}

/** Of a matrix hardly wider than the rank nothing is left to tell it by; the wider ones say it. */
function isTooNarrow({ values }: Spectrum, rank: number): boolean {
  return values.length - MIN_REST < rank
}

/** Least rank beyond which no more than rounding is left; null for a change of full rank. */
function rankOf(spectrum: Spectrum): number | null {
  const most = Math.min(MAX_RANK, spectrum.values.length - MIN_REST)
  for (let rank = 0; rank <= most; rank++) if (restOf(spectrum, rank) <= SLACK) return rank
  return null
}

/** Squares beyond a rank ÷ those that rounding would leave there. */
function restOf({ values, height, width, noise }: Spectrum, rank: number): number {
  let squares = 0
  for (let k = rank; k < values.length; k++) squares += values[k]! ** 2
  return squares / ((height - rank) * (width - rank) * noise)
}

/** The same over all tensors at once, in which rounding shows more evenly: directions that are weak in each stand out together. */
function pooledRank(spectra: Spectrum[]): number {
  const most = Math.min(MAX_RANK, ...spectra.map(({ values }) => values.length - MIN_REST))
  for (let rank = 0; rank <= most; rank++) {
    const mean = spectra.reduce((sum, spectrum) => sum + restOf(spectrum, rank), 0) / spectra.length
    if (mean <= POOLED_SLACK) return rank
  }
  return 0
}

/** A quick look before the singular values: what Gram–Schmidt with pivoting leaves after the largest rank is little more than rounding. */
function mayBeLow(pair: Pair): boolean {
  const { height, width } = pair.a
  const columns = columnsOf(differenceOf(pair), height, width)
  const steps = Math.min(MAX_RANK, Math.min(height, width) - MIN_REST)
  const left = leftAfter(steps, columns, height, width)
  return left <= LOOSE_SLACK * (height - steps) * (width - steps) * noiseOf(pair)
}

/** The sum of squares that so many pivots leave; `columns` stand one after the other, and are used up. Plain loops: it runs for every pair. */
function leftAfter(steps: number, columns: Float64Array, height: number, width: number): number {
  const sizes = new Float64Array(width)
  for (let j = 0; j < width; j++) sizes[j] = squares(columns, j * height, height)
  const direction = new Float64Array(height)
  for (let step = 0; step < steps; step++) {
    let pivot = 0
    for (let j = 1; j < width; j++) if (sizes[j]! > sizes[pivot]!) pivot = j
    if (sizes[pivot] === 0) break
    const norm = Math.sqrt(sizes[pivot]!)
    for (let i = 0; i < height; i++) direction[i] = columns[pivot * height + i]! / norm
    sizes[pivot] = 0
    for (let j = 0; j < width; j++) if (sizes[j]! > 0) sizes[j] = removed(columns, j * height, direction)
  }
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Takes a direction out of the column that begins at `from`; what is left of it, squared. */
function removed(columns: Float64Array, from: number, direction: Float64Array): number {
  let along = 0
  for (let i = 0; i < direction.length; i++) along += columns[from + i]! * direction[i]!
  let left = 0
  for (let i = 0; i < direction.length; i++) {
    const value = columns[from + i]! - along * direction[i]!
    columns[from + i] = value
    left += value * value
  }
  return left
}

function columnsOf(values: Float64Array, height: number, width: number): Float64Array {
  const columns = new Float64Array(values.length)
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) columns[j * height + i] = values[i * width + j]!
  return columns
}

function squares(values: Float64Array, from: number, count: number): number {
  let sum = 0
  for (let at = from; at < from + count; at++) sum += values[at]! * values[at]!
  return sum
}
