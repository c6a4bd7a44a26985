import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dequantiser } from '../../src/identify/dequantise.ts'
import { rootMeanSquareStep, scaleRuns } from '../../src/identify/scale-runs.ts'
import { affine, quantisations, scaleCount } from '../builders/quantised.ts'
import { inline, modelOf } from '../builders/tensor.ts'
import { tensorValues } from '../builders/values.ts'

describe('dequantising', () => {
  it('gives every element the scale and zero point of its block, whatever the chunks', () => {
    fc.assert(
      fc.property(quantisations, fc.integer({ min: 1, max: 40 }), ({ shape, quantisation }, chunk) => {
        const count = shape.reduce((product, size) => product * size, 1)
        const stored = Int8Array.from({ length: count }, (_, i) => ((i * 37) % 256) - 128)
        const tensor = inline(shape, new Uint8Array(stored.buffer), { element: 'i8', quantisation })
        const values = new Float32Array(count)
        const dequantise = dequantiser(shape, quantisation)
        for (let at = 0; at < count; at += chunk)
          dequantise(stored.subarray(at, at + chunk), values.subarray(at, at + chunk))
        expect([...values]).toEqual([...tensorValues(modelOf([tensor]), tensor)])
      }),
      { numRuns: 500 },
    )
  })

  it('takes 64-bit integers', () => {
    const values = new Float32Array(2)
    dequantiser([2], affine([2], [0.5]))(BigInt64Array.of(-6n, 8n), values)
    expect([...values]).toEqual([-3, 4])
  })
})

describe('the runs of one scale', () => {
  it('cover the tensor', () => {
    fc.assert(
      fc.property(quantisations, ({ shape, quantisation }) => {
        const runs = [...scaleRuns(shape, quantisation.group)]
        const covered = runs.reduce((sum, run) => sum + run.elements, 0)
        expect(covered).toBe(shape.reduce((product, size) => product * size, 1))
      }),
    )
  })

  it('use every scale', () => {
    fc.assert(
      fc.property(quantisations, ({ shape, quantisation }) => {
        const used = new Set([...scaleRuns(shape, quantisation.group)].map((run) => run.index))
        expect(used.size).toBe(scaleCount(shape, quantisation.group))
      }),
    )
  })

  it.each([
    { what: 'one scale', group: [4, 6], runs: [[24, 0]] },
    {
      what: 'one a row',
      group: [1, 6],
      runs: [
        [6, 0],
        [6, 1],
        [6, 2],
        [6, 3],
      ],
    },
    {
      what: 'one for two rows',
      group: [2, 6],
      runs: [
        [12, 0],
        [12, 1],
      ],
    },
    {
      what: 'groups of four columns, the last cut off',
      group: [4, 4],
      runs: Array(4)
        .fill([
          [4, 0],
          [2, 1],
        ])
        .flat(),
    },
  ])('with $what are as long as can be', ({ group, runs }) => {
    expect([...scaleRuns([4, 6], group)].map(({ elements, index }) => [elements, index])).toEqual(runs)
  })
})

it('the step is the root mean square of the scales', () => {
  expect(rootMeanSquareStep(affine([1], [1, 7]))).toBe(5)
})
