import { describe, expect, it } from 'vitest'
import type { ModelFile } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { readTflite } from '../../src/read/tflite.ts'
import { f32s, i64s, table, u8 } from '../builders/flatbuffer.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import {
  affine,
  blockwise,
  counted,
  floatBytes,
  OPERATOR,
  oneWeight,
  type TensorParts,
  TYPE,
  tfliteFile,
} from '../builders/tflite.ts'
import { tensorValues } from '../builders/values.ts'

const read = (file: Uint8Array): ModelFile => readTflite(memorySource('m.tflite', file), memorySiblings({}))
const bytesOf = (...values: number[]) => new Uint8Array(new Int8Array(values).buffer)

/** Six int8 elements, −1 to 4, in two rows. */
const rows = (quantisation: TensorParts['quantisation'] = {}): TensorParts => ({
  shape: [2, 3],
  type: TYPE.i8,
  data: bytesOf(-1, 0, 1, 2, 3, 4),
  quantisation,
})

function firstValues(file: Uint8Array): number[] {
  const model = read(file)
  return [...tensorValues(model, model.tensors[0]!)]
}

describe('quantised weights', () => {
  it('of one scale have the values (stored − zero point) · scale', () => {
    expect(firstValues(oneWeight(rows(affine([0.5], [1]))))).toEqual([-1, -0.5, 0, 0.5, 1, 1.5])
  })

  it('of one scale an output row take each its own', () => {
    expect(firstValues(oneWeight(rows(affine([1, 10], [0, 2]))))).toEqual([-1, 0, 1, 0, 10, 20])
  })

  it('of one scale a column take each its own', () => {
    expect(firstValues(oneWeight(rows(affine([1, 10, 100], [0, 0, 0], 1))))).toEqual([-1, 0, 100, 2, 30, 400])
  })

  it('of a depthwise convolution keep one scale a channel, wherever the axis went', () => {
    const weight = { ...rows(affine([1, 10, 100], [0, 0, 0], 3)), shape: [1, 1, 2, 3] }
    const { view, quantisation } = read(oneWeight(weight, { code: OPERATOR.depthwiseConv2d })).tensors[0]!
    expect(view.shape).toEqual([3, 1, 1, 2])
    expect(quantisation).toMatchObject({ group: [1, 1, 1, 2] })
  })

  it('say so by their scheme', () => {
    expect(read(oneWeight(rows(affine([1], [0])))).tensors[0]?.quantisation).toMatchObject({ scheme: 'int8', bits: 8 })
  })

  it('with zero points of zero have none', () => {
    expect(read(oneWeight(rows(affine([1, 2], [0, 0])))).tensors[0]?.quantisation).toMatchObject({ zeroPoints: null })
  })

  it('may give one zero point for all scales', () => {
    expect(firstValues(oneWeight(rows(affine([1, 10], [1]))))).toEqual([-2, -1, 0, 10, 20, 30])
  })

  it('may be biases of 32 bits', () => {
    const bias = {
      shape: [2],
      type: TYPE.i32,
      data: new Uint8Array(new Int32Array([4, -8]).buffer),
      quantisation: affine([0.25], [0]),
    }
    expect(firstValues(oneWeight(bias))).toEqual([1, -2])
  })

  it('may be stored in 2 bits', () => {
    const weight = { shape: [4], type: TYPE.i2, data: Uint8Array.of(0b11_10_01_00), quantisation: affine([3], [0]) }
    expect(firstValues(oneWeight(weight))).toEqual([0, 3, -6, -3])
  })
})

describe('a tensor is not quantised', () => {
  it('when its quantisation has no scale', () => {
    expect(read(oneWeight(rows({}))).tensors[0]?.quantisation).toBeNull()
  })

  it('when it is floating, with a range that calibration left', () => {
    const weight = { shape: [2], data: counted(2), quantisation: affine([0.5], [1]) }
    expect(read(oneWeight(weight)).tensors[0]?.quantisation).toBeNull()
  })
})

describe('quantisation by blocks', () => {
  const blocks = (scales: Uint8Array, type: number = TYPE.f32, blockSize = 2) =>
    tfliteFile([
      {
        tensors: [
          { ...rows(blockwise(1, blockSize)), shape: [1, 6] },
          { name: 'scales', shape: [1, 3], type, data: scales },
        ],
      },
    ])

  it('takes its scales from a tensor of their own', () => {
    expect(firstValues(blocks(floatBytes(1, 10, 100)))).toEqual([-1, 0, 10, 20, 300, 400])
  })

  it('takes scales of half precision', () => {
    expect(firstValues(blocks(Uint8Array.of(0, 0x3c, 0, 0x40, 0, 0x44), TYPE.f16))).toEqual([-1, 0, 2, 4, 12, 16])
  })

  it('does not list the scales as a weight', () => {
    expect(read(blocks(floatBytes(1, 10, 100))).tensors.map((tensor) => tensor.name)).toEqual(['w'])
  })

  it('follows a matrix that is seen transposed', () => {
    const file = tfliteFile([
      {
        tensors: [
          { ...rows(blockwise(1, 2)), shape: [2, 4], data: bytesOf(1, 2, 3, 4, 5, 6, 7, 8) },
          { shape: [2, 2], data: floatBytes(1, 10, 100, 1_000) },
          { shape: [1] },
        ],
        operators: [{ code: OPERATOR.batchMatmul, inputs: [2, 0] }],
      },
    ])
    expect(firstValues(file)).toEqual([1, 500, 2, 600, 30, 7_000, 40, 8_000])
  })

  it('is refused when there are not as many scales as blocks', () => {
    expect(problemOf(() => read(blocks(floatBytes(1, 10))))).toMatchObject({ code: 'malformed' })
  })

  it('is refused when a block has no length', () => {
    expect(problemOf(() => read(blocks(floatBytes(1, 10, 100), TYPE.f32, 0)))).toMatchObject({
      code: 'malformed',
      values: { what: 'block shape' },
    })
  })
})

describe('what is refused', () => {
  const refused = (quantisation: TensorParts['quantisation']) => problemOf(() => read(oneWeight(rows(quantisation))))

  it('scales that do not fit their axis', () => {
    expect(refused(affine([1, 2, 3], [0, 0, 0]))).toMatchObject({
      code: 'malformed',
      values: { what: 'quantisation scales' },
    })
  })

  it('an axis that is not there', () => {
    expect(refused(affine([1, 2], [0, 0], 9))).toMatchObject({ code: 'malformed' })
  })

  it('zero points that do not fit the scales', () => {
    expect(refused({ ...affine([1, 2], []), 3: i64s(1, 2, 3) })).toMatchObject({ code: 'malformed' })
  })

  it('quantisation of a kind that only its writer knows', () => {
    expect(refused({ 2: f32s(1), 4: u8(1), 5: table({}) })).toMatchObject({ code: 'unsupported' })
  })
})
