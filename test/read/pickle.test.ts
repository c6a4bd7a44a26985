import { describe, expect, it } from 'vitest'
import { readPickle } from '../../src/read/pickle.ts'
import { memorySource } from '../../src/read/source.ts'
import { dict, importOf, opcodes, pickle, u32, u64 } from '../builders/pickle.ts'

const read = (bytes: Uint8Array) => readPickle(memorySource('a.pkl', bytes))
const fault = (...parts: readonly (string | Uint8Array)[]) => read(opcodes(...parts, '.')).fault?.problem

describe('plain values', () => {
  it.each([
    ['None', 'N', null],
    ['True', '\x88', true],
    ['False of protocol 0', 'I00\n', false],
    ['a small number', 'K\x07', 7],
    ['a 16-bit number', 'M\x01\x02', 513],
    ['a negative number', 'J\xff\xff\xff\xff', -1],
    ['a number in decimals', 'I-12\n', -12],
    ['a long of protocol 0', 'L12L\n', 12],
    ['a long', '\x8a\x02\xff\xff', -1],
    ['a long of no bytes', '\x8a\x00', 0],
    ['a float', 'G\x3f\xf8\0\0\0\0\0\0', 1.5],
    ['a float of protocol 0', 'F1.5\n', 1.5],
    ['a text', 'X\x02\0\0\0hi', 'hi'],
    ['a short text', '\x8c\x02hi', 'hi'],
    ['a text of protocol 0', 'Vh\\u0069\n', 'hi'],
    ["Python 2's text", "S'hi'\n", 'hi'],
    ["Python 2's binary text", 'U\x02hi', 'hi'],
  ])('reads %s', (_, code, value) => {
    expect(read(opcodes(code, '.')).value).toBe(value)
  })

  it('keeps whole numbers beyond 2⁵³ exact', () => {
    expect(read(pickle(2n ** 62n)).value).toBe(2n ** 62n)
  })

  it('leaves bytes where they lie', () => {
    expect(read(opcodes('B', u32(3), 'abc', '.')).value).toEqual({ kind: 'bytes', coding: 'raw', offset: 5, length: 3 })
  })

  it('leaves texts longer than any name where they lie', () => {
    expect(read(pickle('x'.repeat(5_000))).value).toMatchObject({ kind: 'bytes', coding: 'text', length: 5_000 })
  })
})

describe('containers', () => {
  it.each([
    ['EMPTY_LIST and APPENDS', '](K\x01K\x02e', 'list'],
    ['EMPTY_LIST and APPEND', ']K\x01aK\x02a', 'list'],
    ['LIST', '(K\x01K\x02l', 'list'],
    ['TUPLE', '(K\x01K\x02t', 'tuple'],
    ['TUPLE2', 'K\x01K\x02\x86', 'tuple'],
    ['FROZENSET', '(K\x01K\x02\x91', 'set'],
    ['EMPTY_SET and ADDITEMS', '\x8f(K\x01K\x02\x90', 'set'],
  ])('come by %s', (_, code, kind) => {
    expect(read(opcodes(code, '.')).value).toEqual({ kind, items: [1, 2] })
  })

  it.each([
    ['EMPTY_DICT and SETITEMS', '}(K\x01K\x02u'],
    ['EMPTY_DICT and SETITEM', '}K\x01K\x02s'],
    ['DICT', '(K\x01K\x02d'],
  ])('come by %s', (_, code) => {
    expect(read(opcodes(code, '.')).value).toEqual({ kind: 'dict', entries: [[1, 2]] })
  })

  it.each([
    ['BINPUT and BINGET', 'q\x05h\x05'],
    ['LONG_BINPUT and LONG_BINGET', 'r\x05\0\0\0j\x05\0\0\0'],
    ['PUT and GET', 'p5\ng5\n'],
    ['MEMOIZE', '\x94h\x00'],
    ['DUP', '2'],
  ])('can stand twice by %s', (_, code) => {
    const { value } = read(opcodes(']', code, '\x86.'))
    const items = (value as { items: unknown[] }).items
    expect(items[0]).toBe(items[1])
  })

  it('can hold themselves', () => {
    const { value } = read(opcodes(']q\0h\0a.'))
    expect((value as { items: unknown[] }).items[0]).toBe(value)
  })
})

describe('what a pickle would run', () => {
  const called = { kind: 'object', callee: { kind: 'global', module: 'os', name: 'system' } }

  it.each([
    ['REDUCE', 'cos\nsystem\nX\x02\0\0\0id\x85R'],
    ['INST', '(X\x02\0\0\0idios\nsystem\n'],
    ['OBJ', '(cos\nsystem\nX\x02\0\0\0ido'],
    ['NEWOBJ', 'cos\nsystem\nX\x02\0\0\0id\x85\x81'],
    ['STACK_GLOBAL', '\x8c\x02os\x8c\x06system\x93X\x02\0\0\0id\x85R'],
  ])('is noted and not run: %s', (_, code) => {
    expect(read(opcodes(code, '.')).value).toMatchObject({ ...called, args: { items: ['id'] } })
  })

  it('is noted and not run: NEWOBJ_EX', () => {
    const { value } = read(opcodes('cos\nsystem\n', ')}', '\x92.'))
    expect(value).toMatchObject(called)
  })

  it('is noted and not run: BUILD', () => {
    const { value } = read(opcodes('cos\nsystem\n)\x81K\x07b.'))
    expect(value).toMatchObject({ ...called, states: [7] })
  })

  it.each([
    ['EXT1', '\x82\x07'],
    ['EXT2', '\x83\x07\0'],
    ['EXT4', '\x84\x07\0\0\0'],
  ])('is noted and not looked up: %s', (_, code) => {
    expect(read(opcodes(code, '.')).imports).toMatchObject([{ module: 'copyreg', name: 'extension 7' }])
  })

  it.each([
    ['PERSID', 'Pabc\n', 'abc'],
    ['BINPERSID', 'X\x03\0\0\0abcQ', 'abc'],
    ['NEXT_BUFFER', '\x97', null],
  ])('is left to the reader: %s', (_, code, id) => {
    expect(read(opcodes(code, '.')).value).toEqual({ kind: 'persistent', id })
  })

  it('is noted with its first place, once', () => {
    const { imports } = read(opcodes('N0', importOf('os.system'), '0', importOf('os.system'), '.'))
    expect(imports).toEqual([{ module: 'os', name: 'system', offset: 2 }])
  })

  it('is noted also where the pickle breaks off behind it', () => {
    const { imports, fault } = read(opcodes(importOf('os.system'), ')R', '\xff'))
    expect([imports.length, fault?.problem.code]).toEqual([1, 'malformed'])
  })
})

describe('a broken pickle', () => {
  it.each([
    ['an unknown opcode', '\xff'],
    ['protocol 6', '\x80\x06'],
    ['an empty stack', ''],
    ['a missing MARK', 't'],
    ['a memo entry never made', 'h\x01'],
    ['a key without a value', '}(K\x01u'],
    ['an append to a number', 'K\x01K\x02a'],
    ['an import of a number', 'K\x01K\x02\x93'],
    ['a number that is none', 'Ione\n'],
    ['a text without quotes', 'Shi\n'],
  ])('has %s', (_, code) => {
    expect(fault(code)?.code).toBe('malformed')
  })

  it('is truncated wherever it is cut', () => {
    const whole = pickle(dict({ a: [1, 2.5, 'text', { tuple: [null] }], b: { global: 'a.b' } }))
    const codes = Array.from(
      { length: whole.length },
      (_, length) => read(whole.subarray(0, length)).fault?.problem.code,
    )
    expect(new Set(codes)).toEqual(new Set(['truncated']))
  })

  it.each([
    ['BINBYTES8', '\x8e'],
    ['BINUNICODE8', '\x8d'],
    ['BYTEARRAY8', '\x96'],
  ])('is truncated where %s is as long as 2⁶²', (_, code) => {
    expect(fault(code, u64(2n ** 62n))?.code).toBe('truncated')
  })
})
