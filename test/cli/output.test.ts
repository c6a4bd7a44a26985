import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scanReport } from '../../src/contract/scan.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { TEN_LAYERS, weights } from '../builders/weights.ts'

/** A model, its rounded copy, and a stranger. */
const family = () =>
  folder({
    'a.safetensors': weights(1),
    'half.safetensors': weights(1, { type: 'f16' }),
    'stranger.safetensors': weights(2),
    'bad.safetensors': '{',
  })

describe('a scan', () => {
  it('writes its result to stdout and its progress to stderr', async () => {
    const { stdout, stderr } = await yukue(['scan', family()])
    expect([stdout.includes('stranger'), stderr.includes('stranger'), stderr.includes('Looking for models')]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('that is to be quiet says nothing on stderr', async () => {
    expect((await yukue(['scan', family(), '--quiet'])).stderr).toBe('')
  })

  it('writes JSON that keeps to the contract', async () => {
    expect(scanReport.safeParse(JSON.parse((await yukue(['scan', family(), '--json'])).stdout)).error).toBeUndefined()
  })

  it('writes the same JSON in both languages, but for its messages', async () => {
    const cwd = family()
    const told = async (lang: string) => (await yukue(['scan', cwd, '--json', '--lang', lang])).stdout
    const [en, ja] = [await told('en'), await told('ja')].map((json) => json.replace(/"message": ".*"/g, ''))
    expect(ja).toBe(en)
  })

  it.each([
    { where: 'on a terminal', tty: true, env: {}, flags: [], coloured: true },
    { where: 'in a pipe', tty: false, env: {}, flags: [], coloured: false },
    { where: 'where NO_COLOR is set', tty: true, env: { NO_COLOR: '1' }, flags: [], coloured: false },
    { where: 'with --no-color', tty: true, env: {}, flags: ['--no-color'], coloured: false },
  ])('$where is coloured: $coloured', async ({ tty, env, flags, coloured }) => {
    const { stdout } = await yukue(['scan', family(), '--quiet', ...flags], { env, tty })
    expect(stdout.includes('\u001b')).toBe(coloured)
  })

  it('counts bytes on a terminal, and ends with the time taken', async () => {
    const { stderr } = await yukue(['scan', family()], { tty: true })
    expect(stderr.split('\n').at(-2)).toMatch(/Done in \d+\.\d s$/)
  })

  it('tells its phases only, where there is no terminal', async () => {
    const { stderr } = await yukue(['scan', family()])
    expect(stderr.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'Looking',
      'Reading',
      'Relating',
      'Recording',
      'Done',
      '',
    ])
  })

  it('keeps its record in the folder that is named', async () => {
    const cwd = family()
    await yukue(['scan', cwd, '--quiet', '--estate', 'record'], { cwd })
    expect(readFileSync(join(cwd, 'record/estate.sqlite')).subarray(0, 15).toString()).toBe('SQLite format 3')
  })

  it('writes a page and says where', async () => {
    const cwd = family()
    const { stdout } = await yukue(['scan', '.', '--quiet', '--page', 'page.html'], { cwd })
    expect(stdout.trimEnd().split('\n').at(-1)).toContain(join(cwd, 'page.html'))
  })

  it('writes a page beside JSON that stays JSON', async () => {
    const cwd = family()
    const { stdout } = await yukue(['scan', '.', '--quiet', '--json', '--page', 'page.html'], { cwd })
    expect([JSON.parse(stdout).schema, readFileSync(join(cwd, 'page.html'), 'utf8').slice(0, 15)]).toEqual([
      'yukue.scan/1',
      '<!doctype html>',
    ])
  })
})

describe('a trace after a scan', () => {
  it('finds the parent of a rounded copy', async () => {
    const cwd = family()
    await yukue(['scan', '.', '--quiet'], { cwd })
    const trace = JSON.parse((await yukue(['trace', 'half.safetensors', '--json'], { cwd })).stdout)
    expect(trace.ancestors.map((step: { model: { name: string } }) => step.model.name)).toEqual(['a'])
  })

  it('takes the beginning of an identifier', async () => {
    const cwd = family()
    const { models } = JSON.parse((await yukue(['scan', '.', '--json'], { cwd })).stdout)
    const prefix = models[0].id.slice('blake3:'.length, 'blake3:'.length + 10)
    expect(JSON.parse((await yukue(['trace', prefix, '--json'], { cwd })).stdout).model.id).toBe(models[0].id)
  })

  it('tells where a model is', async () => {
    const cwd = family()
    await yukue(['scan', '.', '--quiet'], { cwd })
    expect((await yukue(['trace', 'stranger'], { cwd })).stdout).toContain(join(cwd, 'stranger.safetensors'))
  })
})

describe('a print', () => {
  /** Exports the print of `file` with `flags`, and imports it into the estate of another folder. */
  async function handOver(from: string, file: string, to: string, ...flags: string[]) {
    const path = join(to, 'given.yukueprint')
    const written = JSON.parse((await yukue(['print', file, '-o', path, '--json', ...flags], { cwd: from })).stdout)
    const [imported] = JSON.parse((await yukue(['print', '--import', path, '--json'], { cwd: to })).stdout).models
    return { written, imported }
  }

  it('that is handed over has the id of the model', async () => {
    const from = family()
    const { models } = JSON.parse((await yukue(['scan', '.', '--json'], { cwd: from })).stdout)
    const { imported } = await handOver(from, 'a.safetensors', folder({}))
    expect(imported.id).toBe(models[0].id)
  })

  it('lets a child be recognised where its parent never was', async () => {
    const to = folder({ 'half.safetensors': weights(1, { type: 'f16' }) })
    const { imported } = await handOver(family(), 'a.safetensors', to)
    const { relations } = JSON.parse((await yukue(['scan', '.', '--json'], { cwd: to })).stdout)
    expect(relations.map((relation: { parents: { id: string }[] }) => relation.parents[0]!.id)).toEqual([imported.id])
  })

  it('that may be shared leaves out the sketches of small tensors', async () => {
    const from = folder({ 'a.safetensors': weights(1, { width: 256 }) })
    expect((await handOver(from, 'a.safetensors', folder({}), '--share')).written.leftOut).toBe(2)
  })

  it('that may be shared still lets a child be recognised', async () => {
    const large = { width: 128, names: TEN_LAYERS }
    const from = folder({ 'a.safetensors': weights(1, large) })
    const to = folder({ 'half.safetensors': weights(1, { ...large, type: 'f16' }) })
    const { imported } = await handOver(from, 'a.safetensors', to, '--share')
    const { relations } = JSON.parse((await yukue(['scan', '.', '--json'], { cwd: to })).stdout)
    expect(relations.map((relation: { parents: { id: string }[] }) => relation.parents[0]!.id)).toEqual([imported.id])
  })

  it('that may be shared says that another file holds the very same model', async () => {
    const from = folder({ 'a.safetensors': weights(1) })
    const to = folder({ 'copy.safetensors': weights(1, { as: 'f64' }) })
    const { imported } = await handOver(from, 'a.safetensors', to, '--share')
    const { models } = JSON.parse((await yukue(['scan', '.', '--json'], { cwd: to })).stdout)
    expect(models.map(({ id }: { id: string }) => id)).toEqual([imported.id])
  })

  it('that may be shared does not take the place of what was read here', async () => {
    const root = folder({ 'a.safetensors': weights(1) })
    await yukue(['scan', '.', '--quiet'], { cwd: root })
    await handOver(root, 'a.safetensors', root, '--share')
    const path = join(root, 'again.yukueprint')
    expect(JSON.parse((await yukue(['print', 'a', '-o', path, '--json'], { cwd: root })).stdout).leftOut).toBe(0)
  })

  it('can be made from the record, when the file is elsewhere', async () => {
    const from = family()
    await yukue(['scan', '.', '--quiet'], { cwd: from })
    expect(JSON.parse((await yukue(['print', 'stranger', '--json'], { cwd: from })).stdout)).toMatchObject({
      name: 'stranger',
    })
  })

  it('is written beside where the command runs, under the name of the model', async () => {
    const cwd = family()
    await yukue(['print', 'a.safetensors'], { cwd })
    expect(readFileSync(join(cwd, 'a.yukueprint')).includes('yukue.print/1')).toBe(true)
  })
})
