import { logBinomial, logHypergeometric } from './binomial.ts'

/** Probabilities within this of the observed one count as equal: R's fisher.test has the same. */
const TIE = 1e-7

/** Terms below this share of the sum no longer change it. */
const NEGLIGIBLE = 1e-18

/**
 * Fisher's exact test of a 2 × 2 table, two-sided as R does it: the sum of the probabilities of all tables with these margins that
 * are no likelier than the one seen.
 *
 * @param selected of `size` in the group, `othersSelected` of `othersSize` outside it
 */
export function fisherExact(selected: number, size: number, othersSelected: number, othersSize: number): number {
  const total = size + othersSize
  const chosen = selected + othersSelected
  const logP = (x: number) => logHypergeometric(x, size, chosen, total)
  const ratio = (x: number) => ((size - x) * (chosen - x)) / ((x + 1) * (total - size - chosen + x + 1))
  return bothTails(selected, Math.max(0, chosen - othersSize), Math.min(size, chosen), logP, ratio)
}

/** The exact binomial test of p = ½, two-sided: McNemar's test on the pairs that differ. */
export function signTest(first: number, second: number): number {
  const n = first + second
  if (n === 0) return 1
  return bothTails(
    first,
    0,
    n,
    (x) => logBinomial(x, n, 0.5),
    (x) => (n - x) / (x + 1),
  )
}

/** The sum over a unimodal distribution on lo … hi of what is no likelier than `seen`. `ratio(x)`: P(x + 1) ÷ P(x). */
function bothTails(
  seen: number,
  lo: number,
  hi: number,
  logP: (x: number) => number,
  ratio: (x: number) => number,
): number {
  const limit = logP(seen) + Math.log1p(TIE)
  const mode = firstWhere(lo, hi, (x) => x === hi || ratio(x) < 1)
  if (logP(mode) <= limit) return 1
  // on each side of the mode: the outermost stretch that is no likelier
  const below = firstWhere(lo, mode, (x) => logP(x) > limit) - 1
  const above = firstWhere(mode, hi + 1, (x) => x > hi || logP(x) <= limit)
  let sum = 0
  if (below >= lo) sum += tail(Math.exp(logP(below)), below, -1, lo, ratio)
  if (above <= hi) sum += tail(Math.exp(logP(above)), above, 1, hi, ratio)
  return Math.min(1, sum)
}

function tail(first: number, from: number, step: 1 | -1, end: number, ratio: (x: number) => number): number {
  let sum = first
  let term = first
  for (let x = from; x !== end && term > sum * NEGLIGIBLE; x += step) {
    term *= step === 1 ? ratio(x) : 1 / ratio(x - 1)
    sum += term
  }
  return sum
}

/** The least x of lo … hi for which a condition that stays true once true holds; hi if none before. */
function firstWhere(lo: number, hi: number, holds: (x: number) => boolean): number {
  let [from, to] = [lo, hi]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}
