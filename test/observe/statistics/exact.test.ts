import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logBinomial, logHypergeometric } from '../../../src/observe/statistics/binomial.ts'
import { chiSquaredTail, normalQuantile, studentQuantile } from '../../../src/observe/statistics/distributions.ts'
import { fisherExact, signTest } from '../../../src/observe/statistics/fisher.ts'

describe('Fisher’s exact test', () => {
  // R 4.4: fisher.test(matrix(c(a, n1 - a, b, n2 - b), 2))$p.value, confirmed by SciPy 1.16
  it.each([
    { table: [243, 339, 1852, 2041], p: 2.30289640964461e-19 },
    { table: [157, 2435, 235, 2435], p: 4.758747107909523e-5 },
    { table: [3, 4, 1, 4], p: 0.4857142857142857 },
  ])('of $table is R’s', ({ table: [a, b, c, d], p }) => {
    expect(fisherExact(a!, b!, c!, d!) / p).toBeCloseTo(1, 10)
  })

  const small = fc.integer({ min: 0, max: 40 })
  it('is the sum of all tables no likelier than the one seen', () => {
    fc.assert(
      fc.property(small, small, small, small, (a, b, c, d) => {
        fc.pre(a + b > 0 && c + d > 0)
        const [size, others, chosen] = [a + b, c + d, a + c]
        const p = (x: number) => Math.exp(logHypergeometric(x, size, chosen, size + others))
        let sum = 0
        for (let x = Math.max(0, chosen - others); x <= Math.min(size, chosen); x++)
          if (p(x) <= p(a) * (1 + 1e-7)) sum += p(x)
        expect(fisherExact(a, size, c, others)).toBeCloseTo(Math.min(1, sum), 11)
      }),
    )
  })

  it('is the same for the groups exchanged', () => {
    fc.assert(
      fc.property(small, small, small, small, (a, b, c, d) => {
        fc.pre(a + b > 0 && c + d > 0)
        expect(fisherExact(a, a + b, c, c + d)).toBeCloseTo(fisherExact(c, c + d, a, a + b), 11)
      }),
    )
  })

  it('keeps its digits at fifty million decisions', () => {
    // SciPy 1.16: hypergeom.logpmf loses digits here; the reference is the normal tail, good to a thousandth at this size
    expect(fisherExact(12_502_000, 25_000_000, 12_498_000, 25_000_000)).toBeCloseTo(0.2577, 3)
  })
})

it('the exact sign test of 163 against 170 is 0.742', () => {
  expect(signTest(163, 170)).toBeCloseTo(0.7424, 4)
})

it('binomial probabilities sum to 1', () => {
  const all = Array.from({ length: 101 }, (_, x) => Math.exp(logBinomial(x, 100, 0.37)))
  expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 13)
})

// R 4.4 and SciPy 1.16
it('the tails and quantiles are those of R', () => {
  expect(chiSquaredTail(7.81, 3)).toBeCloseTo(0.05010606, 8)
  expect(chiSquaredTail(300, 200) / 5.924540335483916e-6).toBeCloseTo(1, 9)
  expect(studentQuantile(0.975, 3)).toBeCloseTo(3.18244630528371, 10)
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
})
