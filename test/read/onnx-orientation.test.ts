import { describe, expect, it } from 'vitest'
import { constant, floatTensor, graph, int64Tensor, localFunction, model, node } from '../builders/onnx.ts'
import { readTensors } from '../builders/read-onnx.ts'

const W = floatTensor('w', [2, 3], [0, 1, 2, 3, 4, 5])
const AS_STORED = { shape: [2, 3], values: [0, 1, 2, 3, 4, 5] }
const TURNED = { shape: [3, 2], values: [0, 3, 1, 4, 2, 5] }

function seenBy(...nodes: Uint8Array[]) {
  return readTensors(model({ nodes, initializers: [W, int64Tensor('axes', [0]), int64Tensor('shape', [1, 2, 3])] }))[
    'w'
  ]
}

describe('a matrix is seen as (out, in)', () => {
  it.each([
    ['the second operand of MatMul', [node('MatMul', ['x', 'w'], ['y'])], TURNED],
    ['the first operand of MatMul', [node('MatMul', ['w', 'x'], ['y'])], AS_STORED],
    ['the second operand of Gemm', [node('Gemm', ['x', 'w'], ['y'])], TURNED],
    [
      'the second operand of Gemm with transB',
      [node('Gemm', ['x', 'w'], ['y'], { attributes: { transB: { int: 1 } } })],
      AS_STORED,
    ],
    [
      'the first operand of Gemm with transA',
      [node('Gemm', ['w', 'x'], ['y'], { attributes: { transA: { int: 1 } } })],
      TURNED,
    ],
    ['an embedding table', [node('Gather', ['w', 'x'], ['y'])], AS_STORED],
    ['no node', [], AS_STORED],
    [
      'MatMul after Transpose',
      [
        node('Transpose', ['w'], ['t'], { attributes: { perm: { ints: [1, 0] } } }),
        node('Identity', ['t'], ['i']),
        node('MatMul', ['x', 'i'], ['y']),
      ],
      AS_STORED,
    ],
    ['MatMul after Unsqueeze', [node('Unsqueeze', ['w', 'axes'], ['u']), node('MatMul', ['x', 'u'], ['y'])], TURNED],
    ['MatMul after Reshape', [node('Reshape', ['w', 'shape'], ['u']), node('MatMul', ['x', 'u'], ['y'])], TURNED],
    [
      'two nodes, of which the first decides',
      [node('Add', ['w', 'x'], ['a']), node('MatMul', ['x', 'w'], ['y']), node('Gather', ['w', 'x'], ['z'])],
      TURNED,
    ],
  ])('by %s', (_, nodes, expected) => {
    expect(seenBy(...nodes)).toEqual(expected)
  })

  it('by a node in a subgraph', () => {
    const body = graph({ nodes: [node('MatMul', ['x', 'w'], ['y'])] })
    expect(seenBy(node('If', ['c'], ['y'], { attributes: { then_branch: { graph: body } } }))).toEqual(TURNED)
  })

  it('by a node in a function that it is given to', () => {
    const nodes = [node('MatMul', ['a', 'b'], ['y'])]
    const linear = localFunction({ name: 'Linear', domain: 'd', inputs: ['a', 'b'], nodes })
    const calls = [node('Linear', ['x', 'w'], ['y'], { domain: 'd' })]
    expect(readTensors(model({ nodes: calls, initializers: [W] }, [linear]))['w']).toEqual(TURNED)
  })

  it('by a name that an inner graph gives to something else, not at all', () => {
    const body = graph({
      nodes: [constant('w', { value_float: { float: 1 } }), node('MatMul', ['x', 'w'], ['y'])],
    })
    const tensors = readTensors(
      model({
        nodes: [node('If', ['c'], ['y'], { attributes: { then_branch: { graph: body } } })],
        initializers: [W],
      }),
    )
    expect(tensors['w']).toEqual(AS_STORED)
  })
})

it('a transposed convolution stays as stored', () => {
  const weight = floatTensor('k', [2, 1, 1, 2], [1, 2, 3, 4])
  const tensors = readTensors(model({ nodes: [node('ConvTranspose', ['x', 'k'], ['y'])], initializers: [weight] }))
  expect(tensors['k']).toEqual({ shape: [2, 1, 1, 2], values: [1, 2, 3, 4] })
})

it('the fused weight of an Attention node is split by role', () => {
  const weight = floatTensor('qkv', [1, 3], [1, 2, 3])
  const tensors = readTensors(model({ nodes: [node('Attention', ['x', 'qkv'], ['y'])], initializers: [weight] }))
  expect(tensors).toMatchObject({ 'qkv.q': { values: [1] }, 'qkv.k': { values: [2] }, 'qkv.v': { values: [3] } })
})
