import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { closeArtifact, openArtifact, realFiles } from '../../src/read/artifact.ts'
import { discover } from '../../src/read/discover.ts'
import { stampAt } from '../../src/read/place.ts'
import { tar, tgz } from '../builders/archive.ts'
import { folder, type Link } from '../builders/folder.ts'
import { counting, ggufFile } from '../builders/gguf.ts'
import { safetensors, safetensorsIndex } from '../builders/safetensors.ts'
import { huggingFaceCache, imageLayout, type Layer, ollamaStore, sha256 } from '../builders/stores.ts'

const model = safetensors({ w: { shape: [4] } })
const gguf = ggufFile({ tensors: [counting('a', [4])] })

const found = (files: Record<string, Uint8Array | string | Link>) => discover([folder(files)], [])
const paths = (files: Record<string, Uint8Array | string | Link>) => found(files).candidates.map(({ path }) => path)

function opened(files: Record<string, Uint8Array | string | Link>) {
  const artifact = openArtifact(found(files).candidates[0]!)
  closeArtifact(artifact)
  return { format: artifact.format, files: realFiles(artifact).map(({ file }) => file.path) }
}

describe('a Hugging Face cache', () => {
  it('lists what its snapshots name, and no blob apart', () => {
    const files = huggingFaceCache('org/net', {
      r1: { 'model.safetensors': model },
      r2: { 'model.safetensors': model },
    })
    expect(paths(files)).toEqual([
      'hub/models--org--net/snapshots/r1/model.safetensors',
      'hub/models--org--net/snapshots/r2/model.safetensors',
    ])
  })

  it('lists a blob that no snapshot names', () => {
    const blob = `hub/models--org--net/blobs/${sha256(model)}`
    expect(paths({ [blob]: model })).toEqual([blob])
  })
})

describe('an Ollama store', () => {
  const files = ollamaStore('library/net/7b', { model: gguf, template: '{{ .Prompt }}' })
  const manifest = 'manifests/registry.ollama.ai/library/net/7b'

  it('lists a model as its manifest, and its blob not apart', () => {
    expect(found(files).candidates).toMatchObject([{ path: manifest, format: 'gguf' }])
  })

  it('gives the model’s blob and the manifest as its files', () => {
    expect(opened(files)).toEqual({ format: 'gguf', files: [`blobs/sha256-${sha256(gguf)}`, manifest] })
  })

  it('lists a blob that no manifest names', () => {
    const blob = `blobs/sha256-${sha256(gguf)}`
    expect(paths({ [blob]: gguf })).toEqual([blob])
  })

  it('lists a projector apart, which is a model of its own', () => {
    const projector = ggufFile({ tensors: [counting('p', [8])] })
    const both = ollamaStore('library/net/7b', { model: gguf, projector })
    expect(paths(both)).toEqual([`blobs/sha256-${sha256(projector)}`, manifest])
  })

  it('is told of when the blob is not there', () => {
    const { [`blobs/sha256-${sha256(gguf)}`]: _, ...rest } = files
    expect(() => opened(rest)).toThrow('missing-file')
  })

  it('cannot name a file outside', () => {
    const hostile = { [manifest]: String(files[manifest]).replace(/sha256:[0-9a-f]{64}/, 'sha256:../../secret') }
    expect(() => opened(hostile)).toThrow('malformed')
  })

  it('does not stand for a blob of another size', () => {
    const hostile = { ...files, [manifest]: String(files[manifest]).replace(`"size":${gguf.length}`, '"size":1') }
    const [blob, tag] = found(hostile).candidates
    expect(blob?.path).toBe(`blobs/sha256-${sha256(gguf)}`)
    expect(() => openArtifact(tag!)).toThrow('malformed')
  })
})

describe('an OCI image layout', () => {
  const raw = (bytes: Uint8Array, title: string): Layer => ({ bytes, title })

  it('lists a layer that is a model under its title, and its blob not apart', () => {
    const { files, manifest } = imageLayout([raw(model, 'net.safetensors')])
    expect(paths(files)).toEqual([`${manifest}!/net.safetensors`])
  })

  it('has shards in layers of one manifest', () => {
    const index = new TextEncoder().encode(safetensorsIndex({ w: '1.safetensors' }))
    const { files, manifest } = imageLayout([raw(index, 'm.safetensors.index.json'), raw(model, '1.safetensors')])
    expect(opened(files).files).toEqual([`${manifest}!/m.safetensors.index.json`, `${manifest}!/1.safetensors`])
  })

  it.each([
    ['tar', tar],
    ['tar+gzip', tgz],
  ])('lists the models in a layer of %s', (kind, pack) => {
    const layer = pack([{ name: 'models/m.safetensors', bytes: model }])
    const { files } = imageLayout([{ bytes: layer, mediaType: `application/vnd.oci.image.layer.v1.${kind}` }])
    expect(paths(files)).toEqual([`blobs/sha256/${sha256(layer)}!/models/m.safetensors`])
  })

  it('is read inside an archive too', () => {
    const { files, manifest } = imageLayout([raw(model, 'net.safetensors')])
    const parts = Object.entries(files).map(([name, bytes]) => ({ name, bytes: bytes as Uint8Array }))
    expect(paths({ 'image.tar': tar(parts) })).toEqual([`image.tar!/${manifest}!/net.safetensors`])
  })

  it('tells of a layer packed with Zstandard', () => {
    const { files, manifest } = imageLayout([
      { bytes: model, mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd' },
      raw(model, 'net.safetensors'),
    ])
    expect(found(files).problems).toMatchObject([{ path: manifest, code: 'unsupported' }])
  })

  it('tells of a layer whose size is not what the manifest says', () => {
    const { files } = imageLayout([{ ...raw(model, 'net.safetensors'), says: { size: 3 } }])
    expect(found(files).problems).toMatchObject([{ code: 'malformed' }])
  })

  it('tells of a title that leads outside', () => {
    const { files, manifest } = imageLayout([raw(model, '../net.safetensors')])
    expect(found(files).problems).toMatchObject([{ path: manifest, code: 'unsafe-path' }])
  })

  it('is watched for changes of the layer’s blob', () => {
    const { files, manifest } = imageLayout([raw(model, 'net.safetensors')])
    const root = folder(files)
    expect(stampAt(join(root, `${manifest}!/net.safetensors`))).toEqual(
      stampAt(join(root, `blobs/sha256/${sha256(model)}`)),
    )
  })
})
