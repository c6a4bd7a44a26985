import { distanceWithin } from './likeness.ts'
import type { Pair } from './pair.ts'
import { gridError } from './rounding.ts'
import type { Weight } from './subject.ts'

/** The zeros that one end of a pair has more of. */
export interface Zeros {
  /** The end without them. */
  from: 'a' | 'b'
  /** Share of the weights that became zero. */
  share: number
  /** Nothing but this happened: the greatest and least values are those that were there, and the change is what the zeros took. */
  only: boolean
}

/** Fewer new zeros are none: flushed subnormals, a row of padding. */
const MIN_SHARE = 0.02

/** Density of a trained matrix's values at zero, in deviations: a normal's is .40, heavier tails have more. */
const DENSITY_AT_ZERO = 0.5
const MANY = 2

/**
 * The smallest share s of normal values holds π/6 · s³ of the squares, of uniform ones s³; a tenth of that says that the
 * zeros were there first, and were moved a little by training.
 */
const LEAST_LOST = 0.1 * (Math.PI / 6)

/** Deviations of the sketch's estimate of a squared distance, 2 ÷ cells, that may lie between it and what the zeros took. */
const MAX_DEVIATIONS = 4

/** Null where neither end has notably more zeros (`leastShare`), or those that it has were there first. */
export function newZeros(pair: Pair, leastShare = MIN_SHARE): Zeros | null {
  const [inA, inB] = [zeroShare(pair.a), zeroShare(pair.b)]
  const from = inA < inB ? 'a' : 'b'
  const share = (Math.max(inA, inB) - Math.min(inA, inB)) / (1 - Math.min(inA, inB))
  if (share === 0 || share < leastShare || pair.a.print.rows === 1 || !pair.a.sketch || !pair.b.sketch) return null
  const [parent, child] = from === 'a' ? [pair.a, pair.b] : [pair.b, pair.a]
  if (!pair.transposed && isKeptOrZero(parent, child)) return { from, share, only: true }
  const squares = parent.print.invariants.sumSquares
  const moved = distanceWithin(pair)
  if (moved < LEAST_LOST * share ** 3 * squares) return null
  const lost = squares - child.print.invariants.sumSquares
  const rounded = (gridError(child) * child.norm) ** 2
  const noise = MAX_DEVIATIONS * Math.sqrt(2 / (parent.height * parent.width)) * moved + 2 * rounded
  return { from, share, only: Math.abs(moved - lost) <= noise && haveEqualExtremes(parent, child) }
}

/** What a sketch shows of a matrix cut row by row: each cell is as it was, or nothing is left of it. */
function isKeptOrZero({ sketch: before }: Weight, { sketch: after }: Weight): boolean {
  return before!.every((value, at) => after![at] === 0 || after![at] === value)
}

/** None where a grid makes as many of what lies nearer to zero than half a step. */
function zeroShare({ print }: Weight): number {
  const { zeros, count, sumSquares } = print.invariants
  const size = Math.sqrt(sumSquares / count)
  const ofGrid = print.encoding && size > 0 ? (DENSITY_AT_ZERO * print.encoding.step) / size : 0
  const expected = ofGrid * count
  return zeros <= MANY * expected + 4 * Math.sqrt(expected) ? 0 : zeros / count
}

/** Rounding to half precision moves them by 2⁻⁸ at most, a grid by one of its steps, which where there are many is the largest value's. */
function haveEqualExtremes({ print: a }: Weight, { print: b }: Weight): boolean {
  const isHalf = b.exact === 'bf16' || b.exact === 'f16'
  const slack = b.encoding ? 2 ** (1 - b.encoding.bits) : isHalf ? 2 ** -8 : 0
  const near = (x: number, y: number) => Math.abs(x - y) <= Math.max(slack * Math.abs(x), b.encoding?.step ?? 0)
  return near(a.invariants.min, b.invariants.min) && near(a.invariants.max, b.invariants.max)
}
