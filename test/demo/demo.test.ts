import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { forget, obtain, optionOf } from '../../demo/demo.mjs'
import type { Packer } from '../../demo/fetch.mjs'
import { folder } from '../builders/folder.ts'
import { integrity, tarball } from './tarball.ts'

const archive = tarball([{ path: 'package/model.onnx', content: 'weights' }])
const set = ['@maker/first', 'second'].map((name) => ({
  name,
  version: '1.0.0',
  licence: 'MIT',
  integrity: integrity(archive),
}))

const online: Packer = async (_spec, target) => {
  writeFileSync(join(target, 'packed.tgz'), archive)
  return { ok: true }
}
const offline: Packer = async () => ({ ok: false, output: 'npm error code ENOSPC' })
const quiet = () => {}

it('unpacks one folder a package', async () => {
  const models = await obtain(set, folder({}), online, quiet)
  expect(readdirSync(models).sort()).toEqual(['maker_first-1.0.0', 'second-1.0.0'])
})

it('works from the cache alone once everything has arrived', async () => {
  const cache = folder({})
  await obtain(set, cache, online, quiet)
  expect(readdirSync(await obtain(set, cache, offline, quiet))).toHaveLength(2)
})

it('leaves unpacked files untouched on a second run', async () => {
  const cache = folder({})
  const model = join(await obtain(set, cache, online, quiet), 'second-1.0.0', 'model.onnx')
  const before = statSync(model).ino
  await obtain(set, cache, online, quiet)
  expect(statSync(model).ino).toBe(before)
})

it('goes on where an interrupted run stopped', async () => {
  const cache = folder({})
  await obtain(set.slice(0, 1), cache, online, quiet)
  const asked: string[] = []
  const listening: Packer = (spec, target) => {
    asked.push(spec)
    return online(spec, target)
  }
  await obtain(set, cache, listening, quiet)
  expect(asked).toEqual(['second@1.0.0'])
})

it('says which package it is at', async () => {
  const lines: string[] = []
  await obtain(set, folder({}), online, (line) => lines.push(line))
  expect(lines).toEqual(['1/2 @maker/first 1.0.0 (MIT)', '2/2 second 1.0.0 (MIT)'])
})

it('forgets what the set put into the cache', async () => {
  const cache = folder({})
  await obtain(set, cache, online, quiet)
  forget(set, cache)
  expect([readdirSync(cache), readdirSync(join(cache, 'unpacked'))]).toEqual([['unpacked'], []])
})

it('forgets nothing that is not of the set', () => {
  const cache = folder({ 'unpacked/mine/model.onnx': 'weights' })
  forget(set, cache)
  expect(existsSync(join(cache, 'unpacked/mine/model.onnx'))).toBe(true)
})

it.each([
  { args: ['--page', 'a.html'], page: 'a.html' },
  { args: ['--page=a.html'], page: 'a.html' },
  { args: ['--page', 'a.html', '--page=b.html'], page: 'b.html' },
  { args: ['--lang', 'ja'], page: undefined },
])('reads the page from $args', ({ args, page }) => {
  expect(optionOf(args, '--page')).toBe(page)
})
