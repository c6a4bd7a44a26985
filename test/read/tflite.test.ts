import { describe, expect, it } from 'vitest'
import { memorySource } from '../../src/read/source.ts'
import { looksLikeTflite, readTflite } from '../../src/read/tflite.ts'
import { bytes, u64 } from '../builders/flatbuffer.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { counted, floatBytes, OPERATOR, oneWeight, TYPE, tfliteFile } from '../builders/tflite.ts'
import { tensorValues } from '../builders/values.ts'

const read = (file: Uint8Array) => readTflite(memorySource('m.tflite', file), memorySiblings({}))
const weight = (values: Uint8Array, type: number = TYPE.f32, shape = [2, 3]) => ({ shape, type, data: values })

function valuesOf(file: Uint8Array): number[][] {
  const model = read(file)
  return model.tensors.map((tensor) => [...tensorValues(model, tensor)])
}

describe('a model', () => {
  it('is recognised by its identifier, whatever its name', () => {
    expect(looksLikeTflite('model.bin', oneWeight(weight(counted(6))).slice(0, 8))).toBe(true)
  })

  it('is not taken from a head without the identifier', () => {
    expect(looksLikeTflite('model.tflite', new Uint8Array(8))).toBe(false)
  })

  it('gives each constant its name, shape and values', () => {
    const model = read(oneWeight({ ...weight(counted(6)), name: 'dense/MatMul' }))
    const [tensor] = model.tensors
    expect([tensor?.name, tensor?.element, tensor?.view.shape, [...tensorValues(model, tensor!)]]).toEqual([
      'dense/MatMul',
      'f32',
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ])
  })

  it('copies no weight into memory', () => {
    expect(read(oneWeight(weight(counted(6)))).tensors[0]?.data.kind).toBe('ranges')
  })

  it('lists only tensors that have bytes', () => {
    expect(read(tfliteFile([{ tensors: [{ shape: [2] }] }])).tensors).toEqual([])
  })

  it('leaves strings out', () => {
    expect(read(oneWeight(weight(new Uint8Array(9), TYPE.string))).tensors).toEqual([])
  })

  it('takes a tensor without a name', () => {
    expect(read(oneWeight({ ...weight(counted(6)), name: '' })).tensors[0]?.name).toBe('tensor 0')
  })

  it('cuts the name of a fused operator that joins hundreds', () => {
    expect(read(oneWeight({ ...weight(counted(6)), name: 'add;'.repeat(5_000) })).tensors[0]?.name).toHaveLength(4_096)
  })

  it('may keep its weights behind the FlatBuffer, as files over 2 GB do', () => {
    const head = (at: number) =>
      tfliteFile([{ tensors: [{ shape: [2], data: 1 }] }], {
        4: { kind: 'tables', items: [{}, { 1: u64(BigInt(at)), 2: u64(8n) }] },
      })
    const at = head(9).length
    expect(valuesOf(new Uint8Array([...head(at), ...floatBytes(7, 8)]))).toEqual([[7, 8]])
  })

  it('reads 4-bit weights, two to a byte', () => {
    expect(valuesOf(oneWeight(weight(Uint8Array.of(0x21, 0xf3, 0x08), TYPE.i4, [5])))).toEqual([[1, 2, 3, -1, -8]])
  })

  it('reads 2-bit weights, four to a byte', () => {
    expect(valuesOf(oneWeight(weight(Uint8Array.of(0b11_10_01_00), TYPE.i2, [4])))).toEqual([[0, 1, -2, -1]])
  })

  it('reads complex numbers as pairs', () => {
    const model = read(oneWeight(weight(counted(4), TYPE.complex64, [2])))
    expect(model.tensors[0]?.view.shape).toEqual([2, 2])
  })

  it('lists f16 weights once, not what DEQUANTIZE makes of them', () => {
    const file = tfliteFile([
      {
        tensors: [{ shape: [2], type: TYPE.f16, data: Uint8Array.of(0, 0x3c, 0, 0xc0) }, { shape: [2] }],
        operators: [{ code: OPERATOR.dequantize, inputs: [0], outputs: [1] }],
      },
    ])
    expect(valuesOf(file)).toEqual([[1, -2]])
  })
})

describe('a model of several subgraphs', () => {
  it('gives the constants of all of them', () => {
    const subgraph = (value: number) => ({ tensors: [{ shape: [1], data: floatBytes(value) }] })
    expect(valuesOf(tfliteFile([subgraph(1), subgraph(2)]))).toEqual([[1], [2]])
  })

  it('gives a weight once that two signatures share', () => {
    const shared = { tensors: [{ shape: [2], data: 1 }] }
    const file = tfliteFile([{ tensors: [{ shape: [2], data: floatBytes(1, 2) }] }, shared, shared])
    expect(valuesOf(file)).toEqual([[1, 2]])
  })

  it('gives equal weights of one subgraph each, though they share their bytes', () => {
    const tensors = [
      { shape: [2], data: floatBytes(1, 2) },
      { shape: [2], data: 1 },
    ]
    expect(valuesOf(tfliteFile([{ tensors }]))).toEqual([
      [1, 2],
      [1, 2],
    ])
  })
})

describe('what is refused', () => {
  const refused = (file: Uint8Array) => problemOf(() => read(file))

  it('another schema version', () => {
    const file = tfliteFile([], { 0: { kind: 'u32', value: 2 } })
    expect(refused(file)).toMatchObject({ code: 'unsupported', values: { value: '2' } })
  })

  it('an element type of a later schema', () => {
    expect(refused(oneWeight(weight(counted(6), 99)))).toMatchObject({ code: 'unsupported', values: { value: '99' } })
  })

  it('weights that the schema puts into another file', () => {
    const file = oneWeight({ ...weight(counted(6)), more: { 10: { kind: 'u32', value: 1 } } })
    expect(refused(file)).toMatchObject({ code: 'unsupported' })
  })

  it('more or fewer bytes than the shape takes, with their offset', () => {
    const problem = refused(oneWeight(weight(counted(5))))
    expect(problem).toMatchObject({ code: 'malformed', values: { reason: '20 bytes where [2,3] of f32 takes 24' } })
  })

  it('an axis of negative length', () => {
    expect(refused(oneWeight(weight(counted(6), TYPE.f32, [-2, -3])))).toMatchObject({ code: 'malformed' })
  })

  it('a shape of more elements than any disk holds', () => {
    const shape = Array(4).fill(2 ** 31 - 1)
    expect(refused(oneWeight(weight(counted(6), TYPE.f32, shape)))).toMatchObject({ code: 'limit' })
  })

  it('a shape of more axes than any tensor has', () => {
    expect(refused(oneWeight(weight(counted(6), TYPE.f32, Array(33).fill(1))))).toMatchObject({
      code: 'limit',
      values: { what: 'axes of tensor' },
    })
  })

  it('a buffer that is not there', () => {
    const problem = refused(tfliteFile([{ tensors: [{ shape: [1], data: 7 }] }]))
    expect(problem).toMatchObject({ code: 'malformed', values: { what: 'buffer', reason: 'index 7 of 1' } })
  })

  it('an operator code that is not there', () => {
    const file = tfliteFile([{ tensors: [], operators: [{ code: OPERATOR.conv2d, inputs: [] }] }], {
      1: { kind: 'tables', items: [] },
    })
    expect(refused(file)).toMatchObject({ code: 'malformed', values: { what: 'operator code' } })
  })

  it.each([2n ** 31n, 2n ** 53n - 8n])('bytes behind the FlatBuffer at %i, beyond the end of the file', (offset) => {
    const file = tfliteFile([{ tensors: [{ shape: [2], data: 1 }] }], {
      4: { kind: 'tables', items: [{}, { 1: u64(offset), 2: u64(8n) }] },
    })
    expect(refused(file)).toMatchObject({ code: 'truncated' })
  })

  it('bytes behind the FlatBuffer at 2^63', () => {
    const file = tfliteFile([{ tensors: [{ shape: [2], data: 1 }] }], {
      4: { kind: 'tables', items: [{}, { 1: u64(2n ** 63n), 2: u64(8n) }] },
    })
    expect(refused(file)).toMatchObject({ code: 'malformed' })
  })

  it('a buffer that claims more bytes than the file has', () => {
    const file = tfliteFile([{ tensors: [{ shape: [2], data: 1 }] }], {
      4: { kind: 'tables', items: [{}, { 0: bytes(floatBytes(1, 2), 2 ** 31) }] },
    })
    expect(refused(file)).toMatchObject({ code: 'truncated', values: { what: 'buffer data' } })
  })
})
