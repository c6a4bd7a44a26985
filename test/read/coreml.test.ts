import { describe, expect, it } from 'vitest'
import {
  blobFile,
  blobValue,
  constant,
  floatWeights,
  innerProduct,
  layer,
  linearWeights,
  MIL,
  network,
  operation,
  ownValue,
  pipeline,
  program,
  readModel,
  tableWeights,
} from '../builders/coreml.ts'
import { bytesField, floats, join, textField, varintField } from '../builders/protobuf.ts'
import { tensorValues } from '../builders/values.ts'

const valuesOf = (...arguments_: Parameters<typeof readModel>) => {
  const file = readModel(...arguments_)
  expect(file.tensors).toHaveLength(1)
  return [...tensorValues(file, file.tensors[0]!)]
}

describe('a network', () => {
  it('has the weights of its layers as ranges', () => {
    expect(readModel(network(innerProduct(3, 2, floatWeights(1, 2, 3, 4, 5, 6)))).tensors).toMatchObject([
      { name: 'fc.weight', element: 'f32', view: { shape: [2, 3] }, data: { ranges: [{ file: 0, length: 24 }] } },
    ])
  })

  it('with codes of 3 bits has them first bit first', () => {
    // 1, 6 and two bits of nothing
    const weights = linearWeights(Uint8Array.of(0b001_110_00), 3, [0.5], [1])
    expect(valuesOf(network(innerProduct(2, 1, weights)))).toEqual([1.5, 4])
  })

  it('with a table has its entries', () => {
    const weights = tableWeights(Uint8Array.of(0b10_00_11_01), 2, [0.5, 1, 2, 4])
    expect(valuesOf(network(innerProduct(2, 2, weights)))).toEqual([2, 0.5, 4, 1])
  })

  it('with a scale a channel has one a row', () => {
    const weights = linearWeights(Uint8Array.of(1, 2, 3, 4), 8, [1, 10], [0, 0])
    expect(valuesOf(network(innerProduct(2, 2, weights)))).toEqual([1, 2, 30, 40])
  })

  it('keeps a transposed convolution as (in, out, kh, kw)', () => {
    const parameters = [varintField(1, 3), varintField(2, 2), bytesField(20, Uint8Array.of(1, 1)), varintField(60, 1)]
    const weights = bytesField(90, floatWeights(1, 2, 3, 4, 5, 6))
    expect(readModel(network(layer('up', 100, ...parameters, weights))).tensors).toMatchObject([
      { name: 'up.weight', view: { shape: [2, 3, 1, 1] } },
    ])
  })

  it('in a branch is read, too', () => {
    const inner = bytesField(1, innerProduct(1, 2, floatWeights(1, 2)))
    expect(readModel(network(layer('if', 605, bytesField(1, inner)))).tensors).toMatchObject([{ name: 'if/fc.weight' }])
  })

  it('in a pipeline is named by its place there', () => {
    const one = network(innerProduct(1, 2, floatWeights(1, 2)))
    expect(readModel(pipeline(one, one)).tensors.map(({ name }) => name)).toEqual(['0/fc.weight', '1/fc.weight'])
  })

  it('with a layer that a class of the app computes is reported', () => {
    const custom = layer('odd', 500, textField(10, 'MyLayer'), bytesField(20, floatWeights(1, 2)))
    expect(readModel(network(custom)).findings).toMatchObject([
      { code: 'custom-layer', message: expect.stringMatching(/"odd".*MyLayer/) },
    ])
  })
})

describe('a program', () => {
  const two = blobFile(floats(1, 2, 3, 4, 5, 6))

  it('has its blobs as ranges of their file', () => {
    expect(readModel(program(constant('w', blobValue(MIL.f32, [2, 3], 64))), two).tensors).toMatchObject([
      { name: 'w', view: { shape: [2, 3] }, data: { ranges: [{ file: 1, offset: 128, length: 24 }] } },
    ])
  })

  it.each([
    ['y', {}, [3, 2]],
    ['x', {}, [2, 3]],
  ])('sees a matrix that is factor %s of a product as (out, in)', (parameter, _, shape) => {
    const product = operation('matmul', 'p', { inputs: { [parameter]: 'w' } })
    const { tensors } = readModel(program(constant('w', blobValue(MIL.f32, [2, 3], 64)), product), two)
    expect(tensors).toMatchObject([{ view: { shape } }])
  })

  it('lists a blob that two functions share once', () => {
    const value = blobValue(MIL.f32, [2, 3], 64)
    expect(readModel(program(constant('w', value), constant('v', value)), two).tensors).toHaveLength(1)
  })

  it('lists no parameters of its operations', () => {
    const scalar = constant('epsilon', ownValue(MIL.f32, [], 1, floats(1)))
    const strides = constant('strides', ownValue(23, [2], 2, Uint8Array.of(1, 1)))
    expect(readModel(program(scalar, strides, constant('w', blobValue(MIL.f32, [6], 64))), two).tensors).toHaveLength(1)
  })

  it('with two tables has one for each half of the rows', () => {
    const unpack = operation('constexpr_lut_to_dense', 'w', {
      attributes: {
        indices: ownValue(MIL.u2, [2, 2], 7, Uint8Array.of(0b00_01_11_10)),
        lut: ownValue(MIL.f32, [2, 1, 4, 1], 1, floats(0, 1, 2, 3, 10, 11, 12, 13)),
      },
    })
    expect(valuesOf(program(unpack))).toEqual([2, 3, 11, 10])
  })

  it('with zero points has them taken off', () => {
    const unpack = operation('constexpr_affine_dequantize', 'w', {
      attributes: {
        quantized_data: ownValue(MIL.u8, [2, 2], 7, Uint8Array.of(1, 2, 3, 4)),
        zero_point: ownValue(MIL.u8, [], 7, Uint8Array.of(2)),
        scale: ownValue(MIL.f32, [2], 1, floats(1, 10)),
        axis: ownValue(23, [], 2, Uint8Array.of(1)),
      },
    })
    expect(valuesOf(program(unpack))).toEqual([-1, 0, 1, 20])
  })

  it('whose quantised matrix is turned has its scales turned, too', () => {
    const unpack = operation('constexpr_blockwise_shift_scale', 'w', {
      attributes: {
        data: ownValue(MIL.i8, [2, 4], 7, Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1)),
        scale: ownValue(MIL.f32, [2, 2], 1, floats(1, 2, 3, 4)),
      },
    })
    const product = operation('matmul', 'p', { inputs: { y: 'w' } })
    expect(valuesOf(program(unpack, product))).toEqual([1, 3, 1, 3, 2, 4, 2, 4])
  })

  it('with a weight in a form that is not read names it and reads the others', () => {
    const sparse = operation('constexpr_sparse_to_dense', 's', { attributes: {} })
    const { tensors, findings } = readModel(program(sparse, constant('w', blobValue(MIL.f32, [6], 64))), two)
    expect(tensors).toHaveLength(1)
    expect(findings).toMatchObject([{ code: 'unsupported', message: expect.stringContaining('"s"') }])
  })
})

it('a model of another kind is not read', () => {
  expect(() => readModel(join(varintField(1, 1), bytesField(400, new Uint8Array(2))))).toThrow('unsupported')
})
