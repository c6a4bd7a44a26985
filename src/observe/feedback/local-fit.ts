import { dot, inverse } from '../statistics/linear.ts'

/** Rows whose running variable (less the threshold) is nearly one value; sums of its powers keep what binning would lose. */
export interface Bin {
  n: number
  /** Σ xᵏ for k = 0 … 4. */
  powers: readonly number[]
  /** Σ xᵏ y for k = 0 … 2. */
  crosses: readonly number[]
  /** Σ y². */
  squares: number
}

export interface LocalFit {
  /** Coefficients of 1, x, x² …. */
  coefficients: number[]
  /** Of the value at 0, robust to unequal variances. */
  variance: number
  n: number
}

export function meanOf({ n, powers }: Bin): number {
  return powers[1]! / n
}

/**
 * A weighted polynomial through bins on one side of the threshold. `degree` at most 2.
 *
 * @param weight of a bin by its distance from the threshold
 */
export function localFit(bins: readonly Bin[], degree: number, weight: (x: number) => number): LocalFit | null {
  const used = bins.map((bin) => ({ bin, w: weight(meanOf(bin)) })).filter(({ w }) => w > 0)
  const size = degree + 1
  const gram = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => used.reduce((sum, { bin, w }) => sum + w * bin.powers[i + j]!, 0)),
  )
  const sums = Array.from({ length: size }, (_, i) => used.reduce((sum, { bin, w }) => sum + w * bin.crosses[i]!, 0))
  const bread = inverse(gram)
  if (!bread) return null
  const coefficients = bread.map((row) => dot(row, sums))
  const n = used.reduce((sum, { bin }) => sum + bin.n, 0)
  if (n <= size) return null
  let variance = 0
  for (const { bin, w } of used) {
    const x = meanOf(bin)
    const regressors = Array.from({ length: size }, (_, k) => x ** k)
    const fitted = dot(coefficients, regressors)
    const residuals = Math.max(0, bin.squares - 2 * fitted * bin.crosses[0]! + bin.n * fitted * fitted)
    // HC2: the leverage of one row of this bin
    const leverage = Math.min(
      0.9,
      w *
        dot(
          regressors,
          bread.map((row) => dot(row, regressors)),
        ),
    )
    variance += ((w * dot(bread[0]!, regressors)) ** 2 * residuals) / (1 - leverage)
  }
  return { coefficients, variance, n }
}

export function triangular(bandwidth: number): (x: number) => number {
  return (x) => Math.max(0, 1 - Math.abs(x) / bandwidth)
}
