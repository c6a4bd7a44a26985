import { cpSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CommandError } from '../../src/contract/command-error.ts'
import { scanReport } from '../../src/contract/scan.ts'
import { folder } from '../builders/folder.ts'
import { counting, safetensors, safetensorsIndex } from '../builders/safetensors.ts'
import { scanned } from '../builders/scan.ts'
import { encode, noise } from '../builders/tensor.ts'
import { weights } from '../builders/weights.ts'

/** Two models, one of them three times: in bfloat16, in f32 under other names, in shards. */
function estate(): string {
  const names = ['x', 'y', 'z', 'w']
  const shards = { 's1.safetensors': weights(1, { type: 'bf16', names: names.slice(0, 2) }) }
  return folder({
    'a.safetensors': weights(1, { type: 'bf16' }),
    'b/b.safetensors': weights(1, { type: 'bf16', as: 'f32', names }),
    'c.safetensors': weights(2),
    'sharded/model.safetensors.index.json': safetensorsIndex({ x: 's1.safetensors', y: 's1.safetensors' }),
    'sharded/s1.safetensors': shards['s1.safetensors'],
  })
}

const paths = ({ report }: Awaited<ReturnType<typeof scanned>>) =>
  report.models.map(({ artifacts }) => artifacts.map(({ path }) => path))

describe('a scan', () => {
  it('puts the copies of one model together', async () => {
    expect(paths(await scanned([estate()]))).toEqual([
      ['a.safetensors', 'b/b.safetensors'],
      ['c.safetensors'],
      ['sharded/model.safetensors.index.json'],
    ])
  })

  it('keeps to the contract', async () => {
    const { report } = await scanned([folder({ 'a.safetensors': weights(1), 'bad.safetensors': '{' })])
    expect(scanReport.safeParse(report).error).toBeUndefined()
  })

  it('reads every file once', async () => {
    const root = folder({ 'a.safetensors': weights(1), 'c.safetensors': weights(2) })
    const { total, read } = await scanned([root])
    expect([total, read]).toEqual([2 * weights(1).length, 2 * weights(1).length])
  })

  it('tells all files of a sharded model', async () => {
    const { report } = await scanned([estate()])
    expect(report.models[2]!.artifacts[0]!.files.map(({ path }) => path)).toEqual([
      'sharded/model.safetensors.index.json',
      'sharded/s1.safetensors',
    ])
  })

  it('goes on after a file that cannot be read', async () => {
    const { report } = await scanned([folder({ 'a.safetensors': weights(1), 'bad.safetensors': '{' })])
    expect([report.models.length, report.problems.map(({ path, code }) => [path, code])]).toEqual([
      1,
      [['bad.safetensors', 'truncated']],
    ])
  })

  it('tells of a file without weights that it has none', async () => {
    const none = safetensors({ ids: { dtype: 'I64', shape: [2], bytes: new Uint8Array(16) } })
    const { report } = await scanned([folder({ 'ids.safetensors': none })])
    expect([report.models, report.findings.map(({ path, code }) => [path, code])]).toEqual([
      [],
      [['ids.safetensors', 'no-weights']],
    ])
  })

  it('reads raw files by a hint', async () => {
    const root = folder({ 'v/a.bin': encode(noise(1, 200), 'f32'), 'v/b.bin': counting(199) })
    const { report } = await scanned([root], { as: ['v/*.bin=f32[20,10]'] })
    expect([report.models[0]!.artifacts[0]!.format, report.problems.map(({ code }) => code)]).toEqual([
      'raw f32[20,10]',
      ['hint-mismatch'],
    ])
  })

  it('refuses a hint that cannot be understood', async () => {
    await expect(scanned([folder({})], { as: ['*.bin=f31[2]'] })).rejects.toBeInstanceOf(CommandError)
  })

  it('names a model as most of its copies are', async () => {
    const copy = weights(3)
    const root = folder({ '0.safetensors': copy, 'x/chat.safetensors': copy, 'y/chat.safetensors': copy })
    expect((await scanned([root])).report.models[0]!.name).toBe('chat')
  })
})

describe('several roots', () => {
  it('are scanned in the order given', async () => {
    const root = folder({ 'a/a.safetensors': weights(1), 'b/b.safetensors': weights(2) })
    expect(paths(await scanned([join(root, 'b'), join(root, 'a')]))).toEqual([['b.safetensors'], ['a.safetensors']])
  })

  it('that lead to one file give it once, under the first', async () => {
    const root = folder({ 'a/a.safetensors': weights(1) })
    const roots = [root, join(root, 'a'), join(root, 'a/a.safetensors')]
    expect(paths(await scanned(roots))).toEqual([['a/a.safetensors']])
  })

  it('that are one and the same tell each problem once', async () => {
    const root = folder({ 'a.safetensors': weights(1), loop: { link: '.' } })
    const { report } = await scanned([root, root, `${root}/.`])
    expect(report.problems.map(({ code }) => code)).toEqual(['link-loop'])
  })
})

describe('a second scan', () => {
  it('of unchanged files reads no weights', async () => {
    const root = estate()
    await scanned([root])
    const { total, read } = await scanned([root])
    expect([total, read]).toEqual([0, 0])
  })

  it('of unchanged files tells the same', async () => {
    const root = estate()
    const first = await scanned([root])
    expect((await scanned([root])).report).toEqual(first.report)
  })

  it('from another folder above tells the paths from there', async () => {
    const root = estate()
    await scanned([join(root, 'sharded')], { estate: join(root, '.yukue') })
    const { report } = await scanned([root])
    expect(report.models[2]!.artifacts[0]!.files.map(({ path }) => path)).toEqual([
      'sharded/model.safetensors.index.json',
      'sharded/s1.safetensors',
    ])
  })

  it('reads a changed file, and no other', async () => {
    const root = estate()
    await scanned([root])
    writeFileSync(join(root, 'c.safetensors'), weights(5))
    const { total } = await scanned([root])
    expect(total).toBe(weights(5).length)
  })

  it('takes a changed file for what it is now', async () => {
    const root = estate()
    await scanned([root])
    writeFileSync(join(root, 'c.safetensors'), weights(5))
    const [again, fresh] = [await scanned([root]), await scanned([root], { estate: join(folder({}), 'new') })]
    const told = ({ report }: typeof again) => report.models.map(({ id, name, dtypes }) => ({ id, name, dtypes }))
    expect(told(again)).toEqual(told(fresh))
  })

  it('reads a file again of which only the time has changed', async () => {
    const root = estate()
    await scanned([root])
    utimesSync(join(root, 'c.safetensors'), 1, 1)
    expect((await scanned([root])).total).toBe(weights(2).length)
  })

  it('reads a sharded model again when one of its shards has changed', async () => {
    const root = estate()
    await scanned([root])
    utimesSync(join(root, 'sharded/s1.safetensors'), 1, 1)
    expect((await scanned([root])).total).toBeGreaterThan(0)
  })

  it('leaves out a file that is gone', async () => {
    const root = estate()
    await scanned([root])
    rmSync(join(root, 'c.safetensors'))
    expect(paths(await scanned([root])).flat()).not.toContain('c.safetensors')
  })

  it('tells a file that was broken meanwhile as a problem', async () => {
    const root = estate()
    await scanned([root])
    writeFileSync(join(root, 'c.safetensors'), weights(2).subarray(0, 500))
    const { report } = await scanned([root])
    expect(report.problems.map(({ path, code }) => [path, code])).toEqual([['c.safetensors', 'truncated']])
  })

  it('reads a file again under another hint', async () => {
    const root = folder({ 'a.bin': encode(noise(1, 200), 'f32') })
    await scanned([root], { as: ['*.bin=f32[20,10]'] })
    const { report } = await scanned([root], { as: ['*.bin=f32[10,20]'] })
    expect(report.models[0]!.artifacts[0]!.format).toBe('raw f32[10,20]')
  })

  it('tells a model of which one copy was read and another was known as if both were read', async () => {
    const root = folder({ 'b.safetensors': weights(1, { type: 'bf16', as: 'f32', names: ['x', 'y', 'z', 'w'] }) })
    await scanned([root])
    writeFileSync(join(root, 'a.safetensors'), weights(1, { type: 'bf16' }))
    const again = await scanned([root])
    expect(again.report).toEqual((await scanned([root], { estate: join(folder({}), 'new') })).report)
  })

  it('in a copied folder recognises the same models', async () => {
    const root = estate()
    const first = await scanned([root])
    const copy = join(folder({}), 'copy')
    cpSync(root, copy, { recursive: true })
    const second = await scanned([copy], { estate: join(root, '.yukue') })
    expect(second.report.models.map(({ id }) => id)).toEqual(first.report.models.map(({ id }) => id))
  })
})
