/**
 * Binomial and hypergeometric probabilities by Loader's saddle-point form (C. Loader, Fast and accurate computation of binomial
 * probabilities, 2000), as R has them: 15 digits also where the counts are in the millions and log-gamma would lose eight.
 */

/** ln n! less Stirling's approximation, for whole n ≥ 0. Exact sums up to 15, the series beyond. */
function stirlingError(n: number): number {
  if (n <= 15) return SMALL_ERRORS[n]!
  const square = n * n
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n
}

const SMALL_ERRORS: readonly number[] = smallErrors()

function smallErrors(): number[] {
  const errors = [0]
  let factorial = 1
  for (let n = 1; n <= 15; n++) {
    factorial *= n
    errors.push(Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI))
  }
  return errors
}

/** x ln(x/m) + m − x, without cancellation where x is near m. */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x
  const v = (x - m) / (x + m)
  let sum = (x - m) * v
  let term = 2 * x * v
  for (let odd = 3; ; odd += 2) {
    term *= v * v
    const next = sum + term / odd
    if (next === sum) return sum
    sum = next
  }
}

/** ln P(X = x) of a binomial X with n trials of probability p. */
export function logBinomial(x: number, n: number, p: number): number {
  if (x < 0 || x > n) return Number.NEGATIVE_INFINITY
  if (p <= 0) return x === 0 ? 0 : Number.NEGATIVE_INFINITY
  if (p >= 1) return x === n ? 0 : Number.NEGATIVE_INFINITY
  if (x === 0) return n * Math.log1p(-p)
  if (x === n) return n * Math.log(p)
  const core =
    stirlingError(n) - stirlingError(x) - stirlingError(n - x) - deviance(x, n * p) - deviance(n - x, n * (1 - p))
  return core - 0.5 * Math.log(2 * Math.PI * x * (1 - x / n))
}

/** ln P(X = x): x selected in a group of `size`, when `selected` of `total` are selected in all. */
export function logHypergeometric(x: number, size: number, selected: number, total: number): number {
  if (x < Math.max(0, size + selected - total) || x > Math.min(size, selected)) return Number.NEGATIVE_INFINITY
  if (size === 0 || size === total) return 0
  const p = size / total
  return logBinomial(x, selected, p) + logBinomial(size - x, total - selected, p) - logBinomial(size, total, p)
}
