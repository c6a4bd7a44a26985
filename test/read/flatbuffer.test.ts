import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type FlatTable,
  int8Field,
  int32Field,
  int32s,
  openFlatBuffer,
  rootTable,
  stringField,
  tableField,
  tableOf,
  uint8Field,
  uint32Field,
  uint64Field,
  vectorBytes,
  vectorField,
} from '../../src/read/flatbuffer.ts'
import { memorySource } from '../../src/read/source.ts'
import {
  bytes,
  type FlatFields,
  flatBufferFile,
  i8,
  i32,
  i32s,
  table,
  tables,
  text,
  u8,
  u32,
  u64,
} from '../builders/flatbuffer.ts'
import { problemOf } from '../builders/problems.ts'

const open = (file: Uint8Array, budget = 1_000_000): FlatTable =>
  rootTable(openFlatBuffer(memorySource('f', file), budget), 'root')
const root = (fields: FlatFields, budget?: number) => open(flatBufferFile('TEST', fields), budget)

/** The file with 32 bits at `position` replaced. */
function patched(fields: FlatFields, position: number, value: number): Uint8Array {
  const file = flatBufferFile('TEST', fields)
  new DataView(file.buffer).setInt32(position, value, true)
  return file
}

describe('fields', () => {
  it('of every scalar type are read', () => {
    const fields = root({ 0: i8(-3), 1: u8(250), 2: i32(-70_000), 3: u32(4_000_000_000), 4: u64(2n ** 40n) })
    expect([
      int8Field(fields, 0, 0, ''),
      uint8Field(fields, 1, 0, ''),
      int32Field(fields, 2, 0, ''),
      uint32Field(fields, 3, 0, ''),
      uint64Field(fields, 4, 0, ''),
    ]).toEqual([-3, 250, -70_000, 4_000_000_000, 2 ** 40])
  })

  it('that are absent give the default of the schema', () => {
    expect(int32Field(root({ 1: i32(5) }), 0, 42, '')).toBe(42)
  })

  it('beyond the end of a short vtable are absent', () => {
    expect(int32Field(root({ 0: i32(5) }), 9, 7, '')).toBe(7)
  })

  it('hold tables, strings and vectors', () => {
    const fields = root({ 0: table({ 0: i32(1) }), 1: text('名'), 2: i32s(5, -6), 3: tables({ 0: i32(8) }) })
    expect([
      int32Field(tableField(fields, 0, '')!, 0, 0, ''),
      stringField(fields, 1, 100, ''),
      int32s(vectorField(fields, 2, 4, '')!, ''),
      int32Field(tableOf(vectorField(fields, 3, 4, '')!, 0, ''), 0, 0, ''),
    ]).toEqual([1, '名', [5, -6], 8])
  })

  it('are read alike wherever a page of the file ends', () => {
    const file = flatBufferFile('TEST', { 0: bytes(new Uint8Array(12_000)), 1: i32s(...Array(3_000).keys()) })
    expect(int32s(vectorField(open(file), 1, 4, '')!, '').at(-1)).toBe(2_999)
  })

  it('over 2^53 are refused, for no file is that long', () => {
    const problem = problemOf(() => uint64Field(root({ 0: u64(2n ** 63n) }), 0, 0, 'size'))
    expect(problem).toMatchObject({ code: 'malformed', values: { what: 'size' } })
  })
})

describe('a string', () => {
  it('is cut at the length asked for', () => {
    expect(stringField(root({ 0: text('abcdef') }), 0, 3, '')).toBe('abc')
  })

  it('that is not UTF-8 is shown, not refused', () => {
    expect(stringField(root({ 0: bytes(Uint8Array.of(0x61, 0xff)) }), 0, 9, '')).toBe('a\ufffd')
  })
})

describe('a position that leads outside', () => {
  it('of the root is truncated', () => {
    expect(problemOf(() => open(patched({ 0: i32(1) }, 0, 0x7fffffff)))).toMatchObject({ code: 'truncated' })
  })

  it('of the root that is 0 is malformed', () => {
    expect(problemOf(() => open(patched({ 0: i32(1) }, 0, 0)))).toMatchObject({ code: 'malformed' })
  })

  it.each([2 ** 31 - 1, -(2 ** 31), -1_000_000])('of a vtable at a distance of %i is refused', (distance) => {
    const { position } = root({ 0: i32(1) })
    const problem = problemOf(() => open(patched({ 0: i32(1) }, position, distance)))
    expect(['truncated', 'malformed']).toContain(problem.code)
  })

  it('of a vector whose length is near 2^32 is truncated, without memory being taken', () => {
    const fields = root({ 0: bytes(new Uint8Array(4), 0xffffffff) })
    expect(problemOf(() => vectorField(fields, 0, 8, 'data'))).toEqual({
      path: 'f',
      code: 'truncated',
      values: expect.objectContaining({ what: 'data' }),
    })
  })

  it('of a table by an index beyond its vector is malformed', () => {
    const vector = vectorField(root({ 0: tables({}) }), 0, 4, '')!
    expect(problemOf(() => tableOf(vector, 1, 'buffer'))).toMatchObject({
      code: 'malformed',
      values: { reason: 'index 1 of 1' },
    })
  })
})

describe('a vtable', () => {
  it('that is its own table is malformed', () => {
    const file = patched({ 0: i32(1) }, root({ 0: i32(1) }).position, 0)
    expect(problemOf(() => open(file))).toMatchObject({ code: 'malformed', values: { reason: 'a vtable of 0 bytes' } })
  })

  it.each([0, 3, 5])('of %i bytes is malformed', (size) => {
    const file = flatBufferFile('TEST', { 0: i32(1) })
    new DataView(file.buffer).setUint16(open(file).vtable, size, true)
    expect(problemOf(() => open(file))).toMatchObject({ code: 'malformed' })
  })
})

describe('the budget', () => {
  it('refuses what would take more memory than allowed', () => {
    const fields = root({ 0: bytes(new Uint8Array(100)) }, 99)
    expect(problemOf(() => vectorBytes(vectorField(fields, 0, 1, '')!, 1, 'scales'))).toMatchObject({
      code: 'limit',
      values: { what: 'scales' },
    })
  })

  it('counts a vector each time it is copied', () => {
    const fields = root({ 0: bytes(new Uint8Array(60)) }, 100)
    const vector = vectorField(fields, 0, 1, '')!
    vectorBytes(vector, 1, '')
    expect(problemOf(() => vectorBytes(vector, 1, ''))).toMatchObject({ code: 'limit' })
  })
})

it('every truncation of a file is refused as truncated', () => {
  const file = flatBufferFile('TEST', { 0: table({ 0: i32s(1, 2, 3) }) })
  const read = (source: Uint8Array) => int32s(vectorField(tableField(open(source), 0, '')!, 0, 4, '')!, '')
  const codes = Array.from({ length: file.length }, (_, size) => problemOf(() => read(file.slice(0, size))).code)
  expect(new Set(codes)).toEqual(new Set(['truncated']))
})

it('what is written is what is read', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.nat(30).map(String), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), (values) => {
      const fields = root(Object.fromEntries(Object.entries(values).map(([slot, value]) => [slot, i32(value)])))
      for (let slot = 0; slot <= 30; slot++) expect(int32Field(fields, slot, 0, '')).toBe(values[slot] ?? 0)
    }),
  )
})
