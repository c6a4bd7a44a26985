import { logGamma, normalTail } from '../../kernel/statistics.ts'

/** The two-sided 95 % point of the standard normal; every interval here is a 95 % one. */
export const Z95 = 1.959963984540054

/** P(|Z| > |z|). */
export function twoSided(z: number): number {
  return Math.min(1, 2 * normalTail(Math.abs(z)))
}

/** z with P(Z < z) = p, 0 < p < 1: bisected on the tail, 15 digits. */
export function normalQuantile(p: number): number {
  if (p < 0.5) return -normalQuantile(1 - p)
  return upperQuantile(1 - p)
}

/** z with P(Z > z) = tail, for tails however small. */
export function upperQuantile(tail: number): number {
  if (tail > 0.5) return -upperQuantile(1 - tail)
  return bisect(0, 40, (z) => normalTail(z) < tail)
}

/** P(X > x) of a χ² with `degrees` degrees of freedom: the regularised gamma function (Abramowitz and Stegun 6.5). */
export function chiSquaredTail(x: number, degrees: number): number {
  if (x <= 0) return 1
  if (degrees === 1) return twoSided(Math.sqrt(x))
  return gammaTail(degrees / 2, x / 2)
}

function gammaTail(a: number, x: number): number {
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= x / (a + n)
      sum += term
    }
    return Math.max(0, 1 - front * sum)
  }
  // Lentz's continued fraction
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let value = d
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    const step = c * d
    value *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return front * value
}

/** t with P(T < t) = p of Student's t, p > ½. */
export function studentQuantile(p: number, degrees: number): number {
  return bisect(0, 1e4, (t) => studentTail(t, degrees) < 1 - p)
}

/** P(T > t) of Student's t for t ≥ 0: half the regularised beta function (Abramowitz and Stegun 26.7). */
function studentTail(t: number, degrees: number): number {
  return 0.5 * regularisedBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return front * value
}

/** Where a condition that stays true once true begins, between two ends. */
export function bisect(lo: number, hi: number, holds: (x: number) => boolean): number {
  let [from, to] = [lo, hi]
  for (let i = 0; i < 200 && to - from > Number.EPSILON * Math.abs(from + to); i++) {
    const middle = (from + to) / 2
    if (holds(middle)) to = middle
    else from = middle
  }
  return (from + to) / 2
}
