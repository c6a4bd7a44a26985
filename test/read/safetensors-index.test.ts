import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isSafetensorsIndexName, readShardedSafetensors } from '../../src/read/safetensors-index.ts'
import { openSiblings } from '../../src/read/siblings.ts'
import { memorySource } from '../../src/read/source.ts'
import { folder, type Link } from '../builders/folder.ts'
import { problemOf } from '../builders/problems.ts'
import { safetensors, safetensorsIndex } from '../builders/safetensors.ts'
import { tensorValues } from '../builders/values.ts'

function readIndex(index: string, files: Record<string, Uint8Array | string | Link>) {
  const root = folder(files)
  const siblings = openSiblings(join(root, 'm.safetensors.index.json'), 'm.safetensors.index.json')
  return readShardedSafetensors(memorySource('m.safetensors.index.json', new TextEncoder().encode(index)), siblings)
}

const refused = (index: string, files: Record<string, Uint8Array | string | Link> = {}) =>
  problemOf(() => readIndex(index, files))

const one = safetensors({ a: { shape: [2] } })
const two = safetensors({ b: { shape: [2], values: [8, 9] } })

describe('a model in shards', () => {
  const map = safetensorsIndex({ a: '1.safetensors', b: '2.safetensors' })
  const files = { 'm.safetensors.index.json': map, '1.safetensors': one, '2.safetensors': two }

  it('has the tensors of all shards', () => {
    const file = readIndex(map, files)
    const values = file.tensors.map((tensor) => [tensor.name, [...tensorValues(file, tensor)]])
    expect(values).toEqual([
      ['a', [0, 1]],
      ['b', [8, 9]],
    ])
  })

  it('lists the index first, then the shards', () => {
    expect(readIndex(map, files).files.map((file) => file.path)).toEqual([
      'm.safetensors.index.json',
      '1.safetensors',
      '2.safetensors',
    ])
  })

  it('finds the neighbours of a fused tensor in other shards', () => {
    const weights = { 'r.weight_hh_l0': [4, 1], 'r.bias_hh_l0': [4] }
    const shards = Object.entries(weights).map(([name, shape]) => [`${name}.st`, safetensors({ [name]: { shape } })])
    const index = safetensorsIndex(Object.fromEntries(Object.keys(weights).map((name) => [name, `${name}.st`])))
    const file = readIndex(index, { 'm.safetensors.index.json': index, ...Object.fromEntries(shards) })
    expect(file.tensors.map((tensor) => tensor.name)).toContain('r.bias_hh_l0.f')
  })
})

describe('what index and shards disagree on', () => {
  const index = (map: Record<string, string>) => ({ 'm.safetensors.index.json': safetensorsIndex(map) })

  it('is malformed where a shard lacks a tensor', () => {
    const map = { a: '1', gone: '1' }
    expect(refused(safetensorsIndex(map), { ...index(map), 1: one })).toMatchObject({
      code: 'malformed',
      values: { what: 'gone', reason: '1 holds no such tensor' },
    })
  })

  it('is malformed where the tensor stands in another shard', () => {
    const map = { a: '2', b: '1' }
    expect(refused(safetensorsIndex(map), { ...index(map), 1: one, 2: two }).code).toBe('malformed')
  })

  it('is a finding where a shard holds more, which loaders take all the same', () => {
    const map = { a: '1' }
    const both = safetensors({ a: { shape: [2] }, extra: { shape: [1] } })
    const file = readIndex(safetensorsIndex(map), { ...index(map), 1: both })
    expect([file.tensors.length, file.findings.map((finding) => finding.code)]).toEqual([2, ['unindexed-tensors']])
  })

  it('is a finding where two shards hold a tensor; the index decides', () => {
    const map = { a: '1', b: '2' }
    const file = readIndex(safetensorsIndex(map), {
      ...index(map),
      1: one,
      2: safetensors({ a: { shape: [2] }, b: { shape: [1] } }),
    })
    expect([file.tensors.length, file.findings.map((finding) => finding.code)]).toEqual([2, ['shadowed-tensors']])
  })
})

describe('names in the index', () => {
  it.each(['../secret.safetensors', '/etc/passwd', 'a/../../x'])('may not lead outside: %s', (name) => {
    const index = safetensorsIndex({ a: name })
    expect(refused(index, { 'm.safetensors.index.json': index }).code).toBe('unsafe-path')
  })

  it('may not lead outside by a link', () => {
    const map = safetensorsIndex({ a: 'shard' })
    const files = { 'm.safetensors.index.json': map, shard: { link: '/etc/hostname' } }
    expect(refused(map, files).code).toBe('unsafe-path')
  })

  it('must be there', () => {
    const index = safetensorsIndex({ a: '1' })
    expect(refused(index, { 'm.safetensors.index.json': index })).toMatchObject({
      code: 'missing-file',
      values: { name: '1' },
    })
  })

  it('may not be more than any model has files', () => {
    const map = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`t${i}`, `s${i}`]))
    expect(refused(safetensorsIndex(map))).toMatchObject({ code: 'limit', values: { what: 'shards' } })
  })

  it('are not opened where a git-LFS pointer stands', () => {
    const map = safetensorsIndex({ a: '1' })
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4321\n'
    expect(refused(map, { 'm.safetensors.index.json': map, 1: pointer })).toEqual({
      path: '1',
      code: 'lfs-pointer',
      values: { bytes: 4321 },
    })
  })
})

describe('a broken index', () => {
  it.each([
    ['no JSON', '{"weight_map":'],
    ['no weight_map', '{"a":1}'],
    ['an empty weight_map', '{"weight_map":{}}'],
    ['a file that is no name', '{"weight_map":{"a":1}}'],
    ['a tensor that stands twice', '{"weight_map":{"a":"1","a":"2"}}'],
  ])('is malformed with %s', (_, index) => {
    expect(refused(index).code).toBe('malformed')
  })

  it('is refused with more tensors than any model has', () => {
    expect(refused(`{"weight_map":{${'"":"",'.repeat(300_000)}"":""}}`).code).toBe('limit')
  })

  it('is refused when it is larger than any', () => {
    expect(refused(' '.repeat(33 * 1024 * 1024)).code).toBe('limit')
  })
})

it.each([
  ['model.safetensors.index.json', true],
  ['diffusion_pytorch_model.safetensors.index.fp16.json', true],
  ['model.safetensors', false],
  ['index.json', false],
])('takes %s for an index: %s', (name, isIndex) => {
  expect(isSafetensorsIndexName(name)).toBe(isIndex)
})
