import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diffReport } from '../../src/contract/diff.ts'
import { verifyReport } from '../../src/contract/verify.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { ggufModel, modelFile } from '../builders/model-file.ts'
import { fineTuned } from '../builders/model-operations.ts'
import { transformer } from '../builders/models.ts'

const base = transformer(1)
const files = () =>
  folder({
    'base.safetensors': modelFile(base),
    'tuned.safetensors': modelFile(fineTuned(base, 2)),
    'small.gguf': ggufModel(base, 'Q8_0'),
  })

describe('yukue diff', () => {
  it('writes one sentence first', async () => {
    const { stdout } = await yukue(['diff', 'base.safetensors', 'small.gguf'], { cwd: files() })
    expect(stdout.split('\n')[0]).toBe('small was made from base: quantised.')
  })

  it('writes the same in Japanese', async () => {
    const { stdout } = await yukue(['diff', 'base.safetensors', 'small.gguf', '--lang', 'ja'], { cwd: files() })
    expect(stdout.split('\n')[0]).toBe('smallはbaseから作られました：量子化。')
  })

  it('shows a map of layers and parts', async () => {
    const { stdout } = await yukue(['diff', 'base.safetensors', 'tuned.safetensors'], { cwd: files() })
    const lines = stdout.split('\n')
    const head = lines.findIndex((line) => /^\s+layer/.test(line))
    expect(lines[head]?.trim().split(/\s+/)).toEqual(['layer', 'q', 'k', 'v', 'o', 'up', 'down', 'norm'])
    expect(lines[head + 1]).toMatch(/^\s+0 {2}(▓ [\d.]+ %\s*)+$/)
  })

  it('writes JSON that keeps to the contract', async () => {
    const { stdout } = await yukue(['diff', 'base.safetensors', 'tuned.safetensors', '--json'], { cwd: files() })
    expect(diffReport.safeParse(JSON.parse(stdout)).error).toBeUndefined()
  })

  it('leaves no record behind', async () => {
    const cwd = files()
    await yukue(['diff', 'base.safetensors', 'tuned.safetensors', '-q'], { cwd })
    expect((await yukue(['diff', 'base', 'tuned', '-q'], { cwd })).stderr).toContain('No model is on record as base')
  })

  it('takes names and digests from the record', async () => {
    const cwd = files()
    const { stdout: scanned } = await yukue(['scan', '.', '-q', '--json'], { cwd })
    const { id } = JSON.parse(scanned).models.find(({ name }: { name: string }) => name === 'tuned')
    const { stdout } = await yukue(['diff', 'base', id.slice(7, 19), '-q', '--json'], { cwd })
    expect([JSON.parse(stdout).child, JSON.parse(stdout).basis]).toEqual([id, 'weights'])
  })

  it('writes a page that fetches and runs nothing', async () => {
    const cwd = files()
    await yukue(['diff', 'base.safetensors', 'tuned.safetensors', '-q', '--html', 'diff.html'], { cwd })
    const page = readFileSync(join(cwd, 'diff.html'), 'utf8')
    expect([page.includes('<table class="heat">'), /<script|https?:|src=/.test(page)]).toEqual([true, false])
  })

  it('escapes names in its page', async () => {
    const hostile = base.map((tensor, index) => (index === 1 ? { ...tensor, name: '<img src=x>' } : tensor))
    const cwd = folder({ 'a.safetensors': modelFile(base), 'b.safetensors': modelFile(fineTuned(hostile, 2)) })
    await yukue(['diff', 'a.safetensors', 'b.safetensors', '-q', '--html', 'diff.html'], { cwd })
    const page = readFileSync(join(cwd, 'diff.html'), 'utf8')
    expect([page.includes('&lt;img src=x&gt;'), page.includes('<img')]).toEqual([true, false])
  })

  it('exits with 2 where a model is not there', async () => {
    expect((await yukue(['diff', 'base.safetensors', 'nothing'], { cwd: files() })).code).toBe(2)
  })

  it('exits with 2 where a folder holds several models', async () => {
    expect((await yukue(['diff', '.', 'base.safetensors'], { cwd: files() })).code).toBe(2)
  })
})

describe('yukue verify', () => {
  it.each([
    { what: 'weights that the parent gives', args: ['small.gguf', '--deep', '--parent', 'base.safetensors'], code: 0 },
    { what: 'weights of another', args: ['small.gguf', '--deep', '--parent', 'tuned.safetensors'], code: 1 },
    { what: 'nothing to hold it against', args: ['small.gguf'], code: 2 },
    { what: 'nothing there', args: ['nothing.gguf'], code: 2 },
    { what: 'no parent', args: ['small.gguf', '--deep'], code: 2 },
  ])('of $what exits with $code', async ({ args, code }) => {
    expect((await yukue(['verify', ...args, '-q'], { cwd: files() })).code).toBe(code)
  })

  it('writes JSON that keeps to the contract', async () => {
    const args = ['verify', 'small.gguf', '--deep', '--parent', 'base.safetensors', '--json']
    const { stdout } = await yukue(args, { cwd: files() })
    expect(verifyReport.safeParse(JSON.parse(stdout)).error).toBeUndefined()
  })

  it('says how many blocks were made anew', async () => {
    const args = ['verify', 'small.gguf', '--deep', '--parent', 'base.safetensors']
    const { stdout } = await yukue(args, { cwd: files() })
    expect(stdout).toContain('(Q8_0): 128 of 128 blocks reproduced')
  })
})
