import { expect, it } from 'vitest'
import { readPickle } from '../../src/read/pickle.ts'
import { readPlainPickle } from '../../src/read/plain-pickle.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { opcodes } from '../builders/pickle.ts'
import { problemOf } from '../builders/problems.ts'

const refused = (bytes: Uint8Array) => readPickle(memorySource('a.pkl', bytes)).fault?.problem
const scanned = (bytes: Uint8Array) => readPlainPickle(memorySource('a.pkl', bytes), memorySiblings({}))

/** One opcode sequence so many times over. */
function repeated(code: string, times: number): Uint8Array {
  const one = Buffer.from(code, 'latin1')
  return Buffer.alloc(one.length * times, one)
}

it('costs no more than its opcodes for lists that unfold to 2²⁰⁰ items', () => {
  const doubling = opcodes('](K\x01e', repeated('2\x86', 200), '.')
  expect(scanned(doubling).tensors).toEqual([])
})

it('refuses a graph as deep as no model is', () => {
  expect(problemOf(() => scanned(opcodes(']', repeated('\x85', 100_000), '.')))).toMatchObject({
    code: 'limit',
    values: { what: 'nesting of the pickle' },
  })
})

it('walks a cycle once', () => {
  expect(scanned(opcodes('}q\0X\x01\0\0\0ah\0sX\x01\0\0\0b]q\x01h\x01ah\0as.')).tensors).toEqual([])
})

it.each([
  ['lists', ']'],
  ['marks', '('],
  ['memo entries', 'N\x94'],
  ['objects', 'cos\nsystem\n)R'],
  ['texts', 'U\x02ab'],
  ['lists of one item', ']K\x01a'],
  ['dicts of one entry', '}K\x01K\x01s'],
])('refuses more %s than any model has', (_, code) => {
  const { what, ...limit } = (refused(repeated(code, 1_100_000))?.values ?? {}) as Record<string, string>
  expect([what, Object.keys(limit)]).toEqual(['values of the pickle', ['value', 'limit']])
})

it.each([
  ['numbers', 'G\x3f\xf8\0\0\0\0\0\0'],
  ['copies', 'N2'],
  ['frames', '\x95\0\0\0\0\0\0\0\0'],
])('refuses more opcodes than any model has: %s', (_, code) => {
  expect(refused(repeated(code, 4_300_000))?.values).toMatchObject({ what: 'opcodes of the pickle' })
})

it('refuses a line without an end', () => {
  expect(refused(opcodes('V', repeated('x', 100_000)))).toMatchObject({ code: 'limit' })
})

it('passes over a text of 100 MB without holding it', () => {
  const text = Buffer.alloc(100_000_000, 'x')
  expect(refused(opcodes('X\x00\xe1\xf5\x05', text, '.'))).toBeUndefined()
})
