import { describe, expect, it } from 'vitest'
import type { ModelFile, TensorView } from '../../src/read/model-file.ts'
import { graph, type NodeParts, readParts } from '../builders/tfjs.ts'
import { tensorValues } from '../builders/values.ts'

const flag = (name: string) => ({ [name]: { b: true } })

function readWeight(shape: number[], topology: object): ModelFile {
  const bytes = new Uint8Array(new Float32Array(shape.reduce((a, b) => a * b)).map((_, index) => index).buffer)
  return readParts({ weights: [{ name: 'w', shape }], shards: [bytes], topology })
}

/** The view of weight `w` in a graph of these nodes. */
const viewIn = (shape: number[], nodes: NodeParts[], functions: object[] = []): TensorView =>
  readWeight(shape, graph([{ name: 'w', op: 'Const' }, ...nodes], functions)).tensors[0]!.view

const usedBy = (op: string, shape: number[], attr: object = {}) =>
  viewIn(shape, [{ name: 'y', op, input: ['x', 'w'], attr }])

describe('a weight is seen in canonical order when it is used by', () => {
  it.each(['Conv2D', '_FusedConv2D'])('%s: (kh, kw, in, out) becomes (out, in, kh, kw)', (op) => {
    const view = usedBy(op, [2, 3, 4, 5])
    expect([view.shape, view.strides]).toEqual([
      [5, 4, 2, 3],
      [1, 5, 60, 20],
    ])
  })

  it.each(['DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative'])('%s: in · multiplier channels as rows', (op) => {
    const view = usedBy(op, [2, 3, 4, 5])
    expect([view.shape, view.rowAxes]).toEqual([[4, 5, 2, 3], 2])
  })

  it('Conv2DBackpropInput: (kh, kw, out, in) becomes (in, out, kh, kw)', () => {
    expect(usedBy('Conv2DBackpropInput', [2, 3, 4, 5]).shape).toEqual([5, 4, 2, 3])
  })

  it('Conv3D: (kd, kh, kw, in, out) becomes (out, in, kd, kh, kw)', () => {
    expect(usedBy('Conv3D', [2, 3, 4, 5, 6]).shape).toEqual([6, 5, 2, 3, 4])
  })

  it.each(['MatMul', '_FusedMatMul', 'BatchMatMulV2'])('%s: (in, out) becomes (out, in)', (op) => {
    expect(usedBy(op, [2, 3]).shape).toEqual([3, 2])
  })

  it('MatMul that transposes it: (out, in) stays', () => {
    expect(usedBy('MatMul', [2, 3], flag('transpose_b')).shape).toEqual([2, 3])
  })

  it('BatchMatMulV2 that turns it: (out, in) stays', () => {
    expect(usedBy('BatchMatMulV2', [2, 3], flag('adj_y')).shape).toEqual([2, 3])
  })

  it('MatMul as its first factor: (out, in) stays', () => {
    expect(viewIn([2, 3], [{ name: 'y', op: 'MatMul', input: ['w', 'x'] }]).shape).toEqual([2, 3])
  })

  it('GatherV2: as stored', () => {
    expect(viewIn([2, 3], [{ name: 'y', op: 'GatherV2', input: ['w', 'x'] }]).shape).toEqual([2, 3])
  })
})

describe('a use is seen', () => {
  it('through identities', () => {
    const nodes = [
      { name: 'i', op: 'Identity', input: ['w'] },
      { name: 'y', op: 'MatMul', input: ['x', 'i:0'] },
    ]
    expect(viewIn([2, 3], nodes).shape).toEqual([3, 2])
  })

  it('through the ExpandDims of a one-dimensional convolution: (k, in, out) becomes (out, in, k)', () => {
    const nodes = [
      { name: 'e', op: 'ExpandDims', input: ['w', 'axis'] },
      { name: 'y', op: 'Conv2D', input: ['x', 'e'] },
    ]
    expect(viewIn([2, 3, 4], nodes).shape).toEqual([4, 3, 2])
  })

  it('inside a loop of TensorFlow 1', () => {
    const nodes = [
      { name: 'enter', op: 'Enter', input: ['w'] },
      { name: 'merge', op: 'Merge', input: ['enter', 'next'] },
      { name: 'switch', op: 'Switch', input: ['merge', 'condition'] },
      { name: 'y', op: 'MatMul', input: ['x', 'switch:1'] },
    ]
    expect(viewIn([2, 3], nodes).shape).toEqual([3, 2])
  })

  it('inside the function that is the body of a loop', () => {
    const body = {
      signature: { name: 'body', inputArg: [{ name: 'step' }, { name: 'kernel' }] },
      nodeDef: [{ name: 'y', op: 'MatMul', input: ['x:z:0', 'kernel'] }],
    }
    const loop = { name: 'l', op: 'StatelessWhile', input: ['zero', 'w'], attr: { body: { func: { name: 'body' } } } }
    expect(viewIn([2, 3], [loop], [body]).shape).toEqual([3, 2])
  })

  it('inside a branch, whose arguments follow the condition', () => {
    const branch = {
      signature: { name: 'then', inputArg: [{ name: 'kernel' }] },
      nodeDef: [{ name: 'y', op: 'MatMul', input: ['x', 'kernel'] }],
    }
    const choice = { name: 'c', op: 'If', input: ['condition', 'w'], attr: { then_branch: { func: { name: 'then' } } } }
    expect(viewIn([2, 3], [choice], [branch]).shape).toEqual([3, 2])
  })
})

describe('an LSTM cell', () => {
  const cell = (tanh: number) => [
    { name: 'm', op: 'MatMul', input: ['x', 'w'] },
    { name: 'sum', op: 'BiasAdd', input: ['m', 'b'] },
    { name: 'split', op: 'Split', input: ['axis', 'sum'], attr: { num_split: { i: '4' } } },
    ...[0, 1, 2, 3].map((output) => ({
      name: `gate${output}`,
      op: output === tanh ? 'Tanh' : 'Sigmoid',
      input: [output === 0 ? 'split' : `split:${output}`],
    })),
  ]

  it('is split into its gates', () => {
    const file = readWeight([2, 4], graph(cell(2)))
    expect(file.tensors.map((tensor) => [tensor.name, [...tensorValues(file, tensor)]])).toEqual([
      ['w.i', [0, 4]],
      ['w.f', [1, 5]],
      ['w.g', [2, 6]],
      ['w.o', [3, 7]],
    ])
  })

  it("of TensorFlow 1 has its gates in that one's order", () => {
    expect(readWeight([2, 4], graph(cell(1))).tensors.map((tensor) => tensor.name)).toEqual([
      'w.i',
      'w.g',
      'w.f',
      'w.o',
    ])
  })

  it('is not seen in any other split in four', () => {
    expect(readWeight([2, 4], graph(cell(3))).tensors.map((tensor) => tensor.name)).toEqual(['w'])
  })
})

describe('a graph made to cost time is read in the end', () => {
  it('with identities in a circle', () => {
    const nodes = [
      { name: 'w', op: 'Identity', input: ['i'] },
      { name: 'i', op: 'Identity', input: ['w'] },
      { name: 'y', op: 'MatMul', input: ['x', 'i'] },
    ]
    expect(viewIn([2, 3], nodes).shape).toHaveLength(2)
  })

  it('with a function that calls itself', () => {
    const call = { name: 'c', op: 'PartitionedCall', input: ['a'], attr: { f: { func: { name: 'f' } } } }
    const self = {
      signature: { name: 'f', inputArg: [{ name: 'a' }] },
      nodeDef: [call, { name: 'y', op: 'MatMul', input: ['x', 'a'] }],
    }
    expect(viewIn([2, 3], [], [self]).shape).toEqual([2, 3])
  })

  it('with sums that double at every step', () => {
    const sums = Array.from({ length: 200 }, (_, index) => ({
      name: `s${index}`,
      op: 'AddV2',
      input: [`s${index + 1}`, `s${index + 1}`],
    }))
    const split = { name: 'split', op: 'Split', input: ['axis', 's0'], attr: { num_split: { i: '4' } } }
    const tanh = { name: 't', op: 'Tanh', input: ['split:2'] }
    expect(viewIn([2, 3], [...sums, split, tanh]).shape).toEqual([2, 3])
  })
})

it('whatever in the topology is no node is passed over', () => {
  const nodes = [null, 7, [], { op: 3, input: 'w' }, { name: 'y', op: 'MatMul', input: [null, 'w'] }]
  expect(
    readWeight([2, 3], { node: nodes, library: { function: [null, {}, { signature: 1 }] } }).tensors[0]?.view.shape,
  ).toEqual([3, 2])
})
