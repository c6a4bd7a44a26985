import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logBinomialTail, logGamma, logNormalTail, normalTail, quantiles } from '../../src/kernel/statistics.ts'

/** Equal to 12 significant digits. */
function expectClose(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected))
}

describe('the normal tail', () => {
  // Computed with mpmath 1.4, 40 digits: log(erfc(z/√2)/2); scipy 1.17 norm.logsf agrees to 13 digits.
  test.each([
    [-9, -1.1285884059538405e-19],
    [-3, -0.0013508099647481938],
    [0, -Math.LN2],
    [0.7, -1.4189677615315317],
    [1.999, -3.780811560999765],
    [2.001, -3.785557992085195],
    [3, -6.607726221510349],
    [10, -53.23128515051247],
    [37, -689.0305855768906],
    [1000, -500007.82669481216],
  ])('at %d is known', (z, expected) => expectClose(logNormalTail(z), expected))

  test('at 3 is 0.00135', () => expectClose(normalTail(3), 0.0013498980316300946))

  test('and its mirror image make one', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (z) => {
        expect(normalTail(z) + normalTail(-z)).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('the binomial tail', () => {
  // Computed with mpmath 1.4, 40 digits, term by term; scipy 1.17 binom.logsf(k − 1, n, p) agrees to 13 digits.
  test.each([
    [1, 10, 0.00135, -4.311137169894498],
    [8, 14, 0.00135, -44.86104247701204],
    [3, 10, 0.5, -0.05623971832287608],
    [10, 10, 0.5, -6.931471805599453],
    [9, 10, 0.9, -0.30639075474804184],
    [41, 41, 0.00134989803163, -270.9167750819272],
  ])('of %d in %d at %d is known', (k, n, p, expected) => expectClose(logBinomialTail(k, n, p), expected))

  test.each([
    [500, 92_000, 0.00135, -325.0674375273725],
    [120, 92_000, 0.00135, -0.4170611442244033],
  ])('of %d in %d at %d keeps nine digits', (k, n, p, expected) => {
    expect(logBinomialTail(k, n, p) / expected).toBeCloseTo(1, 9)
  })

  test('of none or more is certain', () => expect(logBinomialTail(0, 5, 0.1)).toBe(0))

  test('of more than all is impossible', () => expect(logBinomialTail(6, 5, 0.1)).toBe(Number.NEGATIVE_INFINITY))

  test('is that of the losses seen from the other side', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.nat(),
        (n, p, at) => {
          const k = 1 + (at % n)
          expect(Math.exp(logBinomialTail(k, n, p)) + Math.exp(logBinomialTail(n - k + 1, n, 1 - p))).toBeCloseTo(1, 9)
        },
      ),
    )
  })
})

test('log-gamma of a whole number is the log of a factorial', () => {
  expectClose(logGamma(21), Math.log(2_432_902_008_176_640_000))
})

test('log-gamma of a half is the log of √π', () => expectClose(logGamma(0.5), Math.log(Math.sqrt(Math.PI))))

describe('quantiles', () => {
  test('are those of NumPy', () => {
    expect([...quantiles([3, 1, 4, 1, 5, 9, 2, 6], 5)]).toEqual([1, 1.75, 3.5, 5.25, 9])
  })

  test('of one value are that value', () => expect([...quantiles([7], 3)]).toEqual([7, 7, 7]))

  test('of nothing are 0', () => expect([...quantiles([], 2)]).toEqual([0, 0]))

  test('leave the values in their order', () => {
    const values = Float64Array.of(3, 1, 2)
    quantiles(values, 33)
    expect([...values]).toEqual([3, 1, 2])
  })
})
