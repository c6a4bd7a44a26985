import { describe, expect, it } from 'vitest'
import { lineageOf, type Named } from '../builders/lineage.ts'
import {
  cast,
  fineTuned,
  quantised,
  trainingRun,
  unevenly,
  widened,
  withNewHead,
  withoutHead,
} from '../builders/model-operations.ts'
import { convolutional, perceptron, transformer } from '../builders/models.ts'

const FAMILIES = { transformer: transformer(1), convolutional: convolutional(2), perceptron: perceptron(3) }

describe.each(Object.entries(FAMILIES))('the direction between %s models', (_, base) => {
  const directions = (models: Named) => lineageOf(models).relations.map((relation) => relation.direction)
  const a = fineTuned(base, 1, unevenly(0.02))

  it('is undetermined where only a fine-tune says it', () => {
    expect(directions({ base, a })).toEqual(['undetermined'])
    expect(new Set(directions({ base, a, b: fineTuned(a, 2, 0.05), c: fineTuned(base, 3, 0.002) }))).toEqual(
      new Set(['undetermined']),
    )
  })

  it('is undetermined along a training run', () => {
    const [c1, c2, c3] = trainingRun(base, 5, 3) as [typeof base, typeof base, typeof base]
    expect(new Set(directions({ base, c1, c2, c3 }))).toEqual(new Set(['undetermined']))
  })

  it('is undetermined where one model is a part of the other, or has another head', () => {
    expect(directions({ base, part: withoutHead(base) })).toEqual(['undetermined'])
    expect(directions({ base, other: withNewHead(base, 4, 10) })).toEqual(['undetermined'])
  })

  it('is undetermined between a release in bfloat16 and its fine-tune in f32', () => {
    const release = cast(base, 'bf16')
    for (const size of [0.0005, 0.001, 0.002, 0.004, 0.01, 0.05])
      expect(directions({ release, tuned: fineTuned(widened(release), 6, unevenly(size)) })).toEqual(['undetermined'])
  })

  it('is undetermined between two quantisations, and two half-precision copies, of an absent original', () => {
    expect(directions({ x: quantised(base), y: quantised(base, 'row') })).toEqual(['undetermined'])
    expect(directions({ x: cast(base, 'f16'), y: cast(base, 'bf16') })).toEqual(['undetermined'])
  })

  it('is known where one end is the other rounded or quantised', () => {
    for (const copy of [cast(base, 'f16'), cast(base, 'bf16'), quantised(base), quantised(base, 'row')])
      expect(directions({ base, copy })).toEqual(['known'])
  })
})
