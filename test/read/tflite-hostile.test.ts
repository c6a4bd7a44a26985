import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReadError } from '../../src/read/read-error.ts'
import { memorySource } from '../../src/read/source.ts'
import { readTflite } from '../../src/read/tflite.ts'
import { bytes, flatBufferFile, i32s, tables, u32 } from '../builders/flatbuffer.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { unsoundness } from '../builders/soundness.ts'
import {
  affine,
  blockwise,
  compressed,
  counted,
  dense,
  floatBytes,
  OPERATOR,
  sparsity,
  TYPE,
  tfliteFile,
} from '../builders/tflite.ts'

const read = (file: Uint8Array) => readTflite(memorySource('m.tflite', file), memorySiblings({}))

/** A small file with something of everything the reader looks at. */
const EVERYTHING = tfliteFile([
  {
    tensors: [
      {
        name: 'sparse',
        shape: [2, 3],
        sparsity: sparsity([0, 1], [dense(2), compressed(i32s(0, 1, 2), i32s(2, 0))]),
        data: floatBytes(5, 6),
      },
      {
        name: 'int8',
        shape: [2, 1, 1, 3],
        type: TYPE.i8,
        data: new Uint8Array(6),
        quantisation: affine([1, 2], [0, 1]),
      },
      { name: 'int4', shape: [1, 4], type: TYPE.i4, data: new Uint8Array(2), quantisation: blockwise(3, 2) },
      { name: 'scales', shape: [1, 2], data: floatBytes(1, 2) },
      { name: 'activation', shape: [1] },
    ],
    operators: [
      { code: OPERATOR.densify, inputs: [0], outputs: [4] },
      { code: OPERATOR.conv2d, inputs: [4, 1] },
      { code: OPERATOR.batchMatmul, inputs: [4, 2], options: {} },
    ],
  },
])

/** Undefined for a file that is refused with a reason; else what is unsound. Any other error goes through. */
function outcome(file: Uint8Array): string[] | undefined {
  try {
    return unsoundness(read(file))
  } catch (error) {
    if (error instanceof ReadError) return undefined
    throw error
  }
}

describe('a broken file', () => {
  it('is one that was sound before', () => {
    expect(outcome(EVERYTHING)).toEqual([])
  })

  it('cut at any byte is refused as truncated', () => {
    const codes = Array.from(
      { length: EVERYTHING.length },
      (_, size) => problemOf(() => read(EVERYTHING.slice(0, size))).code,
    )
    expect(new Set(codes)).toEqual(new Set(['truncated']))
  })

  it('with any one byte replaced is refused, or all that is listed can be read', () => {
    const at = fc.nat(EVERYTHING.length - 9).map((position) => position + 8)
    fc.assert(
      fc.property(at, fc.nat(255), (position, byte) => {
        const file = EVERYTHING.slice()
        file[position] = byte
        expect(outcome(file) ?? []).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  it('with any 32 bits replaced by an extreme is refused, or all that is listed can be read', () => {
    const extremes = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 30, EVERYTHING.length]
    for (let position = 8; position + 4 <= EVERYTHING.length; position += 4)
      for (const value of extremes) {
        const file = EVERYTHING.slice()
        new DataView(file.buffer).setInt32(position, value, true)
        expect(outcome(file) ?? []).toEqual([])
      }
  })

  it('of noise behind the identifier is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), (noise) => {
        const file = Uint8Array.of(8, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33, ...noise)
        expect(problemOf(() => read(file))).toBeDefined()
      }),
    )
  })
})

describe('a file made to cost memory or time is refused', () => {
  const model = (subgraphs: Parameters<typeof tables>) => flatBufferFile('TFL3', { 0: u32(3), 2: tables(...subgraphs) })

  it('for a million tensors', () => {
    const file = model([{ 0: bytes(new Uint8Array(4_000_000), 1_000_000) }])
    expect(problemOf(() => read(file))).toMatchObject({ code: 'limit', values: { what: 'tensors', value: '1000000' } })
  })

  it('for a million operators', () => {
    const file = model([{ 3: bytes(new Uint8Array(4_000_000), 1_000_000) }])
    expect(problemOf(() => read(file))).toMatchObject({ code: 'limit', values: { what: 'operators' } })
  })

  it('for a million subgraphs', () => {
    const file = flatBufferFile('TFL3', { 0: u32(3), 2: bytes(new Uint8Array(4_000_000), 1_000_000) })
    expect(problemOf(() => read(file))).toMatchObject({ code: 'limit', values: { what: 'subgraphs' } })
  })

  it('for subgraphs that list the same tensors again and again', () => {
    const subgraph = { 0: { kind: 'tables', items: [{}], repeat: 3_000 } } as const
    const file = flatBufferFile('TFL3', { 0: u32(3), 2: { kind: 'tables', items: [subgraph], repeat: 100 } })
    expect(problemOf(() => read(file))).toMatchObject({
      code: 'limit',
      values: { what: 'tensors' },
    })
  })

  it('for tensors that share one long list of scales', () => {
    const count = 4_096
    const tensor = {
      shape: [count],
      type: TYPE.i8,
      data: new Uint8Array(count),
      quantisation: affine(Array(count).fill(1), []),
    }
    expect(problemOf(() => read(tfliteFile([{ tensors: [tensor], repeat: 40_000 }])))).toMatchObject({
      code: 'limit',
      values: { what: 'quantisation scales' },
    })
  })
})

it('a graph of 20,000 operators is read', () => {
  const operators = Array.from({ length: 20_000 }, () => ({ code: OPERATOR.conv2d, inputs: [0, 0] }))
  const file = tfliteFile([{ tensors: [{ shape: [1, 1, 1, 2], data: counted(2) }], operators }])
  expect(read(file).tensors).toHaveLength(1)
})
