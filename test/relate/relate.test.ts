import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareable } from '../../src/identify/print-file.ts'
import type { Lineage } from '../../src/relate/lineage.ts'
import { relate } from '../../src/relate/relate.ts'
import { lineageOf } from '../builders/lineage.ts'
import {
  cast,
  combined,
  fineTuned,
  quantised,
  renamed,
  shuffled,
  unevenly,
  withNewHead,
  withoutHead,
} from '../builders/model-operations.ts'
import { convolutional, perceptron, printed, transformer } from '../builders/models.ts'

const base = convolutional(2)
const [a, b] = [fineTuned(base, 1, unevenly(0.02)), fineTuned(base, 2, unevenly(0.02))]
const mixed = combined([a, b], [0.3, 0.7])
const MODELS = {
  base,
  a,
  b,
  mixed,
  half: cast(base, 'f16'),
  small: quantised(mixed, 'row'),
  part: withoutHead(a),
  stranger: convolutional(9),
  other: transformer(4),
}
const PRINTS = Object.values(MODELS).map(printed)

/** Without the order of relations and of undetermined ends, and without the last digits of sums. */
function essence({ relations, lookAlikes }: Lineage) {
  const lines = relations.map(({ child, parents, changes, direction, status, p, similarity }) => {
    const ids = parents.map(({ id, weight }) => `${id} ${weight?.toFixed(3)}`)
    const ends = direction === 'known' ? [...ids.sort(), '→', child] : [...ids, `${child} undefined`].sort()
    return [ends, [...changes].sort(), status, p?.toPrecision(3), similarity.toFixed(4)].flat().join(' ')
  })
  return [...lines.sort(), ...lookAlikes.map(({ models }) => [...models].sort().join(' ')).sort()]
}

describe('relating', () => {
  it('gives the same whatever the order of the prints', () => {
    const expected = essence(relate(PRINTS))
    fc.assert(
      fc.property(fc.shuffledSubarray(PRINTS, { minLength: PRINTS.length }), (prints) => {
        expect(essence(relate(prints))).toEqual(expected)
      }),
      { numRuns: 15 },
    )
  })

  it('gives the same whatever the tensors are called and however they are ordered', () => {
    const expected = essence(relate(PRINTS))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const prints = Object.values(MODELS).map((model, i) => printed(shuffled(renamed(model, seed + i), seed - i)))
        expect(essence(relate(prints))).toEqual(expected)
      }),
      { numRuns: 4 },
    )
  })

  it('finds nothing in one model, or in none', () => {
    expect(relate([])).toEqual({ relations: [], lookAlikes: [] })
    expect(relate([PRINTS[0]!])).toEqual({ relations: [], lookAlikes: [] })
  })
})

describe('models of fewer than eight matrices', () => {
  const tiny = perceptron(7, { layers: 4 })

  it('are related only by what explains every tensor, and have no p', () => {
    const models = { tiny, half: cast(tiny, 'f16'), brain: cast(tiny, 'bf16'), small: quantised(tiny) }
    const { lines, relations } = lineageOf(models)
    expect(lines).toEqual(['tiny → brain: converted-lossy', 'tiny → half: converted-lossy', 'tiny → small: quantised'])
    expect(relations.map((relation) => relation.p)).toEqual([null, null, null])
  })

  it.each([0.0005, 0.001, 0.002, 0.02])('are not related by a fine-tune of %s, also not a rounded one', (size) => {
    const release = cast(tiny, 'bf16')
    expect(lineageOf({ tiny, tuned: fineTuned(tiny, 3, size) }).lines).toEqual([])
    expect(lineageOf({ release, tuned: fineTuned(release, 3, unevenly(size)) }).lines).toEqual([])
  })

  it('are merged where the combination is exact', () => {
    const [x, y] = [perceptron(8, { layers: 4 }), perceptron(9, { layers: 4 })]
    const models = {
      x,
      y,
      mixed: combined([x, y], [0.25, 0.75]),
      near: fineTuned(combined([x, y], [0.5, 0.5]), 1, 1e-3),
    }
    expect(lineageOf(models).lines).toEqual(['.25 x + .75 y → mixed: merged'])
  })

  it('are look-alikes when strangers of one shape', () => {
    const { lines, lookAlikes } = lineageOf({ tiny, other: perceptron(8, { layers: 4 }) })
    expect(lines).toEqual([])
    expect(lookAlikes.map(({ shared }) => shared)).toEqual([8])
  })
})

describe('prints that were given away, without the sketches of small tensors,', () => {
  const large = transformer(1, { width: 192, vocabulary: 100 })
  const tuned = fineTuned(large, 2, unevenly(0.02))
  const other = fineTuned(large, 3, unevenly(0.02))
  const shared = (model: typeof large) => shareable(printed(model)).print

  it('are related by the tensors that are left', () => {
    expect(lineageOf({ large, tuned: shared(tuned) }).shape).toEqual(['large – tuned'])
    expect(lineageOf({ large: shared(large), tuned: shared(tuned) }).shape).toEqual(['large – tuned'])
  })

  it('of a merge and its parents give the weights', () => {
    const merge = combined([tuned, other], [0.4, 0.6])
    const lines = ['.40 tuned + .60 other → merge: merged', 'other – tuned: fine-tuned']
    const named = { tuned: shared(tuned), other: shared(other), merge: shared(merge) }
    expect(
      lineageOf(named).lines.map((line) => line.replace('.60 other + .40 tuned', '.40 tuned + .60 other')),
    ).toEqual(lines)
    expect(lineageOf({ ...named, merge }).relations[0]!.changes).toEqual(['merged'])
  })

  it('of strangers are not related, though nothing but digests is left of either', () => {
    const [x, y] = [perceptron(1), perceptron(2)]
    expect(lineageOf({ x: shared(x), y: shared(y) }).lines).toEqual([])
    expect(lineageOf({ x: shared(x), y }).lines).toEqual([])
  })

  it('still show what was extracted, by digests', () => {
    const { lines } = lineageOf({ base: shared(base), part: withNewHead(base, 3, 10) })
    expect(lines).toEqual(['base – part: extracted, fine-tuned'])
  })
})

describe('look-alikes', () => {
  it('are strangers that share nearly all shapes, whatever their names', () => {
    const { lookAlikes } = lineageOf({ x: transformer(1), y: renamed(transformer(2)) })
    expect(lookAlikes.map(({ shared }) => shared)).toEqual([transformer(1).length])
    expect(Math.abs(lookAlikes[0]!.similarity)).toBeLessThan(0.1)
  })

  it('are not relatives, also not by way of a third', () => {
    const [m1, m2] = [fineTuned(base, 1, 0.02), fineTuned(base, 2, 0.02)]
    expect(lineageOf({ base, m1, m2, copy: cast(m2, 'f16') }).lookAlikes).toEqual([])
  })

  it('are not networks of other shapes', () => {
    expect(lineageOf({ x: transformer(1), y: transformer(2, { width: 80 }), z: base }).lookAlikes).toEqual([])
  })
})
