import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { closeArtifact, openArtifact, realFiles } from '../../src/read/artifact.ts'
import { discover } from '../../src/read/discover.ts'
import { parseHint } from '../../src/read/raw.ts'
import { readBytes } from '../../src/read/source.ts'
import { tar, tgz } from '../builders/archive.ts'
import { folder } from '../builders/folder.ts'
import { counting, safetensors, safetensorsIndex } from '../builders/safetensors.ts'
import { zip } from '../builders/zip.ts'

const model = safetensors({ w: { shape: [4] } })
const member = { name: 'p/m.safetensors', bytes: model }
const found = (files: Record<string, Uint8Array | string>, ...hints: string[]) =>
  discover([folder(files)], hints.map(parseHint))
const paths = (files: Record<string, Uint8Array | string>) => found(files).candidates.map(({ path }) => path)

/** The files of the first artifact, with their bytes. */
function filesOf(files: Record<string, Uint8Array | string>): [string, Uint8Array][] {
  const artifact = openArtifact(found(files).candidates[0]!)
  const read = realFiles(artifact).map(({ file }): [string, Uint8Array] => [
    file.path,
    readBytes(file, 0, file.size, 'file'),
  ])
  closeArtifact(artifact)
  return read
}

const ARCHIVES = {
  'a.zip': zip([member]),
  'deflated.zip': zip([{ ...member, deflate: true }]),
  'a.whl': zip([member]),
  'a.tar': tar([member]),
  'a.tgz': tgz([member]),
  'a.tar.gz': tgz([member]),
  blob: tgz([member]),
}

describe('a model in an archive', () => {
  it.each(Object.entries(ARCHIVES))('is found in %s, whatever the archive is called', (name, bytes) => {
    expect(paths({ [name]: bytes })).toEqual([`${name}!/p/m.safetensors`])
  })

  it.each(Object.entries(ARCHIVES))('is read in %s byte by byte as outside', (name, bytes) => {
    expect(filesOf({ [name]: bytes })).toEqual([[`${name}!/p/m.safetensors`, model]])
  })

  it('is found in the archive given, under the archive’s name', () => {
    const root = join(folder({ 'a.tgz': tgz([member]) }), 'a.tgz')
    expect(discover([root], []).candidates).toMatchObject([
      {
        path: 'a.tgz!/p/m.safetensors',
        absolutePath: `${root}!/p/m.safetensors`,
        realPath: `${root}!/p/m.safetensors`,
      },
    ])
  })

  it('is read once more after its archive was closed', () => {
    const [candidate] = found({ 'a.tgz': tgz([member]) }).candidates
    const tensors = () => {
      const artifact = openArtifact(candidate!)
      closeArtifact(artifact)
      return artifact.tensors.length
    }
    expect([tensors(), tensors()]).toEqual([1, 1])
  })

  it('is found in archives within archives', () => {
    const files = { 'a.whl': zip([{ name: 'b.tgz', bytes: tgz([{ name: 'c.zip', bytes: zip([member]) }]) }]) }
    expect(paths(files)).toEqual(['a.whl!/b.tgz!/c.zip!/p/m.safetensors'])
    expect(filesOf(files)).toEqual([['a.whl!/b.tgz!/c.zip!/p/m.safetensors', model]])
  })

  it('has its shards beside it there', () => {
    const index = { name: 'p/m.safetensors.index.json', bytes: safetensorsIndex({ w: '1.safetensors' }) }
    const shard = { name: 'p/1.safetensors', bytes: model }
    expect(filesOf({ 'a.tgz': tgz([shard, index]) }).map(([path]) => path)).toEqual([
      'a.tgz!/p/m.safetensors.index.json',
      'a.tgz!/p/1.safetensors',
    ])
  })

  it('cannot name a file outside the archive', () => {
    const index = { name: 'm.safetensors.index.json', bytes: safetensorsIndex({ w: '../1.safetensors' }) }
    const root = folder({ 'p/a.zip': zip([index]), 'p/1.safetensors': model, '1.safetensors': model })
    const [first] = discover([root], []).candidates.filter(({ path }) => path.includes('!/'))
    expect(() => openArtifact(first!)).toThrow('unsafe-path')
  })

  it('is made of a plain file by a hint', () => {
    const { candidates } = found({ 'a.zip': zip([{ name: 'v/x.bin', bytes: counting(4) }]) }, 'v/*.bin=f32[4]')
    expect(candidates).toMatchObject([{ path: 'a.zip!/v/x.bin', format: 'raw' }])
  })

  it('may lie in a folder whose name ends like an archive’s', () => {
    expect(paths({ 'a!/m.safetensors': model })).toEqual(['a!/m.safetensors'])
  })

  it('is looked for nowhere in version control', () => {
    expect(paths({ 'a.tar': tar([{ name: 'p/.git/m.safetensors', bytes: model }]) })).toEqual([])
  })
})

describe('an archive that is changed', () => {
  it('is not taken for the one that was looked through', () => {
    const root = folder({ 'a.tgz': tgz([member]) })
    const [candidate] = discover([root], []).candidates
    expect(() => openArtifact({ ...candidate!, mtimeNs: '1' })).toThrow('changed')
  })
})

describe('what is not read is told', () => {
  const problems = (files: Record<string, Uint8Array | string>) => found(files).problems

  it.each([
    '../m.safetensors',
    '/m.safetensors',
    'a/../../m.safetensors',
    'c:m.safetensors',
    'a\\m.safetensors',
    'a!/m',
  ])('the name %s, while the rest goes on', (name) => {
    for (const bytes of [zip([{ name, bytes: model }, member]), tar([{ name, bytes: model }, member])])
      expect(found({ archive: bytes })).toMatchObject({
        candidates: [{ path: 'archive!/p/m.safetensors' }],
        problems: [{ path: 'archive', code: 'unsafe-path', values: { name } }],
      })
  })

  it('unsafe names beyond counting, once', () => {
    const parts = Array.from({ length: 100 }, (_, index) => ({ name: `../${index}` }))
    expect(problems({ 'a.tar': tar(parts) }).map(({ code }) => code)).toEqual([
      ...Array(16).fill('unsafe-path'),
      'limit',
    ])
  })

  it('two models under one name', () => {
    expect(found({ 'a.tar': tar([member, member]) })).toMatchObject({
      candidates: [{ path: 'a.tar!/p/m.safetensors' }],
      problems: [{ path: 'a.tar!/p/m.safetensors', code: 'malformed' }],
    })
  })

  it('an encrypted file, once', () => {
    const parts = ['a', 'b'].map((name) => ({ name, bytes: model, says: { flags: 0x801 } }))
    expect(problems({ 'a.zip': zip(parts) })).toMatchObject([
      { path: 'a.zip', code: 'unsupported', values: { value: 'an encrypted file' } },
    ])
  })

  it.each(['a.tar.zst', 'a.tar.xz', 'a.tbz2', 'a.7z', 'm.safetensors.gz'])('what lies in %s', (name) => {
    expect(problems({ [name]: gzipSync('not what it is called') })).toMatchObject([{ path: name, code: 'unsupported' }])
  })

  it('nothing of other packed files', () => {
    expect(found({ 'data.csv.gz': gzipSync('a,b'), 'b.zip': zip([{ name: 'readme' }]) })).toMatchObject({
      candidates: [],
      problems: [],
    })
  })
})
