import { expect, it } from 'vitest'
import { discover } from '../../src/read/discover.ts'
import { isFirstSplitName } from '../../src/read/gguf.ts'
import { folder } from '../builders/folder.ts'
import { counting, ggufFile } from '../builders/gguf.ts'
import { legacyFile } from '../builders/llama2c.ts'

const part = (no: number, name: string) =>
  ggufFile({ metadata: { 'split.no': no, 'split.count': 2 }, tensors: [counting(name, [4])] })

const found = (files: Record<string, Uint8Array>) =>
  discover([folder(files)], []).candidates.map(({ path, format }) => [path, format])

it('a split model is found as its first file', () => {
  const files = { 'm-00001-of-00002.gguf': part(0, 'a'), 'm-00002-of-00002.gguf': part(1, 'b') }
  expect(found(files)).toEqual([['m-00001-of-00002.gguf', 'gguf']])
})

it('files that lack their first one are found by themselves', () => {
  expect(found({ 'm-00002-of-00002.gguf': part(1, 'b') })).toEqual([['m-00002-of-00002.gguf', 'gguf']])
})

it('a renamed GGUF is found by its magic number', () => {
  expect(found({ 'sha256-abc': ggufFile({ tensors: [counting('a', [4])] }) })).toEqual([['sha256-abc', 'gguf']])
})

it('a llama2.c model is found by the size its header asks for', () => {
  expect(found({ 'model.bin': legacyFile() })).toEqual([['model.bin', 'llama2c']])
})

it.each([
  ['m-00001-of-00002.gguf', true],
  ['m-00002-of-00002.gguf', false],
  ['m.gguf', false],
])('%s stands for a split model: %s', (name, first) => {
  expect(isFirstSplitName(name)).toBe(first)
})
