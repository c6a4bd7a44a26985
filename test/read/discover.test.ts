import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discover } from '../../src/read/discover.ts'
import { parseHint } from '../../src/read/raw.ts'
import { folder, type Link } from '../builders/folder.ts'
import { counting, safetensors, safetensorsIndex } from '../builders/safetensors.ts'

type Files = Record<string, Uint8Array | string | Link>

const model = safetensors({ w: { shape: [4] } })
const tfjs = JSON.stringify({
  format: 'layers-model',
  modelTopology: {},
  weightsManifest: [{ paths: ['shard'], weights: [{ name: 'w', shape: [4], dtype: 'float32' }] }],
})
const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4321\n'

const found = (root: string, ...hints: string[]) => discover([root], hints.map(parseHint))
const paths = (files: Files, ...hints: string[]) => found(folder(files), ...hints).candidates.map(({ path }) => path)
const problems = (files: Files, ...hints: string[]) => found(folder(files), ...hints).problems

describe('what is found', () => {
  it('is every model below a folder, sorted by folder and name', () => {
    const files = {
      'b/z.safetensors': model,
      'b/a.safetensors': model,
      'a.safetensors': model,
      'readme.md': '# Models',
    }
    expect(paths(files)).toEqual(['a.safetensors', 'b/a.safetensors', 'b/z.safetensors'])
  })

  it('is the file itself when a file is given', () => {
    const root = folder({ 'a/m.safetensors': model })
    expect(found(join(root, 'a/m.safetensors')).candidates).toMatchObject([
      {
        path: 'm.safetensors',
        absolutePath: join(root, 'a/m.safetensors'),
        format: 'safetensors',
        hint: null,
        size: model.length,
      },
    ])
  })

  it('is a renamed model, by its content', () => {
    expect(found(folder({ 'weights.dat': model })).candidates).toMatchObject([
      { path: 'weights.dat', format: 'safetensors' },
    ])
  })

  it('is also a model inside node_modules, where real ones ship', () => {
    expect(paths({ 'node_modules/x/m.safetensors': model })).toHaveLength(1)
  })

  it.each(['.git', '.yukue'])('is nothing inside %s', (name) => {
    expect(paths({ [`${name}/m.safetensors`]: model })).toEqual([])
  })

  it('is a model.json of TensorFlow.js whose weights are named late', () => {
    const topology = JSON.stringify({
      format: 'layers-model',
      modelTopology: 'x'.repeat(1_000_000),
      weightsManifest: [],
    })
    expect(found(folder({ 'model.json': topology })).candidates).toMatchObject([{ path: 'model.json', format: 'tfjs' }])
  })

  it('is a TensorFlow model by its name, though it begins like ONNX', () => {
    const { candidates } = found(folder({ 'saved_model.pb': Uint8Array.of(8, 1, 0x12, 2, 0x22, 0) }))
    expect(candidates).toMatchObject([{ path: 'saved_model.pb', format: 'tensorflow' }])
  })

  it('is no JSON that only mentions a format of models', () => {
    expect(paths({ 'package.json': '{"keywords":["graph-model","modelTopology"]}' })).toEqual([])
  })

  it('is no other JSON', () => {
    expect(
      paths({ 'package.json': '{"name":"x","version":"1.0.0"}', 'tokens.json': `{"a":${'[1],'.repeat(9_999)}1}` }),
    ).toEqual([])
  })

  it('comes root by root, each with its own paths', () => {
    const root = folder({ 'b/m.safetensors': model, 'a/m.safetensors': model })
    const roots = [join(root, 'b'), join(root, 'a')]
    expect(discover(roots, []).candidates.map((candidate) => [candidate.root, candidate.path])).toEqual([
      [roots[0], 'm.safetensors'],
      [roots[1], 'm.safetensors'],
    ])
  })
})

describe('broken files', () => {
  it.each(['m.safetensors', 'm.onnx', 'm.tflite', 'M.ONNX'])('%s is listed by its name whatever it holds', (name) => {
    expect(paths({ [name]: 'hello, this is no model' })).toEqual([name])
  })

  it('are told when a git-LFS pointer stands for the model', () => {
    expect(problems({ 'm.onnx': pointer })).toEqual([{ path: 'm.onnx', code: 'lfs-pointer', values: { bytes: 4321 } }])
  })

  it('are not told of git-LFS pointers to other things', () => {
    expect(found(folder({ 'photo.jpg': pointer }))).toMatchObject({ candidates: [], problems: [] })
  })

  it('are told when a file is given that is no model', () => {
    expect(found(join(folder({ 'notes.txt': 'hello' }), 'notes.txt')).problems).toMatchObject([
      { path: 'notes.txt', code: 'unsupported' },
    ])
  })

  it('are told when nothing is at the path given', () => {
    const gone = join(folder({}), 'gone')
    expect(found(gone).problems).toEqual([
      { path: gone, code: 'unreadable', values: { reason: 'no such file (ENOENT)' } },
    ])
  })
})

describe('links', () => {
  it('lead to models, once a path, with one real path', () => {
    const { candidates } = found(folder({ 'a.safetensors': model, 'b.safetensors': { link: 'a.safetensors' } }))
    expect(candidates.map((candidate) => candidate.path)).toEqual(['a.safetensors', 'b.safetensors'])
    expect(new Set(candidates.map((candidate) => candidate.realPath)).size).toBe(1)
  })

  it('lead to folders', () => {
    expect(paths({ 'a/m.safetensors': model, b: { link: 'a' } })).toEqual(['a/m.safetensors', 'b/m.safetensors'])
  })

  it('are a problem where they lead back to a folder above', () => {
    expect(found(folder({ 'a/m.safetensors': model, 'a/up': { link: '..' } }))).toMatchObject({
      candidates: [{ path: 'a/m.safetensors' }],
      problems: [{ path: 'a/up', code: 'link-loop', values: { target: '..' } }],
    })
  })

  it('are a problem where they lead to each other', () => {
    const files: Files = { 'a/b': { link: '../b' }, 'b/a': { link: '../a' } }
    expect(problems(files).map(({ path, code }) => [path, code])).toEqual([
      ['a/b/a', 'link-loop'],
      ['b/a/b', 'link-loop'],
    ])
  })

  it('are a problem where they lead to themselves', () => {
    expect(problems({ a: { link: 'a' } })).toMatchObject([{ path: 'a', code: 'link-loop' }])
  })

  it('do not make the whole disk part of a folder', () => {
    expect(problems({ disk: { link: '/' } })).toMatchObject([{ path: 'disk', code: 'link-loop' }])
  })

  it('are a problem where they lead to nothing', () => {
    expect(problems({ a: { link: '../gone.onnx' } })).toEqual([
      { path: 'a', code: 'missing-file', values: { name: '../gone.onnx' } },
    ])
  })

  it('cannot multiply a folder without end', () => {
    const root = folder({})
    for (let level = 0; level < 24; level++) {
      mkdirSync(join(root, `${level}`))
      for (const side of ['x', 'y']) symlinkSync(`../${level + 1}`, join(root, `${level}`, side))
    }
    mkdirSync(join(root, '24'))
    expect(found(root).problems).toContainEqual(expect.objectContaining({ code: 'limit' }))
  })
})

describe('pipes', () => {
  it('are passed over without waiting for a writer', () => {
    const root = folder({ 'm.safetensors': model })
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect(found(root)).toMatchObject({ candidates: [{ path: 'm.safetensors' }], problems: [] })
  })

  it('are told of when they are called a model', () => {
    const root = folder({})
    execFileSync('mkfifo', [join(root, 'm.onnx')])
    expect(found(root).problems).toMatchObject([{ path: 'm.onnx', code: 'unreadable' }])
  })
})

describe('hints', () => {
  it('make a model of a file that says nothing itself', () => {
    const { candidates } = found(folder({ 'v/a.bin': counting(4) }), 'v/*.bin=f32[4]')
    expect(candidates).toMatchObject([{ path: 'v/a.bin', format: 'raw', hint: { shape: [4] } }])
  })

  it('do not go before what a file surely is', () => {
    expect(found(folder({ 'a.bin': model }), '*=u8[4]').candidates).toMatchObject([
      { format: 'safetensors', hint: null },
    ])
  })

  it('are taken in the order given', () => {
    const { candidates } = found(folder({ 'a.bin': counting(4) }), 'a.*=f32[4]', '*.bin=f16[8]')
    expect(candidates).toMatchObject([{ hint: { text: 'a.*=f32[4]' } }])
  })
})

describe('files that belong to another artifact', () => {
  const map = safetensorsIndex({ w: '1.safetensors' })

  it('are not listed when an index names them as shards', () => {
    const files = { 'm.safetensors.index.json': map, '1.safetensors': model, 'other.safetensors': model }
    expect(paths(files)).toEqual(['m.safetensors.index.json', 'other.safetensors'])
  })

  it('are listed when their index cannot be read, so that a broken index hides nothing', () => {
    const index = safetensorsIndex({ w: '1.safetensors', v: '1.safetensors' })
    expect(paths({ 'm.safetensors.index.json': index, '1.safetensors': model })).toContain('1.safetensors')
  })

  it('are not listed a second time as blobs of a Hugging Face cache', () => {
    const files: Files = {
      'blobs/11': map,
      'blobs/22': model,
      's/r/m.safetensors.index.json': { link: '../../blobs/11' },
      's/r/1.safetensors': { link: '../../blobs/22' },
    }
    expect(paths(files)).toEqual(['s/r/m.safetensors.index.json'])
  })

  it('are not taken by a broad hint from the TensorFlow.js model that names them', () => {
    const files = { 'model.json': tfjs, shard: counting(4), other: counting(4) }
    expect(paths(files, '*=f32[4]')).toEqual(['model.json', 'other'])
  })

  it('are listed when they are models of their own, so that a manifest hides none', () => {
    const shard = safetensors({ w: { shape: [4] } })
    const manifest = tfjs.replace('"shard"', '"m.safetensors"').replace('[4]', `[${shard.length / 4}]`)
    const files = { 'model.json': manifest, 'm.safetensors': shard, other: counting(4) }
    expect(paths(files, 'other=f32[4]')).toEqual(['m.safetensors', 'model.json', 'other'])
  })
})
