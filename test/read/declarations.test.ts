import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { declarationsOf } from '../../src/read/declarations.ts'
import { discover } from '../../src/read/discover.ts'
import { findSideFiles } from '../../src/read/side-files.ts'
import { type Files, folder } from '../builders/folder.ts'
import { attention, counting, ggufFile } from '../builders/gguf.ts'
import { safetensors } from '../builders/safetensors.ts'

/** What the one model among these files declares, without where. */
function declared(files: Files) {
  const root = folder(files)
  const [candidate] = discover([root], []).candidates
  const sides = findSideFiles([candidate!], () => null).byArtifact.get(candidate!.absolutePath) ?? []
  return declarationsOf(candidate!, undefined, sides).map(({ source, base, relation }) => ({ source, base, relation }))
}

const model = safetensors({ a: { shape: [4, 8] } })
const card = (yaml: string) => ({ 'model.safetensors': model, 'README.md': `---\n${yaml}\n---\n# A model\n` })

describe('a declared base', () => {
  it('is read from a model card', () => {
    expect(declared(card('base_model: org/base\nbase_model_relation: quantized'))).toEqual([
      { source: 'card', base: 'org/base', relation: 'quantized' },
    ])
  })

  it('may be several', () => {
    expect(declared(card('base_model:\n- org/a\n- org/b')).map(({ base }) => base)).toEqual(['org/a', 'org/b'])
  })

  it('is read from a configuration', () => {
    expect(declared({ 'model.safetensors': model, 'config.json': '{"_name_or_path": "org/base"}' })).toEqual([
      { source: 'configuration', base: 'org/base', relation: null },
    ])
  })

  it('is read from an adapter’s configuration', () => {
    const files = { 'model.safetensors': model, 'adapter_config.json': '{"base_model_name_or_path": "org/base"}' }
    expect(declared(files)).toEqual([{ source: 'adapter-configuration', base: 'org/base', relation: 'adapter' }])
  })

  it('is read from a merge recipe, slices and base included', () => {
    const recipe =
      'slices:\n- sources:\n  - model: org/a\n  - model:\n      model:\n        path: org/b\nbase_model: org/c\n'
    expect(declared({ 'model.safetensors': model, 'mergekit_config.yml': recipe }).map(({ base }) => base)).toEqual([
      'org/a',
      'org/b',
      'org/c',
    ])
  })

  it('is read from a GGUF header, by its repository before its name', () => {
    const metadata = {
      ...attention(2, 2),
      'general.base_model.count': 2,
      'general.base_model.0.name': 'Base',
      'general.base_model.0.organization': 'Org',
      'general.base_model.0.repo_url': 'https://huggingface.co/org/base-8b',
      'general.base_model.1.name': 'Other Base',
      'general.base_model.1.organization': 'Org',
    }
    const files = { 'a.gguf': ggufFile({ metadata, tensors: [counting('a', [4, 8])] }) }
    expect(declared(files).map(({ base }) => base)).toEqual(['org/base-8b', 'Org/Other-Base'])
  })

  it.each([
    { what: 'a card without YAML', yaml: null },
    { what: 'broken YAML', yaml: 'base_model: [a' },
    { what: 'a base that is no text', yaml: 'base_model: {a: 1}' },
    {
      what: 'aliases within aliases',
      yaml: `a: &a [x,x]\n${[...'bcdefghij'].map((k, n) => `${k}: &${k} [*${'abcdefghij'[n]},*${'abcdefghij'[n]}]`).join('\n')}\nbase_model: *j`,
    },
  ])('is none in $what', ({ yaml }) => {
    const files = yaml === null ? { 'model.safetensors': model, 'README.md': '# A model' } : card(yaml)
    expect(declared(files)).toEqual([])
  })

  it('says which file declares it', () => {
    const root = folder(card('base_model: org/base'))
    const [candidate] = discover([root], []).candidates
    const sides = findSideFiles([candidate!], () => null).byArtifact.get(candidate!.absolutePath) ?? []
    expect(declarationsOf(candidate!, undefined, sides)[0]?.path).toBe(join('README.md'))
  })
})
