import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReadError } from '../../src/read/read-error.ts'
import { looksLikeSafetensors, readSafetensors } from '../../src/read/safetensors.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { counting, safetensors, safetensorsFile } from '../builders/safetensors.ts'
import { storedBytes, tensorValues } from '../builders/values.ts'

const read = (bytes: Uint8Array) => readSafetensors(memorySource('m.safetensors', bytes), memorySiblings({}))
const refused = (bytes: Uint8Array) => problemOf(() => read(bytes))

/** One header entry over four F32 of data. */
const entry = (fields: object) =>
  safetensorsFile(JSON.stringify({ w: { dtype: 'F32', shape: [4], data_offsets: [0, 16], ...fields } }), counting(4))

describe('a valid file', () => {
  it('gives every tensor its name, shape and values', () => {
    const file = read(safetensors({ a: { shape: [2, 3] }, b: { shape: [2], values: [7, 8] } }))
    const tensors = file.tensors.map((tensor) => [tensor.name, tensor.view.shape, [...tensorValues(file, tensor)]])
    expect(tensors).toEqual([
      ['a', [2, 3], [0, 1, 2, 3, 4, 5]],
      ['b', [2], [7, 8]],
    ])
  })

  it('lists tensors in the order of their bytes, whatever the order of the header', () => {
    const header = {
      second: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
      first: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    }
    const file = read(safetensorsFile(JSON.stringify(header), counting(2)))
    expect(file.tensors.map((tensor) => tensor.name)).toEqual(['first', 'second'])
  })

  it('keeps metadata out of the tensors', () => {
    expect(read(safetensors({ w: { shape: [4] } }, { format: 'pt' })).tensors).toHaveLength(1)
  })

  it('may hold scalars and tensors without elements', () => {
    const file = read(safetensors({ scalar: { shape: [] }, empty: { shape: [0, 5] } }))
    expect(file.tensors.map((tensor) => tensor.view.shape).sort()).toEqual([[], [0, 5]])
  })

  it('may pad its header with spaces', () => {
    const header = `${JSON.stringify({ w: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } })}     `
    expect(read(safetensorsFile(header, counting(4))).tensors).toHaveLength(1)
  })

  it('may call a tensor __proto__', () => {
    const header = '{"__proto__":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'
    expect(read(safetensorsFile(header, counting(4))).tensors[0]?.name).toBe('__proto__')
  })

  it('passes the bits of not-a-numbers along', () => {
    const bytes = Uint8Array.of(0x01, 0x00, 0xa0, 0x7f, 0xef, 0xbe, 0xff, 0xff)
    const file = read(safetensors({ w: { shape: [2], bytes } }))
    expect(storedBytes(file, file.tensors[0]!)).toEqual(bytes)
  })

  it.each([
    ['F64', 8],
    ['F16', 2],
    ['BF16', 2],
    ['F8_E4M3', 1],
    ['F8_E5M2', 1],
    ['I64', 8],
    ['U64', 8],
    ['I32', 4],
    ['U32', 4],
    ['I16', 2],
    ['U16', 2],
    ['I8', 1],
    ['U8', 1],
    ['BOOL', 1],
  ])('may store %s', (dtype, bytes) => {
    const file = read(safetensors({ w: { dtype, shape: [3], bytes: new Uint8Array(3 * bytes) } }))
    expect(file.tensors[0]?.element).toBe(dtype.toLowerCase().replace('_', ''))
  })
})

describe('lengths and offsets', () => {
  it('is truncated wherever it is cut', () => {
    const whole = safetensors({ a: { shape: [2] }, b: { shape: [3] } })
    const codes = Array.from({ length: whole.length }, (_, length) => refused(whole.subarray(0, length)).code)
    expect(new Set(codes)).toEqual(new Set(['truncated']))
  })

  it.each([2n ** 63n, 2n ** 64n - 1n, 2n ** 53n, 100_000_000n])('refuses a header of %s bytes', (length) => {
    expect(refused(safetensorsFile('{}', new Uint8Array(0), length)).code).toBe('limit')
  })

  it('refuses a header of no bytes', () => {
    expect(refused(new Uint8Array(8)).code).toBe('malformed')
  })

  it('refuses bytes after the last tensor', () => {
    expect(refused(Buffer.concat([safetensors({ w: { shape: [4] } }), Uint8Array.of(0)]))).toMatchObject({
      code: 'malformed',
      values: { reason: '1 bytes after the last tensor' },
    })
  })

  it('refuses a hole between tensors', () => {
    const header = {
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      b: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
    }
    expect(refused(safetensorsFile(JSON.stringify(header), counting(3)))).toMatchObject({
      values: { what: 'b', reason: 'a hole of 4 bytes before it' },
    })
  })

  it('refuses tensors that share bytes', () => {
    const header = {
      a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] },
    }
    expect(refused(safetensorsFile(JSON.stringify(header), counting(3)))).toMatchObject({
      values: { what: 'b', reason: 'it overlaps another tensor' },
    })
  })

  it.each([
    ['end before they begin', [16, 0]],
    ['are negative', [-16, 0]],
    ['are broken', [0.5, 16.5]],
    ['are beyond exact numbers', [0, 2 ** 60]],
    ['are three', [0, 16, 16]],
  ])('refuses data_offsets that %s', (_, offsets) => {
    expect(refused(entry({ data_offsets: offsets })).code).toBe('malformed')
  })

  it.each([
    ['negative', [-4, -1]],
    ['broken', [0.5, 8]],
    ['text', '4'],
    ['too small for its bytes', [3]],
  ])('refuses a shape that is %s', (_, shape) => {
    expect(refused(entry({ shape })).code).toBe('malformed')
  })

  it('refuses a shape whose product overflows', () => {
    expect(refused(entry({ shape: [2 ** 40, 2 ** 40] })).code).toBe('limit')
  })

  it('refuses more axes than any tensor has', () => {
    expect(refused(entry({ shape: new Array(33).fill(1) })).code).toBe('limit')
  })
})

describe('the header', () => {
  it('refuses a tensor named twice, because programs differ in which of the two they load', () => {
    const header =
      '{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    expect(refused(safetensorsFile(header, counting(1)))).toMatchObject({ values: { reason: 'a key stands twice' } })
  })

  it('refuses a tensor named twice when one of the names is escaped', () => {
    const header =
      '{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\\u0077":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    expect(refused(safetensorsFile(header, counting(1)))).toMatchObject({ values: { reason: 'a key stands twice' } })
  })

  it('refuses a field that stands twice', () => {
    const header = '{"w":{"dtype":"U8","dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    expect(refused(safetensorsFile(header, counting(1)))).toMatchObject({ values: { reason: 'a key stands twice' } })
  })

  it('refuses more tensors than any model has without parsing them', () => {
    const names = Array.from({ length: 600_000 }, (_, index) => `"${index}":{"dtype":"U8"}`)
    expect(refused(safetensorsFile(`{${names.join(',')}}`, new Uint8Array(0)))).toMatchObject({
      code: 'limit',
      values: { what: 'tensors', value: '600000' },
    })
  })

  it('refuses a million entries that are not even tensors', () => {
    expect(refused(safetensorsFile(`{${'"":0,'.repeat(1_000_000)}"":0}`, new Uint8Array(0))).code).toBe('limit')
  })

  it('refuses deep nesting', () => {
    expect(refused(safetensorsFile(`{"w":${'['.repeat(1_000_000)}`, new Uint8Array(0))).code).toBe('limit')
  })

  it('refuses a name longer than any', () => {
    expect(refused(safetensors({ ['w'.repeat(5_000)]: { shape: [1] } })).code).toBe('limit')
  })

  it.each([
    ['not JSON', '{"w":'],
    ['an array', '[1]'],
    ['indented before it begins', ' {}'],
    ['not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ['holding something else than tensors', '{"w":3}'],
    ['holding metadata that is not text', '{"__metadata__":{"a":1}}'],
  ])('refuses a header that is %s', (_, header) => {
    expect(refused(safetensorsFile(header, new Uint8Array(0))).code).toBe('malformed')
  })

  it.each(['F4', 'F8_E8M0', 'toString'])('does not read the dtype %s', (dtype) => {
    expect(refused(entry({ dtype }))).toMatchObject({ code: 'unsupported', values: { value: dtype } })
  })

  it('answers any header with a model or a problem', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.uint8Array({ maxLength: 40 }), (header, data) => {
        try {
          read(safetensorsFile(header, data))
        } catch (error) {
          expect(error).toBeInstanceOf(ReadError)
        }
      }),
    )
  })
})

describe('recognition', () => {
  it('knows a file by its content', () => {
    expect(looksLikeSafetensors('weights', safetensors({ w: { shape: [1] } }).subarray(0, 64))).toBe(true)
  })

  it.each([
    ['text', new TextEncoder().encode('{"a": "a JSON file of a few words"}')],
    ['nothing', new Uint8Array(0)],
    ['eight bytes', new Uint8Array(8)],
    ['source code', new TextEncoder().encode('\x20\0\0\0\0\0\0\0{ return 1 }')],
  ])('does not take %s for one', (_, head) => {
    expect(looksLikeSafetensors('x', head)).toBe(false)
  })
})
