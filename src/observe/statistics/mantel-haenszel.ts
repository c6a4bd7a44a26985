import { twoSided, Z95 } from './distributions.ts'
import type { Share } from './intervals.ts'

/** A category and the reference within one stratum. */
export interface Stratum {
  category: Share
  reference: Share
}

export interface MantelHaenszel {
  /** Odds of the category ÷ odds of the reference; null when no stratum tells. */
  oddsRatio: number | null
  interval: [number, number] | null
  riskRatio: number | null
  chiSquared: number | null
  chiSquaredCorrected: number | null
  /** Of the corrected χ², as R's mantelhaen.test. */
  p: number | null
}

/**
 * Common ratios over strata (Mantel and Haenszel, JNCI 22, 1959), the interval by Robins, Breslow and Greenland (Biometrics 42,
 * 1986), χ² with and without the continuity correction, as R's mantelhaen.test.
 */
export function mantelHaenszel(strata: readonly Stratum[]): MantelHaenszel {
  let [r, s, pr, cross, qs, riskTop, riskBottom, gap, variance] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
  for (const { category, reference } of strata) {
    const [a, c] = [category.selected, reference.selected]
    const [b, d] = [category.n - a, reference.n - c]
    const n = category.n + reference.n
    if (category.n === 0 || reference.n === 0) continue
    const [ri, si, p] = [(a * d) / n, (b * c) / n, (a + d) / n]
    r += ri
    s += si
    pr += p * ri
    cross += p * si + (1 - p) * ri
    qs += (1 - p) * si
    riskTop += (a * reference.n) / n
    riskBottom += (c * category.n) / n
    gap += a - (category.n * (a + c)) / n
    if (n > 1) variance += (category.n * reference.n * (a + c) * (b + d)) / (n * n * (n - 1))
  }
  const oddsRatio = s > 0 ? r / s : null
  const error = Math.sqrt(pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s))
  const known = oddsRatio !== null && oddsRatio > 0 && Number.isFinite(error)
  // R subtracts no more than the gap itself
  const corrected = Math.abs(gap) - Math.min(0.5, Math.abs(gap))
  const chiSquaredCorrected = variance > 0 ? (corrected * corrected) / variance : null
  return {
    oddsRatio,
    interval: known ? [oddsRatio * Math.exp(-Z95 * error), oddsRatio * Math.exp(Z95 * error)] : null,
    riskRatio: riskBottom > 0 ? riskTop / riskBottom : null,
    chiSquared: variance > 0 ? (gap * gap) / variance : null,
    chiSquaredCorrected,
    p: chiSquaredCorrected === null ? null : twoSided(Math.sqrt(chiSquaredCorrected)),
  }
}
