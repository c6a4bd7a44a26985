import { describe, expect, it } from 'vitest'
import { HintError, hintMatcher, parseHint, readRaw } from '../../src/read/raw.ts'
import { memorySource } from '../../src/read/source.ts'
import { problemOf } from '../builders/problems.ts'
import { counting } from '../builders/safetensors.ts'
import { tensorValues } from '../builders/values.ts'

describe('a hint', () => {
  it('says which files hold which array', () => {
    expect(parseHint('voices/*.bin=f32[512, 256]')).toMatchObject({
      glob: 'voices/*.bin',
      element: 'f32',
      shape: [512, 256],
    })
  })

  it('may name files with an equals sign', () => {
    expect(parseHint('step=3/*.bin=bf16[8]').glob).toBe('step=3/*.bin')
  })

  it.each([
    ['voices/*.bin', 'no = between'],
    ['=f32[2]', 'no files named'],
    ['a=f32', '"f32" is not a type and a shape'],
    ['a=f33[2]', '"f33" is none of f64, f32'],
    ['a=bool[2]', '"bool" is none of'],
    ['a=f32[]', '"" is not the length'],
    ['a=f32[2,-1]', '"-1" is not the length'],
    ['a=f32[0]', '"0" is not the length'],
    ['a=f32[1e3]', '"1e3" is not the length'],
    ['a=f32[999999999999,999999999999]', 'larger than any file'],
    [`a=f32[${'1,'.repeat(40)}1]`, 'more than 32 axes'],
  ])('%s is refused with what is wrong', (text, fault) => {
    expect(() => parseHint(text)).toThrow(HintError)
    expect(() => parseHint(text)).toThrow(fault)
  })
})

describe('the files a hint speaks of', () => {
  it.each([
    ['voices/*.bin', 'voices/a.bin', '/x/voices/a.bin', true],
    ['voices/*.bin', 'pkg/voices/a.bin', '/x/pkg/voices/a.bin', true],
    ['voices/*.bin', 'a.bin', '/x/voices/a.bin', true],
    ['./voices/*.bin', 'voices/a.bin', '/x/voices/a.bin', true],
    ['/x/voices/*.bin', 'a.bin', '/x/voices/a.bin', true],
    ['*.bin', 'deep/in/a.bin', '/x/deep/in/a.bin', true],
    ['**/*.bin', 'a.bin', '/x/a.bin', true],
    ['a.bin', 'pkg/a.bin', '/x/pkg/a.bin', true],
    ['voices/*.bin', 'voices/en/a.bin', '/x/voices/en/a.bin', false],
    ['voices/*.bin', 'myvoices/a.bin', '/x/myvoices/a.bin', false],
    ['*.bin', 'a.onnx', '/x/a.onnx', false],
  ])('%s and %s', (glob, path, absolute, matches) => {
    expect(hintMatcher(parseHint(`${glob}=f32[2]`))(path, absolute)).toBe(matches)
  })
})

describe('a headerless array', () => {
  it('has the shape of its hint', () => {
    const file = readRaw(memorySource('a.bin', counting(6)), parseHint('*=f32[2,3]'))
    expect([file.tensors[0]?.view.shape, [...tensorValues(file, file.tensors[0]!)]]).toEqual([
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ])
  })

  it('may hold half bytes, the last of them unused', () => {
    const file = readRaw(memorySource('a.bin', Uint8Array.of(0x21, 0x03)), parseHint('*=u4[3]'))
    expect([...tensorValues(file, file.tensors[0]!)]).toEqual([1, 2, 3])
  })

  it.each([5, 7])('does not fit %s elements where the hint says six', (count) => {
    expect(problemOf(() => readRaw(memorySource('a.bin', counting(count)), parseHint('*=f32[2,3]')))).toEqual({
      path: 'a.bin',
      code: 'hint-mismatch',
      values: { hint: '*=f32[2,3]', need: 24, size: count * 4 },
    })
  })
})
