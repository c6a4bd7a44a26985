import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { closeArtifact, openArtifact } from '../../src/read/artifact.ts'
import { discover } from '../../src/read/discover.ts'
import { parseHint } from '../../src/read/raw.ts'
import { folder } from '../builders/folder.ts'
import { problemOf } from '../builders/problems.ts'
import { counting, safetensors, safetensorsIndex } from '../builders/safetensors.ts'

const model = safetensors({ w: { shape: [4] } })

function open(root: string, ...hints: string[]) {
  const [candidate] = discover([root], hints.map(parseHint)).candidates
  const file = openArtifact(candidate!)
  closeArtifact(file)
  return file
}

it('reads a single file', () => {
  expect(open(folder({ 'm.safetensors': model })).tensors.map((tensor) => tensor.name)).toEqual(['w'])
})

it('reads a model in shards, all of whose files have paths relative to the root', () => {
  const files = { 'x/m.safetensors.index.json': safetensorsIndex({ w: '1.safetensors' }), 'x/1.safetensors': model }
  expect(open(folder(files)).files.map((file) => file.path)).toEqual(['x/m.safetensors.index.json', 'x/1.safetensors'])
})

it('reads an array by its hint', () => {
  expect(open(folder({ 'v/a.bin': counting(6) }), 'v/*.bin=f32[2,3]').tensors[0]?.view.shape).toEqual([2, 3])
})

it('refuses an array that its hint does not fit', () => {
  const root = folder({ 'v/a.bin': counting(6) })
  expect(problemOf(() => open(root, 'v/*.bin=f32[2,4]')).code).toBe('hint-mismatch')
})

it('refuses a file that is not what its name says', () => {
  expect(problemOf(() => open(folder({ 'm.safetensors': 'hello, this is no model' }))).code).toBe('limit')
})

it.each(['m.safetensors', 'm.onnx', 'm.tflite'])('refuses %s without content', (name) => {
  expect(['truncated', 'malformed']).toContain(problemOf(() => open(folder({ [name]: '' }))).code)
})

it('refuses a file that changed since it was found', () => {
  const root = folder({ 'm.safetensors': model })
  const [candidate] = discover([root], []).candidates
  appendFileSync(join(root, 'm.safetensors'), 'x')
  expect(problemOf(() => openArtifact(candidate!)).code).toBe('changed')
})
