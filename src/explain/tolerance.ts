import type { Values } from './weights.ts'

/** How far a quantised tensor lies from its parent, in units of what rounding to its grid leaves. */
export interface GridResidual {
  /** ‖child − parent‖ ÷ (√count · step/√12). */
  plain: number
  /** The same after the parent's columns were each given the factor that fits best: AWQ moves scales into the layer before. */
  fitted: number
}

/** Goes once over both; `step` is the root mean square of the grid's steps. */
export function gridResidual(
  parent: Values,
  child: Values,
  { rows, columns }: { rows: number; columns: number },
  step: number,
): GridResidual {
  const sums = { aa: new Float64Array(columns), ab: new Float64Array(columns), bb: new Float64Array(columns) }
  let squares = 0
  let [a, b] = [parent(), child()]
  let [i, j, column] = [0, 0, 0]
  for (let at = 0; at < rows * columns; at++) {
    while (a !== null && i === a.length) [a, i] = [parent(), 0]
    while (b !== null && j === b.length) [b, j] = [child(), 0]
    if (a === null || b === null) throw new RangeError(`${at} values of ${rows * columns}`)
    const [x, y] = [a[i++]!, b[j++]!]
    squares += (y - x) * (y - x)
    sums.aa[column]! += x * x
    sums.ab[column]! += x * y
    sums.bb[column]! += y * y
    if (++column === columns) column = 0
  }
  const left = sums.bb.reduce((sum, bb, k) => sum + bb - (sums.aa[k]! === 0 ? 0 : sums.ab[k]! ** 2 / sums.aa[k]!), 0)
  const unit = Math.sqrt(rows * columns) * (step / Math.sqrt(12))
  return { plain: Math.sqrt(squares) / unit, fitted: Math.sqrt(Math.max(0, left)) / unit }
}

/** The range in which true copies lie, and what was seen of it. */
export interface Tolerance {
  least: number
  most: number
  /** Which of the residuals is judged. */
  by: keyof GridResidual
  /** True copies outside of the range, of those that were not used to set it. */
  missed: { count: number; of: number }
}

/**
 * ggml's own quantiser over weights of seven distributions set the ranges, with a margin; five others, with and without an importance
 * matrix, tried them (docs/diff.md, "Calibrated tolerances").
 */
const HELD_OUT = { count: 0, of: 45 }

/** The copies that set the range lie within it; no others have tried it, so its error rate is not known. */
const UNTRIED = { count: 0, of: 0 }

/** GPTQ pushes the error of each column into the next; how far depends on how its inputs depend on one another: 1 to 2.1 seen. */
const TOLERANCES: readonly [RegExp, Tolerance][] = [
  [/^Q2_K$/, { least: 0.78, most: 1.1, by: 'plain', missed: HELD_OUT }],
  [/^Q3_K$/, { least: 0.8, most: 1.15, by: 'plain', missed: HELD_OUT }],
  [/^Q4_K$/, { least: 0.8, most: 1.1, by: 'plain', missed: HELD_OUT }],
  [/^Q5_K$/, { least: 0.85, most: 1.1, by: 'plain', missed: HELD_OUT }],
  [/^Q6_K$/, { least: 0.83, most: 1.25, by: 'plain', missed: HELD_OUT }],
  [/^IQ4_(NL|XS)$/, { least: 0.65, most: 1.1, by: 'plain', missed: HELD_OUT }],
  [/^gptq-/, { least: 0.8, most: 2.3, by: 'plain', missed: UNTRIED }],
  [/^awq-/, { least: 0.8, most: 1.1, by: 'fitted', missed: UNTRIED }],
]

/** Null for a scheme that nothing is known of. */
export function toleranceOf(scheme: string): Tolerance | null {
  return TOLERANCES.find(([pattern]) => pattern.test(scheme))?.[1] ?? null
}

/**
 * The largest relative change of the parent that could have come before quantising and still pass: squares of independent errors add
 * up. `grid`: what rounding leaves, relative to the tensor.
 */
export function couldHide(residual: number, { most }: Tolerance, grid: number): number {
  return grid * Math.sqrt(Math.max(0, most ** 2 - residual ** 2))
}
