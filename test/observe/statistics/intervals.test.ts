import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benjaminiHochberg, holm } from '../../../src/observe/statistics/adjust.ts'
import { ratioInterval, wilson } from '../../../src/observe/statistics/intervals.ts'

describe('the interval of a ratio', () => {
  // statsmodels 0.14: confint_proportions_2indep(…, compare='ratio', method='score', correction=False)
  it.each([
    { group: [1, 40], reference: [4, 30], ends: [0.028935879280493695, 1.1791685166813375] },
    { group: [0, 10], reference: [4, 30], ends: [0, 2.395002796719664] },
  ])('of $group to $reference is Koopman’s where a cell is below five', ({ group, reference, ends }) => {
    const share = ([selected, n]: number[]) => ({ selected: selected!, n: n! })
    const found = ratioInterval(share(group), share(reference))!
    expect(found[0]).toBeCloseTo(ends[0]!, 10)
    expect(found[1]).toBeCloseTo(ends[1]!, 10)
  })

  it('has no upper end over a reference that was never selected', () => {
    expect(ratioInterval({ n: 10, selected: 4 }, { n: 30, selected: 0 })![1]).toBeNull()
  })

  it('is none when nobody was selected', () => {
    expect(ratioInterval({ n: 10, selected: 0 }, { n: 30, selected: 0 })).toBeNull()
  })

  const share = fc
    .integer({ min: 1, max: 60 })
    .chain((n) => fc.record({ n: fc.constant(n), selected: fc.integer({ min: 0, max: n }) }))
  it('holds the ratio', () => {
    fc.assert(
      fc.property(share, share, (group, reference) => {
        const ends = ratioInterval(group, reference)
        fc.pre(ends !== null && reference.selected > 0)
        const ratio = group.selected / group.n / (reference.selected / reference.n)
        expect(ends[0]).toBeLessThanOrEqual(ratio + 1e-9)
        expect(ends[1] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(ratio - 1e-9)
      }),
    )
  })
})

// Newcombe, Statistics in Medicine 17, 1998, table I, method 3
it.each([
  { selected: 81, n: 263, ends: [0.2553, 0.3662] },
  { selected: 15, n: 148, ends: [0.0624, 0.1605] },
  { selected: 0, n: 20, ends: [0, 0.1611] },
  { selected: 1, n: 29, ends: [0.0061, 0.1718] },
])('Wilson’s interval of $selected in $n is Newcombe’s', ({ selected, n, ends }) => {
  expect(wilson({ selected, n }).map((end) => Number(end.toFixed(4)))).toEqual(ends)
})

// R: p.adjust(c(.01, .02, .03, .04), 'holm') and 'BH'
it('p-values are adjusted as by R’s p.adjust', () => {
  expect(holm([0.01, 0.02, 0.03, 0.04])).toEqual([0.04, 0.06, 0.06, 0.06])
  expect(benjaminiHochberg([0.01, 0.02, 0.03, 0.04]).map((p) => Number(p.toFixed(12)))).toEqual([
    0.04, 0.04, 0.04, 0.04,
  ])
})
