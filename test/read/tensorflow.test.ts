import { describe, expect, it } from 'vitest'
import { bytesField, floatField, floats, varintField } from '../builders/protobuf.ts'
import {
  bundleHeader,
  constant,
  entry,
  graph,
  node,
  oneEntry,
  readGraph,
  readIndex,
  readSaved,
  savedModel,
  table,
} from '../builders/tensorflow.ts'
import { tensorValues } from '../builders/values.ts'

const matrix = (name: string) => constant(name, 1, [2, 3], bytesField(4, floats(1, 2, 3, 4, 5, 6)))
const flag = varintField(5, 1)

describe('a matrix in a graph', () => {
  it('that multiplies from the right is turned to (out, in)', () => {
    const { tensors } = readGraph(graph(matrix('w'), node('y', 'MatMul', ['x', 'w'])))
    expect(tensors[0]).toMatchObject({ name: 'w', view: { shape: [3, 2], strides: [1, 3] } })
  })

  it('that is turned by the product itself is (out, in) as stored', () => {
    const { tensors } = readGraph(graph(matrix('w'), node('y', 'MatMul', ['x', 'w'], { transpose_b: flag })))
    expect(tensors[0]).toMatchObject({ view: { shape: [2, 3] } })
  })

  it('is seen through what hands it on', () => {
    const { tensors } = readGraph(graph(matrix('w'), node('r', 'Identity', ['w']), node('y', 'MatMul', ['x', 'r:0'])))
    expect(tensors[0]).toMatchObject({ view: { shape: [3, 2] } })
  })
})

describe('a constant', () => {
  it('with one element for all is that element again and again', () => {
    const file = readGraph(graph(constant('w', 1, [3], floatField(5, 2.5))))
    expect([...tensorValues(file, file.tensors[0]!)]).toEqual([2.5, 2.5, 2.5])
  })

  it('with a few elements goes on with the last', () => {
    const file = readGraph(graph(constant('w', 3, [4], bytesField(7, Uint8Array.of(1, 2)))))
    expect([...tensorValues(file, file.tensors[0]!)]).toEqual([1, 2, 2, 2])
  })

  it('of float16 keeps its bits in whole numbers', () => {
    const file = readGraph(graph(constant('w', 19, [1], bytesField(13, Uint8Array.of(0x80, 0x78)))))
    expect([...tensorValues(file, file.tensors[0]!)]).toEqual([1])
  })

  it('of strings is passed over', () => {
    const { tensors } = readGraph(graph(constant('s', 7, [1], bytesField(8, Uint8Array.of(65))), matrix('w')))
    expect(tensors.map(({ name }) => name)).toEqual(['w'])
  })
})

describe('a saved model', () => {
  it('without variables has its constants', () => {
    expect(readSaved(savedModel(graph(matrix('w')))).tensors.map(({ name }) => name)).toEqual(['w'])
  })

  it('has the variables of its checkpoint, as its graph uses them', () => {
    const variables = table({
      entries: [
        ['', bundleHeader()],
        ['dense/w', entry({ shape: [1, 2] })],
      ],
    })
    const nodes = [
      node('v_3', 'VarHandleOp', [], { shared_name: bytesField(2, Buffer.from('dense/w')) }),
      node('r', 'ReadVariableOp', ['v_3']),
      node('y', 'MatMul', ['x', 'r']),
    ]
    const { tensors, files } = readSaved(savedModel(graph(...nodes)), {
      'variables/variables.index': variables,
      'variables/variables.data-00000-of-00001': new Uint8Array(8),
    })
    expect(tensors).toMatchObject([{ name: 'dense/w', view: { shape: [2, 1] }, data: { ranges: [{ file: 2 }] } }])
    expect(files).toHaveLength(3)
  })

  it.each(['PyFunc', 'EagerPyFunc', 'WriteFile', 'ReadFile', 'Addons>Resample'])('with %s is reported', (operator) => {
    expect(readSaved(savedModel(graph(matrix('w'), node('n', operator)))).findings).toMatchObject([
      { code: 'unsafe-op', severity: 'high', message: expect.stringContaining(operator) },
    ])
  })
})

it('a checkpoint leaves out what belongs to the optimiser', () => {
  const value = '/.ATTRIBUTES/VARIABLE_VALUE'
  const keys = [
    'net/kernel',
    `net/kernel/.OPTIMIZER_SLOT/training/m${value}`,
    `optimizer/beta_1${value}`,
    `save_counter${value}`,
    'table',
    'table/Adam',
    `training/_iterations${value}`,
    `training/_variables/1${value}`,
  ]
  const entries = keys.map((key): [string, Uint8Array] => [key, entry({})])
  const { tensors } = readIndex(table({ entries: [['', bundleHeader()], ...entries] }))
  expect(tensors.map(({ name }) => name)).toEqual(['net/kernel', 'table'])
})

it('a checkpoint keeps its weights as ranges of its data', () => {
  expect(readIndex(oneEntry({ offset: 4 })).tensors).toMatchObject([
    { name: 'w', element: 'f32', data: { ranges: [{ file: 1, offset: 4, length: 8 }] } },
  ])
})
