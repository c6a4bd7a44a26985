import { logBinomialTail, normalTail } from '../kernel/statistics.ts'
import { cosineOf, cosineWithin, orientations } from './likeness.ts'
import { groupBy } from './match.ts'
import type { Match, Pair } from './pair.ts'
import type { Weight } from './subject.ts'

/** Are two models related at all? (docs/lineage.md, section 2) */
export interface Kinship {
  /** Matched tensors that can say something: matrices with a sketch. */
  usable: number
  /** Those that are more alike than the null allows. */
  kin: number
  /** Probability of as many kin tensors between strangers; null with fewer than `MIN_USABLE` usable ones. */
  p: number | null
}

/** Below this many usable tensors no probability is given: a few fixed buffers would decide it. */
const MIN_USABLE = 8

/** A tensor is kin when its likeness is so many null deviations above the null's mean … */
const KIN_Z = 3

/** … which a stranger's tensor is with this probability. */
const KIN_P = normalTail(KIN_Z)

/** With fewer mismatched pairs than this, the null's deviation is the theory's instead of measured. */
const MIN_MISMATCHES = 20

/** Mismatched pairs looked at for one shape; more would not make the deviation better. */
const MAX_MISMATCHES = 200
const FEW_MISMATCHES = 40

/** What being the best of a hundred thousand candidates asks of a tensor beyond `KIN_Z`. */
const MAX_CHOSEN_Z = 3

/** Sketches with fewer cells than this cannot reach `KIN_Z` safely. */
const MIN_CELLS = 64

/** Narrow matrices (convolution kernels of few taps) resemble one another more than wide ones do. */
const NARROW = 32

/** The null distribution of the cosine between tensors that do not correspond. */
interface Null {
  mean: number
  deviation: number
}

export function kinship({ pairs }: Match): Kinship {
  const usable = pairs.filter(isUsable)
  const kin = kinAmong(usable).length
  const p = usable.length < MIN_USABLE ? null : Math.exp(logBinomialTail(kin, usable.length, KIN_P))
  return { usable: usable.length, kin, p }
}

/**
 * First with a few mismatches a shape. Where each tensor's verdict is clear of what more of them could change, as between all but
 * distant relatives and strangers whose tensors look a little alike, that is all.
 */
function kinAmong(usable: Pair[]): Pair[] {
  const rough = nullDistributions(usable, FEW_MISMATCHES)
  const isClear = usable.every((pair) => pair.by === 'moments' || isFarFrom(KIN_Z, pair, rough(pair)))
  const nullOf = isClear ? rough : nullDistributions(usable, MAX_MISMATCHES)
  return usable.filter((pair) => pair.by === 'moments' || isKin(pair, nullOf(pair)))
}

/** Of `FEW_MISMATCHES` the deviation is within a third of that of many (3 standard errors, 3 ÷ √(2 · 40)), the mean within half of it. */
function isFarFrom(z: number, pair: Pair, { mean, deviation }: Null): boolean {
  const own = (cosineWithin(pair) - mean) / deviation
  return own > 2 * z + MAX_CHOSEN_Z || own < z / 2
}

function isUsable({ a, b }: Pair): boolean {
  return a.centred !== null && b.centred !== null && a.height * a.width >= MIN_CELLS
}

function isKin(pair: Pair, { mean, deviation }: Null): boolean {
  const z = (cosineWithin(pair) - mean) / deviation
  return chosenTail(normalTail(z), pair.candidates) < KIN_P
}

/** The tail probability of the best among `candidates` independent ones (Šidák 1967). */
function chosenTail(tail: number, candidates: number): number {
  return candidates === 1 ? tail : -Math.expm1(candidates * Math.log1p(-tail))
}

/**
 * For every shape, how alike the same two models' tensors of that shape are when they are matched with *other* layers. That absorbs
 * what all networks of an architecture share.
 */
function nullDistributions(pairs: Pair[], most: number): (pair: Pair) => Null {
  const groups = groupBy(pairs, shapeOf)
  const mismatches = new Map([...groups].map(([shape, group]) => [shape, mismatchedCosines(group, most)]))
  const spread = {
    narrow: overdispersion(pairs.filter(isNarrow), mismatches),
    wide: overdispersion(
      pairs.filter((pair) => !isNarrow(pair)),
      mismatches,
    ),
  }
  return (pair) => {
    const theory = theoreticalDeviation(pair)
    const cosines = mismatches.get(shapeOf(pair))!
    const factor = isNarrow(pair) ? spread.narrow : spread.wide
    if (cosines.length < MIN_MISMATCHES) return { mean: 0, deviation: theory * factor }
    const mean = cosines.reduce((sum, c) => sum + c, 0) / cosines.length
    const variance = cosines.reduce((sum, c) => sum + (c - mean) ** 2, 0) / (cosines.length - 1)
    return { mean, deviation: Math.max(theory, Math.sqrt(variance)) }
  }
}

/**
 * The deviation of the cosine between independent matrices whose rows and columns are as large as theirs: of Σ xy the variance is
 * Σ E x² E y², and E x² is taken to be the product of the row's and the column's share. 1/√freedom where all are equally large; more
 * where both models have their large rows in the same places (frequent words, channels that count).
 */
function theoreticalDeviation({ a, b, transposed }: Pair): number {
  const [x, y] = [a.energies!, b.energies!]
  const rows = overlap(x.rows, transposed ? y.columns : y.rows)
  const columns = overlap(x.columns, transposed ? y.rows : y.columns)
  return Math.sqrt(Math.max(rows * columns, 1 / freedom(a)))
}

/** Dimensions left to a sketch without its means. */
function freedom({ height, width }: Weight): number {
  return Math.max(1, (height - 1) * (width - 1))
}

function overlap(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}

function mismatchedCosines(group: Pair[], most: number): number[] {
  const total = group.length * (group.length - 1)
  const step = Math.max(1, Math.floor(total / most))
  const cosines: number[] = []
  for (let k = 0; k < total; k += step) {
    const i = Math.floor(k / (group.length - 1))
    const other = k % (group.length - 1)
    const j = other >= i ? other + 1 : other
    const a = group[i]!.a
    const b = group[j]!.b
    const [transposed] = orientations(a, b)
    if (transposed !== undefined) cosines.push(cosineOf(a, b, transposed))
  }
  return cosines
}

/** How much wider than the theory's the mismatched cosines of all these shapes together are; at least 1. */
function overdispersion(pairs: Pair[], mismatches: Map<string, number[]>): number {
  let squares = 0
  let count = 0
  for (const [shape, group] of groupBy(pairs, shapeOf)) {
    const cells = freedom(group[0]!.a)
    for (const cosine of mismatches.get(shape)!) {
      squares += cosine * cosine * cells
      count++
    }
  }
  return count < MIN_MISMATCHES ? 1 : Math.max(1, Math.sqrt(squares / count))
}

function isNarrow({ a }: Pair): boolean {
  return Math.min(a.height, a.width) < NARROW
}

function shapeOf({ a }: Pair): string {
  return `${a.print.rows}x${a.print.columns}`
}
