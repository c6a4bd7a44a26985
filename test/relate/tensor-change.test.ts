import { describe, expect, it } from 'vitest'
import type { ExactElement } from '../../src/kernel/exact.ts'
import { match } from '../../src/relate/match.ts'
import { subjectOf } from '../../src/relate/subject.ts'
import { settledChanges, tensorChanges } from '../../src/relate/tensor-change.ts'
import {
  cast,
  fineTuned,
  flushed,
  quantised,
  scaledBy,
  transposed,
  truncatedToBf16,
  unevenly,
  widened,
} from '../builders/model-operations.ts'
import {
  convolutional,
  gaussians,
  type Model,
  perceptron,
  printed,
  type Tensor,
  transformer,
} from '../builders/models.ts'

const FAMILIES = { transformer: transformer(1), convolutional: convolutional(2), perceptron: perceptron(3) }
const base = FAMILIES.transformer

/** The kinds of change found over a model's tensors, each once; an arrow tells the end that was there first. */
function kinds(a: Model, b: Model): string[] {
  const { pairs } = match(subjectOf(printed(a)), subjectOf(printed(b)))
  const texts = settledChanges(pairs, tensorChanges(pairs)).map((change) => {
    if (change.kind === 'rounded') return `${change.from === 'a' ? '→' : '←'} ${change.kind} to ${change.to}`
    if (change.kind === 'quantised') return `${change.from === 'a' ? '→' : '←'} ${change.kind}`
    return change.kind
  })
  return [...new Set(texts)].sort()
}

/** One matrix of these values, eight times over so that the model is not judged by a single tensor. */
function matrices(values: (seed: number) => Float32Array, shape = [64, 64]): Model {
  return Array.from({ length: 8 }, (_, seed): Tensor => {
    return { name: `m${seed}`, shape, values: values(seed), storage: { kind: 'f32' } }
  })
}

describe.each(Object.entries(FAMILIES))('of a %s', (_, model) => {
  it('the same values in another type are equal', () => {
    expect(kinds(cast(model, 'bf16'), widened(cast(model, 'bf16')))).toEqual(['equal'])
  })

  it.each(['f16', 'bf16'] as const)('%s values are rounded from f32', (to) => {
    expect(kinds(model, cast(model, to))).toEqual([`→ rounded to ${to}`])
    expect(kinds(cast(model, to), model)).toEqual([`← rounded to ${to}`])
  })

  it('bfloat16 values cut off instead of rounded are rounded all the same', () => {
    expect(kinds(model, truncatedToBf16(model))).toEqual(['→ rounded to bf16'])
  })

  it.each(['tensor', 'row'] as const)('int8 steps by %s are quantised from f32', (by) => {
    expect(kinds(model, quantised(model, by))).toContain('→ quantised')
    expect(kinds(model, quantised(model, by))).not.toContain('changed')
  })

  it('two quantisations of one model are of each other neither', () => {
    expect(kinds(quantised(model), quantised(model, 'row'))).toContain('requantised')
  })

  it.each([0.0002, 0.001, 0.0015, 0.003, 0.01, 0.2])('a fine-tune of %s in f32 is a change', (size) => {
    expect(kinds(model, fineTuned(model, 4, size))).toEqual(['changed'])
  })

  it.each([0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005])(
    'a fine-tune of %s of a bfloat16 release, saved in f32, is not taken for its original',
    (size) => {
      const release = cast(model, 'bf16')
      expect(kinds(release, fineTuned(widened(release), 5, unevenly(size)))).toEqual(['changed'])
    },
  )

  it.each([0.00005, 0.0002, 0.0005, 0.001])(
    'a fine-tune of %s of a binary16 release, saved in f32, is not taken for its original',
    (size) => {
      const release = cast(model, 'f16')
      expect(kinds(release, fineTuned(widened(release), 5, unevenly(size)))).toEqual(['changed'])
    },
  )

  it('a fine-tune of dequantised values, within the grid’s error, is not taken for their original', () => {
    const grid = quantised(model)
    expect(kinds(grid, fineTuned(widened(grid), 6, 0.003))).toEqual(['changed'])
  })

  it('a fine-tune of more than rounding hides is a change of the rounded copy too', () => {
    expect(kinds(model, cast(fineTuned(model, 7, 0.02), 'bf16'))).toEqual(['changed'])
    expect(kinds(model, cast(fineTuned(model, 7, 0.002), 'f16'))).toEqual(['changed'])
  })
})

describe('rounding', () => {
  it('is found where binary16 keeps only a few steps of tiny values', () => {
    const tiny = scaledBy(base, 1e-5)
    expect(kinds(tiny, cast(tiny, 'f16')).every((kind) => kind.startsWith('→ rounded'))).toBe(true)
  })

  it('is found where a converter flushes binary16 subnormals to zero', () => {
    const small = scaledBy(base, 0.02)
    expect(kinds(small, flushed(cast(small, 'f16')))).toEqual(['→ rounded to f16'])
  })

  it('of f64 to f32 is found, whichever end comes first', () => {
    const fine = base.map((tensor): Tensor => ({ ...tensor, storage: { kind: 'f64', rest: 1e-9 } }))
    expect(kinds(fine, base)).toEqual(['→ rounded to f32'])
    expect(kinds(base, fine)).toEqual(['← rounded to f32'])
  })

  const shapes: Record<string, (seed: number) => Float32Array> = {
    uniform: (seed) => gaussians(seed, 4_096).map((_, i) => ((i * 2_654_435_761 + seed * 97) % 4_096) / 2_048 - 1),
    'heavy-tailed': (seed) => gaussians(seed, 4_096).map((value) => value ** 3),
    'mostly zero': (seed) => gaussians(seed, 4_096).map((value, i) => (i % 10 === 0 ? value : 0)),
    'offset from zero': (seed) => gaussians(seed, 4_096).map((value) => value + 3),
  }
  it.each(Object.entries(shapes))('is found in %s values', (_, values) => {
    for (const to of ['bf16', 'f16'] satisfies ExactElement[]) {
      const model = matrices((seed) => values(seed).map((value) => value * 0.73))
      expect(kinds(model, cast(model, to))).toEqual([`→ rounded to ${to}`])
    }
  })

  it('of one absent original to two types makes neither copy a fine-tune of the other', () => {
    expect(kinds(cast(base, 'f16'), cast(base, 'bf16'))).toEqual(['→ rounded to bf16'])
  })
})

describe('an export', () => {
  it('that turns matrices is a conversion', () => {
    expect(kinds(base, transposed(base))).toEqual(['converted', 'equal'])
  })

  it('whose arithmetic moves values by a millionth is a conversion', () => {
    expect(kinds(base, fineTuned(base, 9, 1e-6))).toEqual(['converted'])
  })
})
