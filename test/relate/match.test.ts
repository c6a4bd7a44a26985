import { describe, expect, it } from 'vitest'
import { match } from '../../src/relate/match.ts'
import type { Match } from '../../src/relate/pair.ts'
import { subjectOf } from '../../src/relate/subject.ts'
import { fineTuned, renamed, shuffled, transposed, withNewHead, withoutHead } from '../builders/model-operations.ts'
import { convolutional, type Model, perceptron, printed, transformer } from '../builders/models.ts'

const FAMILIES = { transformer: transformer(1), convolutional: convolutional(2), perceptron: perceptron(3) }

function matched(a: Model, b: Model): Match {
  return match(subjectOf(printed(a)), subjectOf(printed(b)))
}

/** Share of the pairs whose tensors have the same place in the two lists of names. */
function rightShare({ pairs }: Match, a: Model, b: Model, only = (_: Match['pairs'][number]) => true): number {
  const placeIn = (model: Model, name: string) => model.findIndex((tensor) => tensor.name === name)
  const judged = pairs.filter(only)
  const right = judged.filter((pair) => placeIn(a, pair.a.print.name) === placeIn(b, pair.b.print.name))
  return right.length / judged.length
}

describe.each(Object.entries(FAMILIES))('tensors of a %s', (_, base) => {
  it('are paired by digest when they are the same', () => {
    const { pairs, onlyInA, onlyInB } = matched(base, renamed(shuffled(base)))
    expect(pairs.map((pair) => pair.by)).toEqual(base.map(() => 'digest'))
    expect([...onlyInA, ...onlyInB]).toEqual([])
  })

  it('are paired by role when only their values changed', () => {
    const tuned = fineTuned(base, 5, 0.1)
    const found = matched(base, shuffled(tuned))
    expect(found.pairs.map((pair) => pair.by)).toEqual(base.map(() => 'role'))
    expect(rightShare(found, base, tuned)).toBe(1)
  })

  it('are paired by likeness when names are gone', () => {
    const tuned = renamed(fineTuned(base, 6, 0.02))
    expect(rightShare(matched(base, tuned), base, tuned)).toBe(1)
  })

  it('are paired by likeness when names are gone and matrices stand the other way', () => {
    const tuned = renamed(transposed(fineTuned(base, 7, 0.02)))
    const found = matched(base, tuned)
    expect(rightShare(found, base, tuned)).toBe(1)
    const turned = found.pairs.filter((pair) => pair.transposed).length
    expect(turned).toBe(base.filter((tensor) => tensor.shape.length === 2).length)
  })

  it('are paired by likeness when names lie', () => {
    const tuned = fineTuned(base, 8, 0.05)
    const names = base.map((tensor) => tensor.name)
    const lying = tuned.map((tensor, i) => ({ ...tensor, name: names[(i + 8) % names.length]! }))
    expect(rightShare(matched(base, lying), base, lying, ({ a }) => a.print.rows > 1)).toBe(1)
  })

  it('are left over where the other model has none', () => {
    const { onlyInA, onlyInB } = matched(base, withoutHead(base))
    expect(onlyInA.map((weight) => weight.print.name)).toEqual(base.slice(withoutHead(base).length).map((t) => t.name))
    expect(onlyInB).toEqual([])
  })

  it('are left over on both sides where a head was replaced', () => {
    const { onlyInA, onlyInB } = matched(base, withNewHead(base, 1, 10))
    expect(onlyInA.length).toBeGreaterThan(0)
    expect(onlyInB).toHaveLength(1)
  })
})

it('A tensor that stands twice in one model is missing in neither', () => {
  const base = transformer(1)
  const tied = [...base, { ...base[0]!, name: 'extra.weight' }]
  const { onlyInA, onlyInB } = matched(base, tied)
  expect([onlyInA, onlyInB]).toEqual([[], []])
})
