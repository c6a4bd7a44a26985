import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Span, thinned } from '../../src/relate/nearest.ts'

const MODELS = 12

/** Every pair once, at distances that do not repeat. */
const spans = fc
  .shuffledSubarray(Array.from({ length: MODELS }, (_, a) => Array.from({ length: a }, (_, b) => ({ a, b }))).flat())
  .map((pairs): Span[] => pairs.map((pair, distance) => ({ ...pair, distance })))

const keys = (list: readonly Span[]) => new Set(list.map(({ a, b }) => `${a} ${b}`))

/** Kruskal's total, by an implementation of its own. */
function forestCost(list: readonly Span[]): number {
  const group = Array.from({ length: MODELS }, (_, model) => model)
  let cost = 0
  for (const { a, b, distance } of [...list].sort((x, y) => x.distance - y.distance)) {
    const [from, to] = [group[a]!, group[b]!]
    if (from === to) continue
    cost += distance
    for (let model = 0; model < MODELS; model++) if (group[model] === from) group[model] = to
  }
  return cost
}

describe('thinned spans', () => {
  it('hold the nearest of every model', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 4 }), (all, most) => {
        const left = keys(thinned(all, MODELS, most))
        for (let model = 0; model < MODELS; model++) {
          const own = all.filter(({ a, b }) => a === model || b === model)
          const nearest = own.sort((x, y) => x.distance - y.distance).slice(0, most)
          for (const key of keys(nearest)) expect(left).toContain(key)
        }
      }),
    )
  })

  it('have the same minimum spanning forest', () => {
    fc.assert(
      fc.property(spans, (all) => {
        expect(forestCost(thinned(all, MODELS, 1))).toBe(forestCost(all))
      }),
    )
  })

  it('are the same when a part was thinned before', () => {
    fc.assert(
      fc.property(spans, fc.nat(60), fc.integer({ min: 1, max: 4 }), (all, at, most) => {
        const parts = [...thinned(all.slice(0, at), MODELS, most), ...all.slice(at)]
        expect(keys(thinned(parts, MODELS, most))).toEqual(keys(thinned(all, MODELS, most)))
      }),
    )
  })
})
