import { describe, expect, it } from 'vitest'
import { floatTensor, int64Tensor, model, node } from '../builders/onnx.ts'
import { readTensors } from '../builders/read-onnx.ts'

/** Hidden size 1: PyTorch's rows i, f, g, o. */
const TORCH = [
  floatTensor('weight_ih', [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
  floatTensor('weight_hh', [4, 1], [10, 20, 30, 40]),
  floatTensor('bias_ih', [4], [1, 2, 3, 4]),
  floatTensor('bias_hh', [4], [5, 6, 7, 8]),
]

const GATES = {
  'weight_ih.i': { shape: [1, 2], values: [1, 2] },
  'weight_ih.f': { shape: [1, 2], values: [3, 4] },
  'weight_ih.g': { shape: [1, 2], values: [5, 6] },
  'weight_ih.o': { shape: [1, 2], values: [7, 8] },
  'weight_hh.o': { shape: [1, 1], values: [40] },
  'bias_hh.f': { shape: [1], values: [6] },
}

/** As PyTorch's exporter brings i, f, g, o to ONNX's i, o, f, c. */
function reordered(name: string): Uint8Array[] {
  return [
    node('Slice', [name, 'n0', 'n1', 'n0'], [`${name}_i`]),
    node('Slice', [name, 'n3', 'n4', 'n0'], [`${name}_o`]),
    node('Slice', [name, 'n1', 'n3', 'n0'], [`${name}_fg`]),
    node('Concat', [`${name}_i`, `${name}_o`, `${name}_fg`], [`${name}_onnx`], { attributes: { axis: { int: 0 } } }),
  ]
}

const NUMBERS = [0, 1, 3, 4].map((number) => int64Tensor(`n${number}`, [number]))

describe('gates come out the same', () => {
  it('from an LSTM whose weights nodes cut from PyTorch rows', () => {
    const nodes = [
      ...['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].flatMap(reordered),
      node('Concat', ['bias_ih_onnx', 'bias_hh_onnx'], ['bias'], { attributes: { axis: { int: 0 } } }),
      node('Unsqueeze', ['weight_ih_onnx', 'n0'], ['W']),
      node('Unsqueeze', ['weight_hh_onnx', 'n0'], ['R']),
      node('Unsqueeze', ['bias', 'n0'], ['B']),
      node('LSTM', ['x', 'W', 'R', 'B'], ['y']),
    ]
    expect(readTensors(model({ nodes, initializers: [...TORCH, ...NUMBERS] }))).toMatchObject(GATES)
  })

  it('from a cell that is decomposed, by PyTorch names', () => {
    const options = { attributes: { transB: { int: 1 } } }
    const nodes = [
      node('Gemm', ['x', 'weight_ih', 'bias_ih'], ['a'], options),
      node('Gemm', ['h', 'weight_hh', 'bias_hh'], ['b'], options),
    ]
    expect(readTensors(model({ nodes, initializers: TORCH }))).toMatchObject(GATES)
  })

  it('from an LSTM with its own rows', () => {
    const initializers = [
      floatTensor('weight_ih', [1, 4, 2], [1, 2, 7, 8, 3, 4, 5, 6]),
      floatTensor('weight_hh', [1, 4, 1], [10, 40, 20, 30]),
    ]
    const tensors = readTensors(model({ nodes: [node('LSTM', ['x', 'weight_ih', 'weight_hh'], ['y'])], initializers }))
    const { 'bias_hh.f': _, ...gates } = GATES
    expect(tensors).toMatchObject(gates)
  })
})

it('a weight of which an LSTM takes only some rows stays whole', () => {
  const nodes = [
    node('Slice', ['weight_ih', 'n0', 'n1', 'n0'], ['part']),
    node('Concat', ['part', 'part', 'part', 'part'], ['joined'], { attributes: { axis: { int: 0 } } }),
    node('Unsqueeze', ['joined', 'n0'], ['W']),
    node('LSTM', ['x', 'W', 'R'], ['y']),
  ]
  const weight = floatTensor('weight_ih', [5, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  const recurrence = floatTensor('R', [1, 4, 1], [1, 2, 3, 4])
  const tensors = readTensors(model({ nodes, initializers: [weight, recurrence, ...NUMBERS] }))
  expect(tensors['weight_ih']?.shape).toEqual([5, 2])
})

it('both directions are split', () => {
  const initializers = [floatTensor('W', [2, 1, 2], [1, 2, 3, 4]), floatTensor('R', [2, 1, 1], [5, 6])]
  const tensors = readTensors(model({ nodes: [node('RNN', ['x', 'W', 'R'], ['y'])], initializers }))
  expect(tensors).toMatchObject({
    W: { values: [1, 2] },
    'W.reverse': { values: [3, 4] },
    'R.reverse': { values: [6] },
  })
})
