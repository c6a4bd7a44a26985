import { describe, expect, it } from 'vitest'
import { discover } from '../../src/read/discover.ts'
import { findSideFiles } from '../../src/read/side-files.ts'
import { sideRole } from '../../src/read/side-role.ts'
import { tgz } from '../builders/archive.ts'
import { folder, type Link } from '../builders/folder.ts'
import { counting, ggufFile } from '../builders/gguf.ts'
import { safetensors } from '../builders/safetensors.ts'
import { huggingFaceCache, ollamaStore, sha256 } from '../builders/stores.ts'

const model = safetensors({ w: { shape: [4] } })
const find = (files: Record<string, Uint8Array | string | Link>) =>
  findSideFiles(discover([folder(files)], []).candidates, () => null)

/** Role, path and digest of the side files of each artifact. */
function sides(files: Record<string, Uint8Array | string | Link>) {
  return [...find(files).byArtifact.values()].map((list) => list.map(({ role, path, sha256 }) => [role, path, sha256]))
}

it.each([
  ['config.json', 'configuration'],
  ['thresholds.json', 'configuration'],
  ['tokenizer.json', 'tokenizer'],
  ['tokenizer.model', 'tokenizer'],
  ['tokenizer_config.json', 'tokenizer'],
  ['vocab.txt', 'tokenizer'],
  ['chat_template.jinja', 'chat-template'],
  ['generation_config.json', 'generation'],
  ['preprocessor_config.json', 'preprocessing'],
  ['image_processor_config.json', 'preprocessing'],
  ['labels.txt', 'labels'],
  ['README.md', 'card'],
  ['adapter_config.json', 'adapter-configuration'],
  ['package.json', null],
  ['index.js', null],
])('%s is of the role %s', (name, role) => {
  expect(sideRole(name)).toBe(role)
})

describe('the side files of an artifact', () => {
  it('are those in its own folder', () => {
    const files = {
      'a/m.safetensors': model,
      'a/config.json': '{}',
      'config.json': '{"other":1}',
      'a/b/labels.txt': 'x',
    }
    expect(sides(files)).toEqual([[['configuration', 'a/config.json', sha256('{}')]]])
  })

  it('are shared by models of one folder', () => {
    expect(sides({ 'a.safetensors': model, 'b.safetensors': model, 'labels.txt': 'cat' })).toEqual([
      [['labels', 'labels.txt', sha256('cat')]],
      [['labels', 'labels.txt', sha256('cat')]],
    ])
  })

  it('are found in an archive', () => {
    const parts = [
      { name: 'p/m.safetensors', bytes: model },
      { name: 'p/README.md', bytes: '# Net' },
    ]
    expect(sides({ 'a.tgz': tgz(parts) })).toEqual([[['card', 'a.tgz!/p/README.md', sha256('# Net')]]])
  })

  it('are found in a Hugging Face cache, where they are links', () => {
    const files = huggingFaceCache('org/net', { r1: { 'model.safetensors': model, 'config.json': '{}' } })
    expect(sides(files)).toEqual([[['configuration', 'hub/models--org--net/snapshots/r1/config.json', sha256('{}')]]])
  })

  it('are the layers of an Ollama manifest', () => {
    const gguf = ggufFile({ tensors: [counting('a', [4])] })
    const layers = { model: gguf, template: 'T', params: '{}', system: 'S', license: 'L' }
    expect(sides(ollamaStore('library/net/7b', layers))).toEqual([
      [
        ['chat-template', `blobs/sha256-${sha256('T')}`, sha256('T')],
        ['generation', `blobs/sha256-${sha256('{}')}`, sha256('{}')],
        ['system-prompt', `blobs/sha256-${sha256('S')}`, sha256('S')],
        ['license', `blobs/sha256-${sha256('L')}`, sha256('L')],
      ],
    ])
  })

  it('are not read through a link that leads outside', () => {
    const files = { 'p/m.safetensors': model, 'p/config.json': { link: '../secret' }, secret: 'x' }
    expect(find(files)).toMatchObject({ byArtifact: new Map(), problems: [{ code: 'unsafe-path' }] })
  })

  it('are told of when git LFS has not fetched them', () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4321\n'
    expect(find({ 'm.safetensors': model, 'tokenizer.json': pointer }).problems).toMatchObject([
      { path: 'tokenizer.json', code: 'lfs-pointer' },
    ])
  })

  it('are not hashed when their digest is known', () => {
    const { candidates } = discover([folder({ 'm.safetensors': model, 'config.json': '{}' })], [])
    expect([...findSideFiles(candidates, () => 'known').byArtifact.values()]).toMatchObject([[{ sha256: 'known' }]])
  })
})
