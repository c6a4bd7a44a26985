import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recogniseFile } from '../../src/read/formats.ts'
import { readPytorch } from '../../src/read/pytorch.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import {
  checkpoint,
  dict,
  floats,
  importOf,
  opcodes,
  type Pickled,
  pickle,
  pickledTensor,
  written,
} from '../builders/pickle.ts'
import { problemOf } from '../builders/problems.ts'
import { tensorValues } from '../builders/values.ts'
import { zip } from '../builders/zip.ts'

const read = (bytes: Uint8Array) => readPytorch(memorySource('m.pt', bytes), memorySiblings({}))
const readData = (data: Pickled) => read(checkpoint(pickle(data)))
const refused = (data: Pickled) => problemOf(() => readData(data))

/** Names of tensors with their values. */
function valuesOf(data: Pickled) {
  const file = readData(data)
  return Object.fromEntries(file.tensors.map((tensor) => [tensor.name, [...tensorValues(file, tensor)]]))
}

describe('names', () => {
  it('are the path of keys', () => {
    const data = dict({ a: dict({ b: [1, pickledTensor()] }), c: { tuple: [pickledTensor()] } })
    expect(Object.keys(valuesOf(data))).toEqual(['a.b.1', 'c.0'])
  })

  it('may be numbers', () => {
    expect(Object.keys(valuesOf(new Map([[7, pickledTensor()]])))).toEqual(['7'])
  })

  it('are those of the state dict where a whole module was pickled', () => {
    const layer = {
      call: { global: 'torch.nn.modules.linear.Linear' },
      args: [],
      state: dict({ _parameters: dict({ weight: pickledTensor() }) }),
    }
    const net = {
      call: { global: 'my.Net' },
      args: [],
      state: dict({ _modules: dict({ layer }), _buffers: dict({ mean: pickledTensor() }) }),
    }
    expect(Object.keys(valuesOf(net)).sort()).toEqual(['layer.weight', 'mean'])
  })

  it('stand once, with the last of two values, as a loader sees them', () => {
    const [first, second] = [pickledTensor(), pickledTensor({ shape: [2] })]
    const twice = opcodes('}(', written('w'), written(first), written('w'), written(second), 'u')
    expect(valuesOf({ raw: twice })).toEqual({ w: [1, 2] })
  })

  it('of entries that Python 2 gave as pairs are read, too', () => {
    const pairs = { call: { global: 'collections.OrderedDict' }, args: [[['w', pickledTensor()]]] }
    expect(Object.keys(valuesOf(pairs))).toEqual(['w'])
  })
})

describe('a tensor', () => {
  it.each([
    ['a part of its storage', { offset: 1, shape: [2] }, [2, 3]],
    ['transposed', { shape: [2, 2], stride: [1, 2] }, [1, 3, 2, 4]],
    ['expanded', { shape: [3], stride: [0] }, [1, 1, 1]],
    ['a scalar', { offset: 3, shape: [], stride: [] }, [4]],
    ['empty', { shape: [0, 3], stride: [3, 1] }, []],
  ])('can be %s', (_, claims, values) => {
    expect(valuesOf(dict({ w: pickledTensor(claims) }))).toEqual({ w: values })
  })

  it('can stand under two names', () => {
    const tied = opcodes('}(', written('a'), written(pickledTensor()), '\x94', written('b'), 'h\0', 'u')
    expect(Object.keys(valuesOf({ raw: tied }))).toEqual(['a', 'b'])
  })

  it.each([
    ['longer than its storage', { shape: [5] }],
    ['begun behind its end', { offset: 2 ** 40 }],
    ['with strides beyond its end', { shape: [2, 2], stride: [2 ** 50, 1] }],
    ['with fewer strides than axes', { shape: [2, 2], stride: [1] }],
    ['of more elements than the archive stores', { elements: 5 }],
    ['of an unknown storage', { storage: '9' }],
  ])('is refused %s', (_, claims) => {
    expect(refused(dict({ w: pickledTensor(claims) })).code).toBe('malformed')
  })

  it('is refused for 2³² × 2³² elements', () => {
    const claims = { shape: [2 ** 32, 2 ** 32], stride: [0, 0] }
    expect(refused(dict({ w: pickledTensor(claims) })).code).toBe('limit')
  })

  it.each([
    ['2⁶² elements', { shape: [2n ** 62n] }],
    ['a storage of 2⁶² elements', { elements: 2n ** 62n }],
    ['a negative length', { shape: [-4] }],
    ['100 axes', { shape: Array(100).fill(1), stride: Array(100).fill(1) }],
  ])('with %s is left out with a finding', (_, claims) => {
    const { tensors, findings } = readData(dict({ w: pickledTensor(claims) }))
    expect([tensors.length, findings.map(({ code }) => code)]).toEqual([0, ['unread-tensor']])
  })

  it.each(['ComplexFloatStorage', 'QInt8Storage'])('of %s is left out with a finding', (name) => {
    const { tensors, findings } = readData(dict({ q: pickledTensor({ class: name, elements: 1 }), w: pickledTensor() }))
    expect([tensors.map((tensor) => tensor.name), findings.map(({ code }) => code)]).toEqual([['w'], ['unread-tensor']])
  })
})

describe('training state', () => {
  it('is left out with a finding', () => {
    const { tensors, findings } = readData(dict({ optimizer: dict({ m: pickledTensor() }), w: pickledTensor() }))
    expect([tensors.map((tensor) => tensor.name), findings.map(({ code }) => code)]).toEqual([
      ['w'],
      ['training-state'],
    ])
  })
})

describe('an archive', () => {
  it('may call its folder anything', () => {
    const bytes = zip([
      { name: 'x y/data.pkl', bytes: pickle(dict({ w: pickledTensor() })) },
      { name: 'x y/data/0', bytes: floats(1, 2, 3, 4) },
      { name: 'x y/version', bytes: '3' },
    ])
    expect(recogniseFile(memorySource('m.bin', bytes))).toMatchObject({ row: { format: 'pytorch' } })
  })

  it('of big-endian numbers is not read', () => {
    const parts = [
      { name: 'a/data.pkl', bytes: pickle(null) },
      { name: 'a/byteorder', bytes: 'big' },
      { name: 'a/version', bytes: '3' },
    ]
    expect(problemOf(() => read(zip(parts)))).toMatchObject({ code: 'unsupported', values: { what: 'byte order' } })
  })

  it('that imports what it should not says so, and is read', () => {
    const evil = { raw: opcodes(importOf('os.system'), '(', written('id'), 'tR0N') }
    const { tensors, findings } = readData([evil, pickledTensor()])
    expect([tensors.length, findings[0]?.severity]).toEqual([1, 'high'])
  })

  it('that breaks off behind a dangerous import says both', () => {
    const { findings } = read(checkpoint(opcodes('\x80\x04', importOf('os.system'), ')R', '\xff')))
    expect(findings.map(({ code }) => code)).toEqual(['pickle-import', 'broken-pickle'])
  })

  it('that merely breaks off is refused', () => {
    expect(problemOf(() => read(checkpoint(opcodes('\x80\x04}'))))).toMatchObject({ code: 'truncated' })
  })

  it('without data.pkl is none', () => {
    expect(problemOf(() => read(zip([{ name: 'a/version', bytes: '3' }]))).code).toBe('unsupported')
  })

  it.each(['.', '__torch__'])("trusts no class that calls itself the archive's own outside TorchScript", (module) => {
    const { findings } = readData({ call: { global: `${module}.Net` }, args: [] })
    expect(findings.map(({ code }) => code)).toEqual(['pickle-import'])
  })
})

it('takes a checkpoint of the first versions for what it is', () => {
  const tar = new Uint8Array(1024)
  tar.set(new TextEncoder().encode('sys_info'))
  tar.set(new TextEncoder().encode('ustar'), 257)
  expect(problemOf(() => read(tar))).toMatchObject({
    code: 'unsupported',
    values: { value: 'a tar archive of version 0.1' },
  })
})

describe('a legacy checkpoint', () => {
  const whole = new Uint8Array(readFileSync(join(import.meta.dirname, '../fixtures/pytorch/legacy.pt')))

  it('is known by its magic number under any name', () => {
    expect(recogniseFile(memorySource('weights', whole))).toMatchObject({ row: { format: 'pytorch' } })
  })

  it('is truncated wherever its storages are cut', () => {
    const codes = [1, 100, 1_000].map((less) => problemOf(() => read(whole.subarray(0, whole.length - less))).code)
    expect(new Set(codes)).toEqual(new Set(['truncated']))
  })
})
