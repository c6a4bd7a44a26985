import { describe, expect, it } from 'vitest'
import { byteTensor, DATA_TYPE, floatTensor, model, node, rawData, tensor } from '../builders/onnx.ts'
import { problemOf, readBytesAsOnnx, readTensors } from '../builders/read-onnx.ts'

const W = byteTensor('w', DATA_TYPE.int8, [2, 4], [1, 2, 3, 4, -1, -2, -3, -4])

function dequantised(attributes: Record<string, { int: number }>, scale: Uint8Array, ...others: Uint8Array[]) {
  const inputs = others.length === 0 ? ['w', 's'] : ['w', 's', 'z']
  const nodes = [node('DequantizeLinear', inputs, ['d'], { attributes }), node('MatMul', ['x', 'd'], ['y'])]
  return model({ nodes, initializers: [W, scale, ...others] })
}

describe('DequantizeLinear', () => {
  it('with one scale for the tensor', () => {
    const file = dequantised({}, floatTensor('s', [], [0.5]), byteTensor('z', DATA_TYPE.int8, [], [1]))
    expect(readTensors(file)).toEqual({ w: { shape: [4, 2], values: [0, -1, 0.5, -1.5, 1, -2, 1.5, -2.5] } })
  })

  it('with one scale a column, which is a row of the canonical matrix', () => {
    const file = dequantised({ axis: { int: 1 } }, floatTensor('s', [4], [1, 10, 100, 1000]))
    expect(readTensors(file)['w']?.values).toEqual([1, -1, 20, -20, 300, -300, 4000, -4000])
  })

  it('with one scale a row, named from the end', () => {
    const file = dequantised({ axis: { int: -2 } }, floatTensor('s', [2], [1, 10]))
    expect(readTensors(file)['w']?.values).toEqual([1, -10, 2, -20, 3, -30, 4, -40])
  })

  it('with one scale for a block, in the order of the canonical view', () => {
    const scale = floatTensor('s', [2, 2], [1, 10, 100, 1000])
    const file = dequantised({ axis: { int: 1 }, block_size: { int: 2 } }, scale)
    expect(readTensors(file)['w']?.values).toEqual([1, -100, 2, -200, 30, -3000, 40, -4000])
  })

  it('with a scale of another shape is malformed', () => {
    expect(problemOf(dequantised({}, floatTensor('s', [3], [1, 1, 1])))).toBe('malformed')
  })

  it('with zero points of another number is malformed', () => {
    const file = dequantised({}, floatTensor('s', [4], [1, 1, 1, 1]), byteTensor('z', DATA_TYPE.int8, [2], [1, 2]))
    expect(problemOf(file)).toBe('malformed')
  })
})

it('a scale that is used as a number, too, stays listed', () => {
  const nodes = [node('DequantizeLinear', ['w', 's'], ['d']), node('Mul', ['d', 's'], ['y'])]
  const file = model({ nodes, initializers: [W, floatTensor('s', [], [0.5])] })
  expect(Object.keys(readTensors(file))).toContain('s')
})

it('an integer weight whose scale nodes compute is quantised with scale 1', () => {
  const nodes = [node('MatMulInteger', ['x', 'w', 'xz', 'z'], ['y'])]
  const file = readBytesAsOnnx(model({ nodes, initializers: [W, byteTensor('z', DATA_TYPE.int8, [], [1])] }))
  expect(file.tensors[0]?.quantisation).toMatchObject({ scheme: 'int8', group: [4, 2] })
})

it('a table in blocks of four bits is unpacked', () => {
  const attributes = { bits: { int: 4 }, block_size: { int: 2 } }
  const nodes = [node('GatherBlockQuantized', ['t', 'x', 's'], ['y'], { attributes, domain: 'com.microsoft' })]
  const table = tensor('t', DATA_TYPE.uint8, [1, 2], rawData([0x98, 0x7a]))
  const file = model({ nodes, initializers: [table, floatTensor('s', [1, 2], [1, 10])] })
  expect(readTensors(file)).toEqual({ t: { shape: [1, 4], values: [0, 1, 20, -10] } })
})

it.each([
  ['fewer columns than K', { K: 64, N: 1, block_size: 16 }],
  ['fewer rows than N', { K: 16, N: 2, block_size: 16 }],
  ['a block size of 0', { K: 16, N: 1, block_size: 0 }],
  ['a negative size', { K: -16, N: 1, block_size: 16 }],
])('block-quantised weights with %s are malformed', (_, sizes) => {
  const attributes = Object.fromEntries(Object.entries(sizes).map(([name, int]) => [name, { int }]))
  const nodes = [node('MatMulNBits', ['x', 'b', 's'], ['y'], { attributes, domain: 'com.microsoft' })]
  const packed = byteTensor('b', DATA_TYPE.uint8, [1, 1, 8], [1, 2, 3, 4, 5, 6, 7, 8])
  expect(problemOf(model({ nodes, initializers: [packed, floatTensor('s', [1], [1])] }))).toBe('malformed')
})
