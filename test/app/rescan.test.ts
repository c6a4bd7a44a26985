import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Files, folder } from '../builders/folder.ts'
import { safetensorsIndex } from '../builders/safetensors.ts'
import { scanned } from '../builders/scan.ts'
import { encode, noise } from '../builders/tensor.ts'
import { weights } from '../builders/weights.ts'
import { zip } from '../builders/zip.ts'

/** A whole second, which every way of setting a time keeps. */
const THEN = new Date('2025-01-01T00:00:00Z')

/** A folder whose files are all of one time, scanned once. */
async function known(files: Files): Promise<string> {
  const root = folder(files)
  for (const name of Object.keys(files)) utimesSync(join(root, name), THEN, THEN)
  await scanned([root])
  return root
}

/** Other bytes that no stamp tells of: whoever opens the file sees that it is no model. */
function spoil(path: string): void {
  writeFileSync(path, Buffer.alloc(statSync(path).size, 'x'))
  utimesSync(path, THEN, THEN)
}

const pathsOf = ({ report }: Awaited<ReturnType<typeof scanned>>) =>
  report.models.flatMap(({ artifacts }) => artifacts.map(({ path }) => path)).sort()

const SHARDED = {
  'model.safetensors.index.json': safetensorsIndex({ 'a.weight': 's1.safetensors', 'b.weight': 's2.safetensors' }),
  's1.safetensors': weights(1, { names: ['a.weight'] }),
  's2.safetensors': weights(2, { names: ['b.weight'] }),
}

describe('a rescan opens no file that is as it was:', () => {
  it('no model, no side file, and nothing that is neither', async () => {
    const files = { 'a.safetensors': weights(1), 'config.json': '{"a":1}', 'notes.txt': 'hello' }
    const root = await known(files)
    for (const name of Object.keys(files)) spoil(join(root, name))
    const { report } = await scanned([root])
    expect(report.problems).toEqual([])
    expect(report.models[0]!.artifacts[0]!.sideFiles).toMatchObject([{ path: 'config.json' }])
  })

  it('no archive', async () => {
    const root = await known({ 'pack.zip': zip([{ name: 'in/a.safetensors', bytes: weights(1) }]) })
    spoil(join(root, 'pack.zip'))
    expect(pathsOf(await scanned([root]))).toEqual(['pack.zip!/in/a.safetensors'])
  })

  it('no index, and its shards stay its own', async () => {
    const root = await known(SHARDED)
    spoil(join(root, 'model.safetensors.index.json'))
    expect(pathsOf(await scanned([root]))).toEqual(['model.safetensors.index.json'])
  })
})

describe('a rescan notices', () => {
  it('a side file that changed', async () => {
    const root = await known({ 'a.safetensors': weights(1), 'config.json': '{"a":1}' })
    const before = (await scanned([root])).report.models[0]!.artifacts[0]!.sideFiles![0]!.sha256
    writeFileSync(join(root, 'config.json'), '{"a":2}')
    expect((await scanned([root])).report.models[0]!.artifacts[0]!.sideFiles![0]!.sha256).not.toBe(before)
  })

  it('a side file that became a link', async () => {
    const root = await known({ 'a.safetensors': weights(1), 'config.json': '{"a":1}', 'other.json': '{"b":2}' })
    rmSync(join(root, 'config.json'))
    symlinkSync('other.json', join(root, 'config.json'))
    const { report } = await scanned([root])
    expect(report.models[0]!.artifacts[0]!.sideFiles).toMatchObject([{ path: 'config.json', bytes: 7 }])
  })

  it('a new model and a new side file beside known ones', async () => {
    const root = await known({ 'a.safetensors': weights(1) })
    writeFileSync(join(root, 'b.safetensors'), weights(2))
    writeFileSync(join(root, 'config.json'), '{}')
    const { report } = await scanned([root])
    expect(report.models.map(({ artifacts }) => artifacts[0]!.sideFiles!.map(({ path }) => path))).toEqual([
      ['config.json'],
      ['config.json'],
    ])
  })

  it('a shard that is gone, and lists the other for itself', async () => {
    const root = await known(SHARDED)
    rmSync(join(root, 's2.safetensors'))
    const again = await scanned([root])
    expect(pathsOf(again)).toEqual(['s1.safetensors'])
    expect(again.report.problems).toMatchObject([{ code: 'missing-file' }])
  })

  it('two models of one size and time that changed places', async () => {
    const root = await known({ 'a.safetensors': weights(1), 'b.safetensors': weights(2) })
    const before = await scanned([root])
    renameSync(join(root, 'a.safetensors'), join(root, 'c'))
    renameSync(join(root, 'b.safetensors'), join(root, 'a.safetensors'))
    renameSync(join(root, 'c'), join(root, 'b.safetensors'))
    const after = await scanned([root])
    const at = ({ report }: typeof before) =>
      new Map(report.models.map(({ id, artifacts }) => [artifacts[0]!.path, id]))
    expect(at(after).get('a.safetensors')).toBe(at(before).get('b.safetensors'))
    expect(at(after).get('b.safetensors')).toBe(at(before).get('a.safetensors'))
  })

  it('a file that was no model and is one now', async () => {
    const root = await known({ 'a.safetensors': weights(1), 'b.bin': 'hello' })
    writeFileSync(join(root, 'b.bin'), weights(2))
    expect(pathsOf(await scanned([root]))).toEqual(['a.safetensors', 'b.bin'])
  })

  it('a file whose problem has not gone away, and tells it again', async () => {
    const root = await known({ 'a.safetensors': weights(1), 'bad.safetensors': '{' })
    expect((await scanned([root])).report.problems).toHaveLength(1)
  })

  it('what a hint makes of a file that was passed over', async () => {
    const root = await known({ 'a.safetensors': weights(1), 'voice.bin': encode(noise(3, 512), 'f32') })
    expect(pathsOf(await scanned([root], { as: ['*.bin=f32[512]'] }))).toContain('voice.bin')
    expect(pathsOf(await scanned([root]))).toEqual(['a.safetensors'])
  })

  it('archives in which something changed', async () => {
    const root = await known({ 'pack.zip': zip([{ name: 'a.safetensors', bytes: weights(1) }]) })
    writeFileSync(join(root, 'pack.zip'), zip([{ name: 'b.safetensors', bytes: weights(2) }]))
    expect(pathsOf(await scanned([root]))).toEqual(['pack.zip!/b.safetensors'])
  })
})

describe('a model added to an estate', () => {
  it('is related to what was there, as if all had been scanned at once', async () => {
    const names = Array.from({ length: 10 }, (_, k) => [`layers.${k}.weight`, `layers.${k}.bias`]).flat()
    const files = { 'a.safetensors': weights(1, { names }), 'b.safetensors': weights(2, { names }) }
    const late = { 'half.safetensors': weights(1, { names, type: 'f16' }) }
    const root = await known(files)
    for (const [name, bytes] of Object.entries(late)) writeFileSync(join(root, name), bytes)
    const { relations, lookAlikes } = (await scanned([root])).report
    const atOnce = (await scanned([folder({ ...files, ...late })])).report
    expect(relations.length).toBe(1)
    expect({ relations, lookAlikes }).toEqual({ relations: atOnce.relations, lookAlikes: atOnce.lookAlikes })
  })
})
