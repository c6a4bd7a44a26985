import { describe, expect, it } from 'vitest'
import { lineageOf } from '../builders/lineage.ts'
import { cast, fineTuned, quantised, unevenly, withNewHead } from '../builders/model-operations.ts'
import { convolutional, perceptron, transformer } from '../builders/models.ts'

const FAMILIES = { transformer: transformer(1), convolutional: convolutional(2), perceptron: perceptron(3) }

describe.each(Object.entries(FAMILIES))('a family of %s models', (name, base) => {
  const tune = (from: typeof base, seed: number, size = 0.02) => fineTuned(from, seed, unevenly(size))
  const [a, b, c] = [tune(base, 1), tune(base, 2), tune(base, 3)]

  it('is a star where fine-tunes share a base', () => {
    expect(lineageOf({ a, b, base, c }).shape).toEqual(['a – base', 'b – base', 'base – c'])
  })

  it('is a star also when the fine-tunes are of very different size', () => {
    const far = tune(base, 4, 0.1)
    const near = tune(base, 5, 0.005)
    expect(lineageOf({ base, a, far, near }).shape).toEqual(['a – base', 'base – far', 'base – near'])
  })

  it('is a chain where each was trained from the one before', () => {
    const second = tune(a, 6)
    const third = tune(second, 7)
    expect(lineageOf({ base, third, a, second }).shape).toEqual(['a – base', 'a – second', 'second – third'])
  })

  it('hangs every copy from its original', () => {
    const copies = {
      baseHalf: cast(base, 'bf16'),
      aHalf: cast(a, 'f16'),
      aSmall: quantised(a, 'row'),
      bSmall: quantised(b),
    }
    expect(lineageOf({ base, a, b, ...copies }).lines).toEqual([
      'a – base: fine-tuned',
      'a → aHalf: converted-lossy',
      'a → aSmall: quantised',
      'b – base: fine-tuned',
      'b → bSmall: quantised',
      'base → baseHalf: converted-lossy',
    ])
  })

  it('goes on from a copy whose original is absent', () => {
    const { shape } = lineageOf({ aHalf: cast(a, 'f16'), base, b })
    expect(shape).toEqual(['aHalf – base', 'b – base'])
  })

  it('leaves a stranger out, who is a look-alike of every member', () => {
    const stranger = { transformer, convolutional, perceptron }[name as keyof typeof FAMILIES](77)
    const { shape, lookAlikes } = lineageOf({ base, a, stranger })
    expect(shape).toEqual(['a – base'])
    expect(lookAlikes).toHaveLength(2)
  })

  it('is one tree: as many edges as models less one', () => {
    const models = { base, a, b, c, head: withNewHead(a, 8, 12), half: cast(c, 'f16'), far: tune(b, 9, 0.1) }
    expect(lineageOf(models).relations).toHaveLength(Object.keys(models).length - 1)
  })
})
