import { describe, expect, it } from 'vitest'
import type { ChangeKind } from '../../src/contract/scan.ts'
import type { Relation } from '../../src/relate/lineage.ts'
import { lineageOf, type Named } from '../builders/lineage.ts'
import { cast, combined, fineTuned, quantised, trainingRun, unevenly } from '../builders/model-operations.ts'
import { convolutional, type Model, perceptron, transformer } from '../builders/models.ts'

const FAMILIES = { transformer: transformer(1), convolutional: convolutional(2), perceptron: perceptron(3) }

/** Linear merge weights are found to this. */
const WEIGHT_ERROR = 0.005

function mergesOf(models: Named): Relation[] {
  return lineageOf(models).relations.filter((relation) => relation.parents.length > 1)
}

function expectMerge(
  models: Named,
  child: string,
  weights: Record<string, number>,
  changes: ChangeKind[] = ['merged'],
): void {
  const { relations, ids } = lineageOf(models)
  const merges = relations.filter((relation) => relation.parents.length > 1)
  expect(merges.map((merge) => [merge.child, merge.changes, merge.direction])).toEqual([[ids[child], changes, 'known']])
  const found = new Map(merges[0]!.parents.map(({ id, weight }) => [id, weight!]))
  expect(new Set(found.keys())).toEqual(new Set(Object.keys(weights).map((name) => ids[name])))
  for (const [name, weight] of Object.entries(weights))
    expect(Math.abs(found.get(ids[name]!)! - weight)).toBeLessThanOrEqual(WEIGHT_ERROR)
}

describe.each(Object.entries(FAMILIES))('merges of %s fine-tunes', (_, base) => {
  const [a, b, c, d, e] = [11, 12, 13, 14, 15].map((seed) => fineTuned(base, seed, unevenly(0.02))) as [
    Model,
    Model,
    Model,
    Model,
    Model,
  ]
  const two = combined([a, b], [0.3, 0.7])
  const three = combined([a, b, c], [0.2, 0.5, 0.3])
  const stored: [string, (model: Model) => Model, ChangeKind[]][] = [
    ['f32', (model) => model, ['merged']],
    ['f16', (model) => cast(model, 'f16'), ['merged', 'converted-lossy']],
    ['bf16', (model) => cast(model, 'bf16'), ['merged', 'converted-lossy']],
  ]

  it.each(stored)('of two parents in %s have their weights found', (_, store, changes) => {
    expectMerge({ a, b, mixed: store(two) }, 'mixed', { a: 0.3, b: 0.7 }, changes)
  })

  it.each(stored)('of three parents in %s have their weights found', (_, store, changes) => {
    expectMerge({ a, b, c, mixed: store(three) }, 'mixed', { a: 0.2, b: 0.5, c: 0.3 }, changes)
  })

  it.each(stored)('in %s are merges of their parents, not of the base that is there too', (_, store, changes) => {
    expectMerge({ base, a, b, c, mixed: store(two) }, 'mixed', { a: 0.3, b: 0.7 }, changes)
    expectMerge({ base, a, b, c, d, mixed: store(three) }, 'mixed', { a: 0.2, b: 0.5, c: 0.3 }, changes)
  })

  it('stored in bfloat16 like their parents have their weights found', () => {
    const [x, y] = [cast(a, 'bf16'), cast(b, 'bf16')]
    expectMerge({ x, y, mixed: cast(combined([x, y], [0.6, 0.4]), 'bf16') }, 'mixed', { x: 0.6, y: 0.4 })
  })

  it('with a small third part have three parents', () => {
    const mixed = combined([a, b, c], [0.5, 0.45, 0.05])
    expectMerge({ a, b, c, mixed }, 'mixed', { a: 0.5, b: 0.45, c: 0.05 })
  })

  it('of one pair at several weights all have that pair for parents', () => {
    const mixes = { m1: combined([a, b], [0.75, 0.25]), m2: two, m3: combined([a, b], [0.5, 0.5]) }
    const { lines } = lineageOf({ a, b, ...mixes })
    expect(lines).toEqual([
      '.30 a + .70 b → m2: merged',
      '.50 a + .50 b → m3: merged',
      '.75 a + .25 b → m1: merged',
      'a – b: fine-tuned',
    ])
  })

  it('are not seen in a base between 2, 3 or 5 fine-tunes', () => {
    expect(mergesOf({ base, a, b })).toEqual([])
    expect(mergesOf({ base, a, b, c })).toEqual([])
    expect(mergesOf({ base, a, b, c, d, e })).toEqual([])
  })

  it.each([0.5, 0.7, 0.85, 0.9, 0.95])('are not seen in a training run that drifts by %s', (drift) => {
    const [c1, c2, c3, c4] = trainingRun(base, 5, 4, 0.02, drift) as [Model, Model, Model, Model]
    expect(mergesOf({ c1, c2, c3 })).toEqual([])
    expect(mergesOf({ base, c1, c2, c3, c4 })).toEqual([])
  })

  it('are seen in a training run when a checkpoint is one', () => {
    const run = trainingRun(base, 5, 3, 0.02, 0.7) as [Model, Model, Model]
    const mean = combined(run, [1 / 3, 1 / 3, 1 / 3])
    expectMerge({ c1: run[0], c2: run[1], c3: run[2], mean }, 'mean', { c1: 1 / 3, c2: 1 / 3, c3: 1 / 3 })
  })

  it('keep their quantised and rounded copies', () => {
    const { lines } = lineageOf({ base, a, b, mixed: two, small: quantised(two), half: cast(two, 'f16') })
    expect(lines).toContain('.30 a + .70 b → mixed: merged')
    expect(lines).toContain('mixed → small: quantised')
    expect(lines).toContain('mixed → half: converted-lossy')
    expect(lines).toHaveLength(5)
  })

  it('keep a model trained on from them, and leave the base to its fine-tunes', () => {
    const { shape } = lineageOf({ base, a, b, mixed: two, next: fineTuned(two, 44, unevenly(0.02)) })
    expect(shape).toContain('mixed – next')
    expect(shape.filter((edge) => edge === 'a – base' || edge === 'b – base')).toHaveLength(2)
  })
})

it('A merge is not called one while its parents are strangers to it', () => {
  expect(mergesOf({ a: transformer(1), b: transformer(2), c: transformer(3) })).toEqual([])
})
