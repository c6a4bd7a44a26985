import { describe, expect, it } from 'vitest'
import type { StoredTensor } from '../../src/read/model-file.ts'
import { layers, readParts } from '../builders/tfjs.ts'
import { tensorValues } from '../builders/values.ts'

function readWeight(name: string, shape: number[], topology: object = {}): StoredTensor[] {
  const bytes = new Uint8Array(4 * shape.reduce((a, b) => a * b))
  return readParts({ weights: [{ name, shape }], shards: [bytes], topology }).tensors
}

const viewOf = (name: string, shape: number[], topology?: object) => readWeight(name, shape, topology)[0]!.view

describe('a variable is seen in canonical order', () => {
  it.each([
    ['dense/kernel', [2, 3], [3, 2]],
    ['conv1d/kernel', [2, 3, 4], [4, 3, 2]],
    ['conv2d/kernel', [2, 3, 4, 5], [5, 4, 2, 3]],
    ['conv3d/kernel', [2, 3, 4, 5, 6], [6, 5, 2, 3, 4]],
    ['separable/pointwise_kernel', [1, 1, 4, 5], [5, 4, 1, 1]],
    ['rnn/recurrent_kernel', [2, 6], [6, 2]],
    ['embedding/embeddings', [7, 3], [7, 3]],
    ['norm/gamma', [3], [3]],
    ['prelu/alpha', [1, 1, 3], [1, 1, 3]],
  ])('%s of %j becomes %j', (name, stored, seen) => {
    expect(viewOf(name, stored).shape).toEqual(seen)
  })

  it('depthwise kernels with in · multiplier channels as rows', () => {
    const view = viewOf('dw/depthwise_kernel', [2, 3, 4, 5])
    expect([view.shape, view.rowAxes]).toEqual([[4, 5, 2, 3], 2])
  })

  it('with the suffix that TensorFlow gives', () => {
    expect(viewOf('dense/kernel:0', [2, 3]).shape).toEqual([3, 2])
  })

  it('of an attention layer: query (in, heads, size) with heads · size rows', () => {
    const topology = layers({ class: 'MultiHeadAttention', name: 'mha' })
    const view = viewOf('mha/query/kernel', [8, 2, 4], topology)
    expect([view.shape, view.rowAxes]).toEqual([[2, 4, 8], 2])
  })

  it('of an attention layer: output (heads, size, out) with out rows', () => {
    const topology = layers({ class: 'MultiHeadAttention', name: 'mha' })
    expect(viewOf('mha/attention_output/kernel', [2, 4, 8], topology).shape).toEqual([8, 2, 4])
  })

  it('as stored, where the layer has an order of its own', () => {
    expect(viewOf('e/kernel', [2, 3, 4], layers({ class: 'EinsumDense', name: 'e' })).shape).toEqual([2, 3, 4])
  })
})

describe('a recurrent layer is split into its gates', () => {
  const names = (name: string, shape: number[], topology: object) =>
    readWeight(name, shape, topology).map((tensor) => tensor.name)
  const lstm = layers({ class: 'LSTM', name: 'lstm' })

  it('i, f, g, o of an LSTM, from the columns of its kernel', () => {
    const values = new Uint8Array(new Float32Array([0, 1, 2, 3, 4, 5, 6, 7]).buffer)
    const weights = [{ name: 'lstm/lstm_cell/kernel', shape: [2, 4] }]
    const file = readParts({ weights, shards: [values], topology: lstm })
    expect(file.tensors.map((tensor) => [tensor.name.at(-1), [...tensorValues(file, tensor)]])).toEqual([
      ['i', [0, 4]],
      ['f', [1, 5]],
      ['g', [2, 6]],
      ['o', [3, 7]],
    ])
  })

  it('and so are its biases', () => {
    expect(names('lstm/bias', [8], lstm)).toEqual(['lstm/bias.i', 'lstm/bias.f', 'lstm/bias.g', 'lstm/bias.o'])
  })

  it('z, r, n of a GRU, also from its two biases', () => {
    const tensors = readWeight('gru/bias', [2, 6], layers({ class: 'GRU', name: 'gru' }))
    expect(tensors.map((tensor) => [tensor.name, tensor.view.shape])).toEqual([
      ['gru/bias.z', [2, 2]],
      ['gru/bias.r', [2, 2]],
      ['gru/bias.n', [2, 2]],
    ])
  })

  it('inside a Bidirectional wrapper', () => {
    const inner = { class_name: 'LSTM', config: { name: 'lstm' } }
    const topology = layers({ class: 'Bidirectional', name: 'both', config: { layer: inner } })
    expect(names('both/forward_lstm/lstm_cell/kernel', [2, 4], topology)).toHaveLength(4)
  })

  it('inside a model inside a model', () => {
    const inner = {
      class_name: 'Functional',
      config: { name: 'inner', layers: [{ class_name: 'LSTM', config: { name: 'l' } }] },
    }
    const topology = { model_config: { class_name: 'Functional', config: { name: 'outer', layers: [inner] } } }
    expect(names('inner/l/kernel', [2, 4], topology)).toHaveLength(4)
  })

  it('in the configuration of an old Sequential model, which is a list', () => {
    const topology = { class_name: 'Sequential', config: [{ class_name: 'LSTM', config: { name: 'l' } }] }
    expect(names('l/kernel', [2, 4], topology)).toHaveLength(4)
  })

  it('but not when the gates would not be of one size', () => {
    expect(names('lstm/kernel', [2, 5], lstm)).toEqual(['lstm/kernel'])
  })

  it('but not when nothing says that it is one', () => {
    expect(names('lstm/kernel', [2, 4], {})).toEqual(['lstm/kernel'])
  })
})
