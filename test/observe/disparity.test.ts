import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjustFamily, disparity } from '../../src/observe/disparity.ts'
import { fisherExact } from '../../src/observe/statistics/fisher.ts'
import { emptyTally, type GroupTally } from '../../src/observe/tally.ts'

/** Counts by category: [selected, of]. */
function groups(counts: Record<string, [number, number]>, unknown: [number, number] = [0, 0]): GroupTally {
  const tally = ([selected, n]: [number, number]) => ({ ...emptyTally(), selected, n })
  return {
    categories: Object.entries(counts).map(([name, share]) => ({ parts: [name], tally: tally(share) })),
    unknown: tally(unknown),
    unknownValues: [],
  }
}

const PLAIN = { reference: null, minimumShare: 0 }

function judged(
  counts: Record<string, [number, number]>,
  options: Partial<typeof PLAIN> = {},
  unknown?: [number, number],
) {
  const result = disparity(groups(counts, unknown), { ...PLAIN, ...options })
  adjustFamily(result.categories)
  const of = (name: string) => result.categories.find(({ parts }) => parts[0] === name)!.figures
  return { reference: result.reference?.parts[0] ?? null, of }
}

describe('the reference', () => {
  it('has the highest rate', () => {
    expect(judged({ a: [10, 40], b: [30, 40] }).reference).toBe('b')
  })

  it('is the larger of two with equal rates', () => {
    expect(judged({ a: [1, 2], b: [50, 100], c: [1, 10] }).reference).toBe('b')
  })

  it('is the first by code point of two with equal rates and sizes', () => {
    expect(judged({ a: [5, 10], b: [5, 10] }).reference).toBe('a')
  })

  it('is none when nobody is known', () => {
    expect(judged({}).reference).toBeNull()
  })
})

describe('a category', () => {
  it('that nobody of was selected has ratio 0 and an upper end', () => {
    const { impactRatio, impactRatioInterval, rate } = judged({ a: [0, 10], b: [12, 30] }).of('a')
    expect([impactRatio, rate, impactRatioInterval![0]]).toEqual([0, 0, 0])
    expect(impactRatioInterval![1]).toBeGreaterThan(0)
  })

  it('has no ratio when nobody was selected anywhere', () => {
    const { impactRatio, impactRatioInterval } = judged({ a: [0, 10], b: [0, 30] }).of('a')
    expect([impactRatio, impactRatioInterval]).toEqual([null, null])
  })

  it('alone is compared with nothing', () => {
    const { impactRatio, fisherP, adjustedP, standardDeviations } = judged({ a: [3, 10] }).of('a')
    expect([impactRatio, fisherP, adjustedP, standardDeviations]).toEqual([1, null, null, null])
  })

  it('is tested against all others together, described against the reference', () => {
    const { fisherP, othersP } = judged({ a: [10, 40], b: [20, 50], c: [30, 50] }).of('a')
    expect(fisherP).toBeCloseTo(fisherExact(10, 40, 30, 50), 12)
    expect(othersP).toBeCloseTo(fisherExact(10, 40, 50, 100), 12)
  })

  it('below the least share keeps its rate and loses its ratio', () => {
    const { excluded, rate, impactRatio, othersP } = judged(
      { a: [1, 1], b: [30, 60], c: [20, 60] },
      { minimumShare: 0.02 },
    ).of('a')
    expect([excluded, rate, impactRatio, othersP]).toEqual([true, 1, null, null])
  })

  it('below the least share is no reference', () => {
    expect(judged({ a: [1, 1], b: [30, 60], c: [20, 60] }, { minimumShare: 0.02 }).reference).toBe('b')
  })

  it('has bounds for people of unknown category, which hold the ratio', () => {
    const { impactRatioBounds, impactRatio } = judged({ a: [30, 60], b: [40, 60] }, {}, [5, 20]).of('a')
    // worst: 15 refused join a, 5 selected join b; best: the other way round
    expect(impactRatioBounds![0]).toBeCloseTo(30 / 75 / (45 / 65), 12)
    expect(impactRatioBounds![1]).toBeCloseTo(35 / 65 / (40 / 75), 12)
    expect(impactRatio).toBeCloseTo(0.75, 12)
  })
})

it('the reference is no test of the family: with two categories there is one', () => {
  const { of } = judged({ a: [10, 40], b: [30, 40] })
  expect([of('a').adjustedP, of('b').adjustedP]).toEqual([of('a').othersP, null])
})

it('shortfalls of all categories cancel', () => {
  const count = fc.integer({ min: 1, max: 200 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))
  fc.assert(
    fc.property(fc.array(count, { minLength: 2, maxLength: 40 }), (counts) => {
      const { categories } = disparity(
        groups(Object.fromEntries(counts.map((pair, index) => [`c${index}`, pair]))),
        PLAIN,
      )
      const sum = categories.reduce((total, { figures }) => total + (figures.shortfall ?? 0), 0)
      expect(sum).toBeCloseTo(0, 6)
    }),
  )
})
