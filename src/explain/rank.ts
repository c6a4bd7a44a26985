import { fold } from '../kernel/algebra.ts'
import { squaredSingularValues } from '../kernel/eigen.ts'

/** The greatest rank told apart: adapters have 1 to 64, nearly all of them 48 at most, and beyond a change looks dense. */
const MAX_RANK = 48

/** A linear sketch of a change: rows and columns summed modulo its sides with signs; up to these sides the change itself. */
export interface DeltaSketch {
  height: number
  width: number
  values: Float64Array
}

/** So many rows and columns decide most ranks at once; the whole sketch is asked where they do not. */
const QUICK_SIDE = 128

/** A signal must stand this far above the noise's edge for the quick look to be believed. */
const QUICK_MARGIN = 1.6

/**
 * The rank of a change Δ, null when it is dense or the rounding hides it. `noise`: the expected squared norm of the rounding in Δ.
 *
 * What is left over after a low-rank change is rounding: a matrix of independent errors, whose singular values end at
 * σ(√m + √n) (Marchenko and Pastur 1967; the edge of Yin, Bai and Krishnaiah 1988). So the rank is the number of singular values that stand above
 * the edge which the rest, taken for such noise, would have, cut at the last wide gap; and the rest must be no more than what rounding explains.
 */
export function rankOfChange(sketch: DeltaSketch, noise: number): number | null {
  const quick = fold(sketch.values, sketch.height, sketch.width, QUICK_SIDE)
  const whole = quick.height === sketch.height && quick.width === sketch.width
  const look = rankIn(quick, noise)
  if (whole || look.kind === 'dense') return look.rank
  if (look.rank !== null && look.margin >= QUICK_MARGIN) return look.rank
  return rankIn(sketch, noise).rank
}

interface Look {
  kind: 'dense' | 'low' | 'open'
  rank: number | null
  /** The least signal ÷ the edge. */
  margin: number
}

/** The rest may be so much more than the rounding of the stored type: adapters are often merged in half precision. */
const MAX_NOISE_FACTOR = 3
const ARITHMETIC_SHARE = 1e-3

/** Below this share of the greatest, squares are the eigenvalue routine's own error. */
const NUMERIC_FLOOR = 1e-14

function rankIn(
  { height, width, values }: { height: number; width: number; values: Float64Array },
  noise: number,
): Look {
  const squares = squaredSingularValues(values, height, width)
  const total = squares.reduce((sum, value) => sum + value, 0)
  const allowed = MAX_NOISE_FACTOR * noise + ARITHMETIC_SHARE * total
  const beyond = squares.subarray(MAX_RANK).reduce((sum, value) => sum + value, 0)
  const floor = NUMERIC_FLOOR * squares[0]!
  if (beyond > allowed || total === 0) return { kind: 'dense', rank: null, margin: 0 }
  const rest = tailSums(squares)
  const rank = lastWideGap(squares, rest, (k) => edgeOf(rest[k]!, height - k, width - k) + floor, allowed)
  if (rank === null) return { kind: 'open', rank: null, margin: 0 }
  const edge = edgeOf(rest[rank]!, height - rank, width - rank)
  return { kind: 'low', rank, margin: edge > 0 ? Math.sqrt(squares[rank - 1]! / edge) : Number.POSITIVE_INFINITY }
}

/** Sums of all from k on; summed from the small end, where they matter. */
function tailSums(squares: Float64Array): Float64Array {
  const sums = new Float64Array(squares.length + 1)
  for (let k = squares.length - 1; k >= 0; k--) sums[k] = sums[k + 1]! + squares[k]!
  return sums
}

/**
 * Where the signals end: rounding to a grid on which the parent lies already bends a change (what is less than half a step vanishes), which
 * adds small directions of its own above the noise. The gap below the true ones is far wider than any after those.
 */
function lastWideGap(
  squares: Float64Array,
  rest: Float64Array,
  edge: (rank: number) => number,
  allowed: number,
): number | null {
  const gaps: { rank: number; ratio: number }[] = []
  for (let rank = 1; rank <= Math.min(MAX_RANK, MAX_FILL * squares.length); rank++) {
    const [least, next] = [squares[rank - 1]!, Math.max(squares[rank]!, edge(rank))]
    if (rest[rank]! <= allowed && least > edge(rank)) gaps.push({ rank, ratio: Math.sqrt(least / next) })
  }
  const widest = Math.max(...gaps.map(({ ratio }) => ratio))
  return gaps.findLast(({ ratio }) => ratio >= widest / 2)?.rank ?? null
}

/** A change that fills more of a matrix's dimensions than this is not told from a dense one. */
const MAX_FILL = 0.8

/** The square of the largest singular value that height × width independent errors of this squared norm have, with slack for few. */
function edgeOf(squared: number, height: number, width: number): number {
  const least = Math.min(height, width)
  if (least <= 0) return Number.POSITIVE_INFINITY
  const slack = 1.1 + 1.5 * least ** (-2 / 3)
  return (squared * ((Math.sqrt(height) + Math.sqrt(width)) * slack) ** 2) / (height * width)
}
