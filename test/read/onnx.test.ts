import { describe, expect, it } from 'vitest'
import { looksLikeOnnx } from '../../src/read/onnx.ts'
import {
  byteTensor,
  constant,
  DATA_TYPE,
  externalData,
  floatTensor,
  graph,
  int64Tensor,
  localFunction,
  model,
  node,
  packedVarints,
  rawData,
  sparseTensor,
  tensor,
} from '../builders/onnx.ts'
import { bytesField, floatField, floats, varintField } from '../builders/protobuf.ts'
import { readBytesAsOnnx, readTensors } from '../builders/read-onnx.ts'

function only(...initializers: Uint8Array[]) {
  return readTensors(model({ initializers }))
}

describe('elements are read', () => {
  it('from raw data, as a byte range of the file', () => {
    const file = readBytesAsOnnx(model({ initializers: [floatTensor('w', [2], [1, -2])] }))
    expect(file.tensors[0]?.data).toMatchObject({ kind: 'ranges', ranges: [{ file: 0, length: 8 }] })
  })

  it('from packed float_data, as a byte range of the file', () => {
    const packed = tensor('w', DATA_TYPE.float, [2], bytesField(4, floats(1, -2)))
    const file = readBytesAsOnnx(model({ initializers: [packed] }))
    expect(file.tensors[0]?.data).toMatchObject({ kind: 'ranges', ranges: [{ file: 0, length: 8 }] })
  })

  it.each([
    [
      'float_data in single fields',
      tensor('w', DATA_TYPE.float, [2], floatField(4, 1.5), floatField(4, -2)),
      [1.5, -2],
    ],
    [
      'float_data in two packed pieces',
      tensor('w', DATA_TYPE.float, [2], bytesField(4, floats(3)), bytesField(4, floats(4))),
      [3, 4],
    ],
    ['int32_data', tensor('w', DATA_TYPE.int32, [2], packedVarints(5, [-7, 2 ** 31 - 1])), [-7, 2 ** 31 - 1]],
    ['int32_data of int8', tensor('w', DATA_TYPE.int8, [2], packedVarints(5, [-128, 127])), [-128, 127]],
    ['int32_data of float16', tensor('w', DATA_TYPE.float16, [2], packedVarints(5, [0x3c00, 0xc000])), [1, -2]],
    ['int32_data of int4', tensor('w', DATA_TYPE.int4, [3], packedVarints(5, [0xf1, 0x08])), [1, -1, -8]],
    ['int64_data', tensor('w', DATA_TYPE.int64, [2], packedVarints(7, [-1, 2 ** 40])), [-1, 2 ** 40]],
    ['int64_data in single fields', tensor('w', DATA_TYPE.int64, [2], varintField(7, 5), varintField(7, -5)), [5, -5]],
    ['uint64_data', tensor('w', DATA_TYPE.uint64, [1], packedVarints(11, [2n ** 63n])), [2 ** 63]],
    ['raw bfloat16', tensor('w', DATA_TYPE.bfloat16, [1], rawData([0x80, 0x3f])), [1]],
    ['raw uint4', tensor('w', DATA_TYPE.uint4, [3], rawData([0x21, 0x03])), [1, 2, 3]],
    ['float8 e4m3', tensor('w', 17, [3], rawData([0x38, 0x7e, 0xb8])), [1, 448, -1]],
    ['float8 e4m3 without negative zero', tensor('w', 18, [3], rawData([0x40, 0x7f, 0x01])), [1, 240, 2 ** -10]],
    ['float8 e5m2', tensor('w', 19, [2], rawData([0x3c, 0x7b])), [1, 57344]],
    ['float8 e5m2 without negative zero', tensor('w', 20, [3], rawData([0x40, 0x7f, 0x81])), [1, 57344, -(2 ** -17)]],
    ['float4', tensor('w', 23, [4], rawData([0x12, 0xff])), [1, 0.5, -6, -6]],
    ['float8 e8m0', tensor('w', 24, [2], rawData([127, 0])), [1, 2 ** -127]],
    ['complex numbers', tensor('w', 14, [1], rawData(floats(1, 2))), [1, 2]],
  ])('of %s', (_, initializer, values) => {
    expect(only(initializer)['w']?.values).toEqual(values)
  })

  it('of a sparse initializer with linear indices', () => {
    const sparse = sparseTensor(floatTensor('w', [2], [5, 6]), int64Tensor('', [1, 3]), [2, 2])
    expect(readTensors(model({ sparse: [sparse] }))['w']?.values).toEqual([0, 5, 0, 6])
  })

  it('of a sparse initializer with coordinates', () => {
    const indices = tensor('', DATA_TYPE.int64, [2, 2], packedVarints(7, [0, 1, 1, 0]))
    const sparse = sparseTensor(floatTensor('w', [2], [5, 6]), indices, [2, 2])
    expect(readTensors(model({ sparse: [sparse] }))['w']?.values).toEqual([0, 5, 6, 0])
  })

  it('from external data, from its offset on', () => {
    const outside = tensor(
      'w',
      DATA_TYPE.float,
      [2],
      externalData({ location: 'w.bin', offset: '4', length: '8', checksum: 'x' }),
    )
    expect(readTensors(model({ initializers: [outside] }), { 'w.bin': floats(0, 1, 2) })['w']?.values).toEqual([1, 2])
  })
})

describe('tensors are found', () => {
  it.each([
    ['value', { value: { tensor: floatTensor('', [2], [1, 2]) } }, [1, 2]],
    ['value_float', { value_float: { float: 2.5 } }, [2.5]],
    ['value_floats', { value_floats: { floats: [1, 2] } }, [1, 2]],
    ['value_int', { value_int: { int: -3 } }, [-3]],
    ['value_ints', { value_ints: { ints: [4, -5] } }, [4, -5]],
    [
      'sparse_value',
      { sparse_value: { sparse: sparseTensor(floatTensor('', [1], [7]), int64Tensor('', [1]), [2]) } },
      [0, 7],
    ],
  ])('in the %s of a Constant', (_, value, values) => {
    expect(readTensors(model({ nodes: [constant('c', value)] }))['c']?.values).toEqual(values)
  })

  it('in a subgraph of a subgraph', () => {
    const inner = graph({ initializers: [floatTensor('w', [1], [9])] })
    const middle = graph({ nodes: [node('Loop', [], ['l'], { attributes: { body: { graph: inner } } })] })
    const outer = node('If', ['c'], ['o'], { attributes: { then_branch: { graph: middle } } })
    expect(readTensors(model({ nodes: [outer] }))['w']?.values).toEqual([9])
  })

  it('in a model-local function', () => {
    const nodes = [constant('c', { value: { tensor: floatTensor('', [1], [3]) } })]
    const called = localFunction({ name: 'f', domain: 'd', inputs: [], nodes })
    expect(readTensors(model({}, [called]))['c']?.values).toEqual([3])
  })

  it('in the long lists of a tree ensemble', () => {
    const thresholds = Array.from({ length: 16 }, (_, i) => i / 2)
    const attributes = { nodes_values: { floats: thresholds } }
    const trees = node('TreeEnsembleClassifier', ['x'], ['y'], { attributes, domain: 'ai.onnx.ml' })
    expect(readTensors(model({ nodes: [trees] }))['y.nodes_values']?.values).toEqual(thresholds)
  })

  it('but not where they hold text', () => {
    expect(only(tensor('words', DATA_TYPE.string, [1], bytesField(6, Buffer.from('a'))))).toEqual({})
  })

  it('but not where they hold nothing', () => {
    expect(only(tensor('roi', DATA_TYPE.float, [0]))).toEqual({})
  })
})

describe('a name that stands in two branches', () => {
  function branches(a: number[], b: number[]) {
    const branch = (values: number[]) => ({
      graph: graph({ initializers: [floatTensor('w', [values.length], values)] }),
    })
    return model({
      nodes: [node('If', ['c'], ['y'], { attributes: { then_branch: branch(a), else_branch: branch(b) } })],
    })
  }

  it('is listed once when both mean the same values', () => {
    expect(Object.keys(readTensors(branches([1, 2], [1, 2])))).toEqual(['w'])
  })

  it('is listed twice, the second with its path, when the values differ', () => {
    const tensors = readTensors(branches([1, 2], [1, 3]))
    expect(tensors).toMatchObject({ w: { values: [1, 2] }, 'y/else_branch/w': { values: [1, 3] } })
  })
})

describe('a file looks like ONNX', () => {
  const head = model({ initializers: [byteTensor('w', DATA_TYPE.uint8, [1], [1])] })

  it('by its name', () => {
    expect(looksLikeOnnx('a.ONNX', new Uint8Array(0))).toBe(true)
  })

  it('by its first fields', () => {
    expect(looksLikeOnnx('model.bin', head)).toBe(true)
  })

  it.each([
    ['text', Buffer.from('hello world')],
    ['JSON', Buffer.from('{"a":1}')],
    ['zeros', new Uint8Array(16)],
    ['nothing', new Uint8Array(0)],
    ['another protobuf', Uint8Array.from([0x0a, 0x03, 1, 2, 3])],
  ])('unless it is %s', (_, bytes) => {
    expect(looksLikeOnnx('model.bin', bytes)).toBe(false)
  })
})
