import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSiblings } from '../../src/read/siblings.ts'
import { readBytes } from '../../src/read/source.ts'
import { folder, type Link } from '../builders/folder.ts'
import { problemOf } from '../builders/problems.ts'

/** The text of the sibling `name` of the main file `main`. */
function text(files: Record<string, string | Link>, main: string, name: string): string {
  const source = openSiblings(join(folder(files), main), main).open(name)
  const bytes = readBytes(source, 0, source.size, 'text')
  source.close()
  return Buffer.from(bytes).toString()
}

const refused = (files: Record<string, string | Link>, main: string, name: string) =>
  problemOf(() => text(files, main, name)).code

it('opens a file beside the main one', () => {
  expect(text({ 'm/index': '', 'm/shard': 'here' }, 'm/index', 'shard')).toBe('here')
})

it('opens a file below the main one', () => {
  expect(text({ index: '', 'a/b/shard': 'here' }, 'index', './a/b/../b/shard')).toBe('here')
})

it('shows a sibling beside the path shown for the main file', () => {
  const root = folder({ index: '', shard: '' })
  const source = openSiblings(join(root, 'index'), 'models/index').open('shard')
  source.close()
  expect(source.path).toBe('models/shard')
})

it.each(['../secret', 'a/../../secret', '/etc/passwd', '..', '.', '', 'a\\..\\secret', 'C:secret', 'secret\0', 'a/'])(
  'refuses the name "%s"',
  (name) => {
    expect(refused({ 'm/index': '', 'm/a/x': '', secret: '' }, 'm/index', name)).toBe('unsafe-path')
  },
)

it('refuses a link that leads outside', () => {
  expect(refused({ 'm/index': '', 'm/shard': { link: '../secret' }, secret: '' }, 'm/index', 'shard')).toBe(
    'unsafe-path',
  )
})

it('refuses a link of a folder that leads outside', () => {
  const files = { 'm/index': '', 'm/a': { link: '../other' }, 'other/secret': '' }
  expect(refused(files, 'm/index', 'a/secret')).toBe('unsafe-path')
})

it('refuses a link into a folder whose name only begins alike', () => {
  const files = { 'm/index': '', 'm/shard': { link: '../m2/secret' }, 'm2/secret': '' }
  expect(refused(files, 'm/index', 'shard')).toBe('unsafe-path')
})

it('follows a link that stays inside', () => {
  expect(text({ 'm/index': '', 'm/shard': { link: 'a/x' }, 'm/a/x': 'here' }, 'm/index', 'shard')).toBe('here')
})

it('works in a folder that was itself given by a link', () => {
  expect(text({ 'm/index': '', 'm/shard': 'here', l: { link: 'm' } }, 'l/index', 'shard')).toBe('here')
})

it('says when nothing is there', () => {
  expect(refused({ index: '' }, 'index', 'shard')).toBe('missing-file')
})

it('says when a link leads to nothing', () => {
  expect(refused({ index: '', shard: { link: 'gone' } }, 'index', 'shard')).toBe('missing-file')
})

it('takes a folder for unreadable', () => {
  expect(refused({ index: '', 'a/x': '' }, 'index', 'a')).toBe('unreadable')
})

const cache: Record<string, string | Link> = {
  'hub/blobs/11': 'index',
  'hub/blobs/22': 'here',
  'hub/snapshots/r/index': { link: '../../blobs/11' },
  'hub/snapshots/r/shard': { link: '../../blobs/22' },
}

it('follows the links of a Hugging Face cache', () => {
  expect(text(cache, 'hub/snapshots/r/index', 'shard')).toBe('here')
})

it('refuses a link from a cache to anywhere but the blobs of its main file', () => {
  const files = { ...cache, 'hub/snapshots/r/shard': { link: '../../../secret' }, secret: '' }
  expect(refused(files, 'hub/snapshots/r/index', 'shard')).toBe('unsafe-path')
})

it('looks beside the real main file where nothing stands beside its link', () => {
  const files = { current: { link: 'store/index' }, 'store/index': '', 'store/shard': 'here' }
  expect(text(files, 'current', 'shard')).toBe('here')
})

it('does not let a linked main file open its folder to other links', () => {
  const files = { 'm/index': { link: '../s/index' }, 'm/x': { link: '../s/secret' }, 's/index': '', 's/secret': '' }
  expect(refused(files, 'm/index', 'x')).toBe('unsafe-path')
})
