/** P(Z > z) of the standard normal. 0 below 1e-308, where `logNormalTail` still tells values apart. */
export function normalTail(z: number): number {
  return Math.exp(logNormalTail(z))
}

/**
 * ln P(Z > z), to 12 digits for any z. Abramowitz and Stegun, Handbook of Mathematical Functions: series 26.2.11 near 0,
 * continued fraction 26.2.14 beyond.
 */
export function logNormalTail(z: number): number {
  if (z < 0) return Math.log1p(-normalTail(-z))
  return z < CONTINUED_FROM ? Math.log(0.5 - centralArea(z)) : logDensity(z) + Math.log(millsRatio(z))
}

/** Above, the series would lose digits to cancellation; below, the fraction would need more terms. */
const CONTINUED_FROM = 2

function logDensity(z: number): number {
  return -0.5 * z * z - 0.5 * Math.log(2 * Math.PI)
}

/** P(0 < Z < z) = φ(z) · Σ z^(2k+1) / (1·3·5 ⋯ (2k+1)). */
function centralArea(z: number): number {
  let term = z
  let sum = z
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return Math.exp(logDensity(z)) * sum
}

/** P(Z > z) / φ(z) = 1/(z + 1/(z + 2/(z + 3/(z + …)))), from the innermost of 200 levels out: 13 digits from z = 2 on. */
function millsRatio(z: number): number {
  let tail = z
  for (let level = 200; level > 0; level--) tail = z + level / tail
  return 1 / tail
}

/** ln P(X ≥ k) of a binomial X with n trials of probability p: the terms summed, each by log-gamma. */
export function logBinomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 0
  if (k > n || p <= 0) return Number.NEGATIVE_INFINITY
  if (p >= 1) return 0
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const peak = Math.max(k, mode)
  const odds = p / (1 - p)
  let sum = 1
  for (let j = peak, term = 1; j < n && term > 1e-18; j++) {
    term *= ((n - j) / (j + 1)) * odds
    sum += term
  }
  for (let j = peak, term = 1; j > k && term > 1e-18; j--) {
    term *= j / (n - j + 1) / odds
    sum += term
  }
  return Math.min(0, logChoose(n, peak) + peak * Math.log(p) + (n - peak) * Math.log1p(-p) + Math.log(sum))
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}

/** ln Γ(x) for x > 0: Stirling's series (Abramowitz and Stegun 6.1.41), shifted up to where five terms give 15 digits. */
export function logGamma(x: number): number {
  let shift = 0
  let at = x
  for (; at < 15; at++) shift += Math.log(at)
  const inverse = 1 / (at * at)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / at
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift
}

/**
 * `count` ≥ 2 evenly spaced quantiles, least first: linear interpolation between order statistics (type 7 of Hyndman and Fan
 * 1996, the default of R and NumPy). All 0 when there are no values.
 */
export function quantiles(values: ArrayLike<number>, count: number): Float64Array {
  // the constructor copies ten times as fast as `from`, which iterates
  const sorted = new Float64Array(values).sort()
  const result = new Float64Array(count)
  if (sorted.length === 0) return result
  for (let k = 0; k < count; k++) {
    const position = (k * (sorted.length - 1)) / (count - 1)
    const below = Math.floor(position)
    const above = Math.min(below + 1, sorted.length - 1)
    result[k] = sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!)
  }
  return result
}
