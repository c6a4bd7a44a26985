import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { ModelFile } from '../../src/read/model-file.ts'
import { readOnnx } from '../../src/read/onnx.ts'
import { ReadError } from '../../src/read/read-error.ts'
import { openSiblings } from '../../src/read/siblings.ts'
import { checkRange, memorySource } from '../../src/read/source.ts'
import {
  byteTensor,
  constant,
  DATA_TYPE,
  externalData,
  floatTensor,
  graph,
  int64Tensor,
  model,
  modelWith,
  node,
  packedVarints,
  rawData,
  sparseTensor,
  tensor,
} from '../builders/onnx.ts'
import { bytesField, floats, join, textField, varint, varintField } from '../builders/protobuf.ts'
import { problemOf, readBytesAsOnnx } from '../builders/read-onnx.ts'
import { tensorValues } from '../builders/values.ts'

function one(initializer: Uint8Array): Uint8Array {
  return model({ initializers: [initializer] })
}

describe('a tensor is refused', () => {
  const four = rawData(floats(1, 2, 3, 4))
  it.each([
    ['with a negative length', tensor('w', 1, [-1], four), 'malformed'],
    ['with a length of 2^63', tensor('w', 1, [2n ** 63n], four), 'malformed'],
    ['with a length of 2^62', tensor('w', 1, [2n ** 62n], four), 'limit'],
    ['with lengths whose product overflows', tensor('w', 1, [2 ** 32, 2 ** 32, 2 ** 32], four), 'limit'],
    ['with more axes than any', tensor('w', 1, Array(33).fill(1), rawData(floats(1))), 'limit'],
    ['with less raw data than its shape', tensor('w', 1, [5], four), 'malformed'],
    ['with more raw data than its shape', tensor('w', 1, [3], four), 'malformed'],
    ['without data', tensor('w', 1, [4]), 'malformed'],
    ['whose elements are stated twice', tensor('w', 1, [4], four, bytesField(4, floats(5, 6, 7, 8))), 'malformed'],
    ['whose raw data is stated twice', tensor('w', 1, [4], four, four), 'malformed'],
    ['with a list of another type', tensor('w', 1, [1], packedVarints(5, [1])), 'malformed'],
    ['with fewer listed elements', tensor('w', 6, [3], packedVarints(5, [1, 300])), 'malformed'],
    ['with more listed elements', tensor('w', 6, [1], packedVarints(5, [1, 2])), 'malformed'],
    ['with far fewer listed elements', tensor('w', 6, [2 ** 40], packedVarints(5, [1, 2])), 'malformed'],
    ['with a listed element cut in two', tensor('w', 1, [1], bytesField(4, Uint8Array.of(1, 2))), 'malformed'],
    ['of an unknown type', tensor('w', 999, [1], rawData([1])), 'unsupported'],
    ['without a type', tensor('w', 0, [1], rawData([1])), 'unsupported'],
    ['in segments', tensor('w', 1, [4], bytesField(3, varintField(1, 0)), four), 'unsupported'],
    ['with a name of a megabyte', tensor('w'.repeat(2 ** 20), 1, [4], four), 'limit'],
    ['with a name that is a number', join(varintField(8, 5), tensor('', 1, [4], four)), 'malformed'],
  ])('%s', (_, initializer, code) => {
    expect(problemOf(one(initializer))).toBe(code)
  })
})

describe('external data is refused', () => {
  const outside = (entries: Record<string, string>) => one(tensor('w', DATA_TYPE.float, [2], externalData(entries)))
  it.each([
    ['without a place', { offset: '0' }, 'malformed'],
    ['that is not there', { location: 'gone.bin' }, 'missing-file'],
    ['beyond the end of its file', { location: 'w.bin', offset: '8' }, 'truncated'],
    ['at 2^63', { location: 'w.bin', offset: String(2n ** 63n) }, 'malformed'],
    ['at 2^53 - 1', { location: 'w.bin', offset: String(Number.MAX_SAFE_INTEGER) }, 'truncated'],
    ['at a negative offset', { location: 'w.bin', offset: '-8' }, 'malformed'],
    ['at an offset in words', { location: 'w.bin', offset: '1e3' }, 'malformed'],
    ['of another length than its shape', { location: 'w.bin', length: '4' }, 'malformed'],
  ])('%s', (_, entries, code) => {
    expect(problemOf(outside(entries as Record<string, string>), { 'w.bin': floats(1, 2) })).toBe(code)
  })

  const folder = mkdtempSync(joinPath(tmpdir(), 'onnx-paths-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  symlinkSync('/etc/passwd', joinPath(folder, 'link.bin'))
  const path = joinPath(folder, 'model.onnx')
  writeFileSync(path, '')

  it.each(['../../etc/passwd', '/etc/passwd', 'link.bin', 'a/../../b', ''])('outside its folder: "%s"', (location) => {
    const source = memorySource(path, outside({ location }))
    expect(() => readOnnx(source, openSiblings(path, path))).toThrow(/unsafe-path/)
  })
})

describe('a sparse tensor is refused', () => {
  const values = floatTensor('w', [2], [1, 2])
  it.each([
    ['with an index outside its shape', sparseTensor(values, int64Tensor('', [0, 4]), [2, 2]), 'malformed'],
    ['with a negative index', sparseTensor(values, int64Tensor('', [0, -1]), [2, 2]), 'malformed'],
    ['with fewer indices than values', sparseTensor(values, int64Tensor('', [0]), [2, 2]), 'malformed'],
    ['without indices', bytesField(1, values), 'malformed'],
    ['that is vast when dense', sparseTensor(values, int64Tensor('', [0, 1]), [2 ** 20, 2 ** 20]), 'limit'],
  ])('%s', (_, sparse, code) => {
    expect(problemOf(model({ sparse: [sparse] }))).toBe(code)
  })
})

describe('a model is refused', () => {
  it.each([
    ['without a graph', varintField(1, 8), 'malformed'],
    ['that is empty', new Uint8Array(0), 'malformed'],
    ['with two graphs', join(model({}), bytesField(7, graph({}))), 'malformed'],
    ['whose graph is a number', varintField(7, 1), 'malformed'],
    ['that is text', Buffer.from('<!DOCTYPE html><html><body>404</body></html>'), 'malformed'],
  ])('%s', (_, bytes, code) => {
    expect(problemOf(bytes)).toBe(code)
  })

  it('with subgraphs nested without end', () => {
    let inner = graph({})
    for (let depth = 0; depth < 200; depth++)
      inner = graph({ nodes: [node('If', [], ['y'], { attributes: { then_branch: { graph: inner } } })] })
    expect(problemOf(modelWith(inner))).toBe('limit')
  })

  it('with a million tiny initializers', () => {
    const tiny = bytesField(5, byteTensor('w', DATA_TYPE.uint8, [1], [1]))
    expect(problemOf(modelWith(new Uint8Array(Buffer.concat(Array(1_000_000).fill(tiny)))))).toBe('limit')
  })

  it('with a million nodes', () => {
    const tiny = bytesField(1, textField(4, 'Relu'))
    expect(problemOf(modelWith(new Uint8Array(Buffer.concat(Array(1_000_000).fill(tiny)))))).toBe('limit')
  })

  it('with twenty million empty fields', () => {
    const fields = Buffer.alloc(40_000_000)
    for (let at = 0; at < fields.length; at += 2) fields[at] = 0x48
    expect(problemOf(modelWith(fields))).toBe('limit')
  })

  it('with decoded elements beyond what may be held in memory', () => {
    const zeros = bytesField(7, Buffer.alloc(20_000_000))
    const tensors = ['a', 'b'].map((name) => tensor(name, DATA_TYPE.int64, [20_000_000], zeros))
    expect(problemOf(model({ initializers: tensors }))).toBe('limit')
  })
})

const ATTRIBUTES = { then_branch: { graph: graph({ initializers: [floatTensor('v', [4], [1, 2, 3, 4])] }) } }

/** One of everything that has a structure. */
const SAMPLE = model({
  inputs: ['x'],
  nodes: [
    constant('c', { value: { tensor: int64Tensor('', [1, 2]) } }),
    node('DequantizeLinear', ['w', 's', 'z'], ['d'], { attributes: { axis: { int: 1 } } }),
    node('MatMul', ['x', 'd'], ['m']),
    node('LSTM', ['m', 'W', 'R'], ['l']),
    node('If', ['c'], ['y'], { attributes: ATTRIBUTES }),
  ],
  initializers: [
    byteTensor('w', DATA_TYPE.int8, [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]),
    floatTensor('s', [4], [1, 2, 3, 4]),
    byteTensor('z', DATA_TYPE.int8, [4], [0, 1, 2, 3]),
    floatTensor('W', [1, 4, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
    floatTensor('R', [1, 4, 1], [1, 2, 3, 4]),
    tensor('i', DATA_TYPE.int32, [3], packedVarints(5, [1, 300, -1])),
  ],
  sparse: [sparseTensor(floatTensor('p', [2], [5, 6]), int64Tensor('', [1, 3]), [2, 2])],
})

it('a file cut at any byte inside its graph is refused', () => {
  const graphEnd = SAMPLE.length - bytesField(8, varintField(2, 17)).length
  for (let length = 0; length < graphEnd; length++)
    expect(problemOf(SAMPLE.subarray(0, length))).toMatch(/^(truncated|malformed)$/)
})

it('a graph cut at any byte, with its length set right, is never read with a field cut in two', () => {
  const whole = graph({ initializers: [floatTensor('a', [2], [1, 2]), floatTensor('b', [2], [3, 4])] })
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.subarray(0, length)
    const isBoundary = problemOf(modelWith(cut)) === 'none'
    if (isBoundary) expect(rangesInside(readBytesAsOnnx(modelWith(cut)))).toBe(true)
    else expect(problemOf(modelWith(cut))).toMatch(/^(truncated|malformed)$/)
  }
})

/** Whether every tensor's bytes are there and its view stays inside them; values of large ones are not looked at. */
function rangesInside(file: ModelFile): boolean {
  for (const tensor of file.tensors) {
    if (tensor.view.shape.reduce((product, length) => product * length, 1) <= 4096) tensorValues(file, tensor)
    if (tensor.data.kind === 'inline') continue
    for (const range of tensor.data.ranges) checkRange(file.files[range.file]!, range.offset, range.length, 'range')
  }
  return true
}

it('a file with any bytes changed is read or refused with a ReadError', () => {
  const change = fc.tuple(fc.nat(SAMPLE.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Uint8Array.from(SAMPLE)
      for (const [at, value] of changes) bytes[at] = value
      try {
        expect(rangesInside(readBytesAsOnnx(bytes))).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(ReadError)
      }
    }),
    { numRuns: 2_000 },
  )
})

it('any bytes are read or refused with a ReadError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        readBytesAsOnnx(modelWith(bytes))
      } catch (error) {
        expect(error).toBeInstanceOf(ReadError)
      }
    }),
    { numRuns: 2_000 },
  )
})

it('files opened before an error are closed', () => {
  let closed = 0
  const initializers = [
    tensor('a', DATA_TYPE.float, [1], externalData({ location: 'a.bin' })),
    tensor('b', DATA_TYPE.float, [9], externalData({ location: 'a.bin' })),
  ]
  const open = () => ({ ...memorySource('a.bin', floats(1)), close: () => closed++ })
  expect(() => readOnnx(memorySource('m.onnx', model({ initializers })), { open })).toThrow(ReadError)
  expect(closed).toBe(1)
})

it('a length is a byte count, not a promise: memory is not taken for it', () => {
  const lying = join(varint(9 * 8 + 2), varint(2 ** 40))
  expect(problemOf(one(join(tensor('w', 1, [2 ** 38]), lying)))).toBe('truncated')
})
