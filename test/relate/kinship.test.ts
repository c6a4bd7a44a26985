import { describe, expect, it } from 'vitest'
import type { Print } from '../../src/identify/print.ts'
import { type Comparison, compare } from '../../src/relate/comparison.ts'
import { kinship } from '../../src/relate/kinship.ts'
import { match } from '../../src/relate/match.ts'
import { relate } from '../../src/relate/relate.ts'
import { isRelated } from '../../src/relate/related.ts'
import { subjectOf } from '../../src/relate/subject.ts'
import { fineTuned, scaledAlike, withSharedPattern } from '../builders/model-operations.ts'
import { convolutional, type Model, perceptron, printed, transformer } from '../builders/models.ts'

/** Strangers of one configuration: names, shapes and the pattern of the norms agree, nothing else. */
const STRANGERS: Record<string, (seed: number) => Model> = {
  transformer: (seed) => transformer(seed),
  convolutional: (seed) => convolutional(seed),
  perceptron: (seed) => perceptron(seed),
}

/** What trained strangers share beyond that. */
const ALIKE: Record<string, (seed: number) => Model> = {
  'equal row and column scales in each tensor': (seed) => scaledAlike(transformer(seed), 0.5),
  'one blur in all kernels': (seed) => withSharedPattern(convolutional(seed), 2),
  'one blur in all kernels of a small network': (seed) => withSharedPattern(convolutional(seed, { blocks: 4 }), 2),
}

const PAIRS = { models: 46, pairs: 1_035 }

function comparePairs(prints: Print[]): Comparison[] {
  const subjects = prints.map(subjectOf)
  return subjects.flatMap((a, i) => subjects.slice(i + 1).map((b) => compare(a, b)))
}

function printsOf(make: (seed: number) => Model, count: number): Print[] {
  return Array.from({ length: count }, (_, i) => printed(make(100 + i)))
}

/** The largest share of p ≤ level that chance explains: level + 2 standard errors. */
function most(level: number, pairs: number): number {
  return level + 2 * Math.sqrt((level * (1 - level)) / pairs)
}

describe.each(Object.entries(STRANGERS))('1,035 pairs of %s strangers of one configuration', (_, make) => {
  const prints = printsOf(make, PAIRS.models)
  const comparisons = comparePairs(prints)

  it.each([0.05, 0.01, 0.001])('have p ≤ %s no more often than that', (level) => {
    expect(comparisons).toHaveLength(PAIRS.pairs)
    const small = comparisons.filter(({ p }) => p! <= level).length
    expect(small / PAIRS.pairs).toBeLessThanOrEqual(most(level, PAIRS.pairs))
  })

  it('are not related, also not where few pairs were tested', () => {
    expect(comparisons.filter((comparison) => isRelated(comparison, 1))).toEqual([])
  })

  it('are shown as look-alikes', () => {
    expect(relate(prints.slice(0, 5))).toMatchObject({ relations: [], lookAlikes: { length: 10 } })
  })
})

describe.each(Object.entries(ALIKE))('190 pairs of strangers that share %s', (_, make) => {
  const comparisons = comparePairs(printsOf(make, 20))

  it('have small p no more often than chance', () => {
    const small = comparisons.filter(({ p }) => p! <= 0.05).length
    expect(small / comparisons.length).toBeLessThanOrEqual(most(0.05, comparisons.length))
  })

  it('are not related', () => {
    expect(comparisons.filter((comparison) => isRelated(comparison, 1))).toEqual([])
  })
})

describe('kin', () => {
  it.each([0.002, 0.02, 0.2, 0.5])('are found after a fine-tune of %s', (size) => {
    for (const base of [transformer(1), convolutional(2), perceptron(3)]) {
      const { usable, kin, p } = kinship(match(subjectOf(printed(base)), subjectOf(printed(fineTuned(base, 4, size)))))
      expect(kin).toBe(usable)
      expect(p).toBeLessThan(1e-20)
    }
  })

  it('are not made by norms that all networks share, nor by one equal buffer among strangers', () => {
    const [a, b] = [transformer(1), transformer(2)]
    const shared = b.map((tensor, i) => (i === 0 || tensor.shape.length === 1 ? a[i]! : tensor))
    expect(relate([printed(a), printed(shared)]).relations).toEqual([])
  })

  it('get no p where fewer than eight matrices correspond', () => {
    const [a, b] = [7, 8].map((layers) => subjectOf(printed(perceptron(1, { layers }))))
    expect(kinship(match(a!, a!)).p).toBeNull()
    expect(kinship(match(b!, b!)).p).toBeLessThan(1e-20)
  })
})
