import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scan } from '../../src/app/scan.ts'
import { verify } from '../../src/app/verify.ts'
import { verifyReport } from '../../src/contract/verify.ts'
import { NEAREST_SCHEMES } from '../../src/explain/requantise.ts'
import { type Files, folder, writeFiles } from '../builders/folder.ts'
import { ggufModel, modelFile } from '../builders/model-file.ts'
import { cast, fineTuned } from '../builders/model-operations.ts'
import { transformer } from '../builders/models.ts'

const progress = { onPhase() {}, onTotal() {}, onBytes() {} }
const base = transformer(1)

async function checked(files: Files, child: string, parent: string | null, deep = parent !== null) {
  const root = folder(files)
  const options = { estate: join(root, '.yukue'), as: [], threads: 0 }
  const given = parent === null ? null : join(root, parent)
  return verify(join(root, child), { ...options, deep, parent: given }, progress)
}

describe('a quantised model', () => {
  it.each(NEAREST_SCHEMES)('in %s is made anew from its parent, block for block', async (scheme) => {
    const report = await checked(
      { 'a.safetensors': modelFile(base), 'b.gguf': ggufModel(base, scheme) },
      'b.gguf',
      'a.safetensors',
    )
    const counts = report.deep!.tensors.map(({ reproduced }) => reproduced!.equal === reproduced!.total)
    expect([report.verdict, new Set(counts)]).toEqual(['verified', new Set([true])])
  })

  it('that went through binary16 says so', async () => {
    const files = { 'a.safetensors': modelFile(base), 'b.gguf': ggufModel(cast(base, 'f16'), 'Q8_0') }
    const { deep } = await checked(files, 'b.gguf', 'a.safetensors')
    const ways = deep!.tensors.filter(({ scheme }) => scheme === 'Q8_0').map(({ reproduced }) => reproduced!.through)
    expect(new Set(ways)).toEqual(new Set(['f16']))
  })

  it('of a faint fine-tune is disputed', async () => {
    const files = { 'a.safetensors': modelFile(base), 'b.gguf': ggufModel(fineTuned(base, 2, 0.005), 'Q8_0') }
    expect((await checked(files, 'b.gguf', 'a.safetensors')).verdict).toBe('disputed')
  })

  it('keeps to the contract', async () => {
    const files = { 'a.safetensors': modelFile(base), 'b.gguf': ggufModel(base, 'Q4_0') }
    expect(verifyReport.safeParse(await checked(files, 'b.gguf', 'a.safetensors')).error).toBeUndefined()
  })

  it('finds its parent by what it declares', async () => {
    const declared = { 'general.base_model.0.repo_url': 'https://huggingface.co/org/base' }
    const root = folder({ 'org/base/model.safetensors': modelFile(base), 'b.gguf': ggufModel(base, 'Q8_0', declared) })
    const options = { estate: join(root, '.yukue'), as: [], threads: 0 }
    await scan({ ...options, paths: [root] }, progress)
    const report = await verify(join(root, 'b.gguf'), { ...options, deep: true, parent: null }, progress)
    expect([report.verdict, report.deep?.tensors.length]).toEqual(['verified', base.length])
  })

  it('without a parent is refused', async () => {
    await expect(checked({ 'b.gguf': ggufModel(base, 'Q8_0') }, 'b.gguf', null, true)).rejects.toThrow(
      'no-parent-given',
    )
  })
})

it('a rounded model is made anew from its parent, value for value', async () => {
  const files = { 'a.safetensors': modelFile(base), 'b.safetensors': modelFile(cast(base, 'bf16')) }
  expect((await checked(files, 'b.safetensors', 'a.safetensors')).verdict).toBe('verified')
})

describe('the record', () => {
  async function recorded(change: Files) {
    const root = folder({ 'a.safetensors': modelFile(base) })
    const options = { estate: join(root, '.yukue'), as: [], threads: 0 }
    await scan({ ...options, paths: [root] }, progress)
    writeFiles(root, change)
    return verify(join(root, 'a.safetensors'), { ...options, deep: false, parent: null }, progress)
  }

  it('bears out a file that is as it was', async () => {
    const { verdict, known } = await recorded({})
    expect([verdict, known]).toEqual(['verified', true])
  })

  it('disputes a file that was replaced', async () => {
    const { verdict, known } = await recorded({ 'a.safetensors': modelFile(transformer(2)) })
    expect([verdict, known]).toEqual(['disputed', false])
  })

  it('leaves a file open that it does not know', async () => {
    expect((await checked({ 'a.safetensors': modelFile(base) }, 'a.safetensors', null)).verdict).toBe('undecided')
  })
})
