import { appendFileSync, linkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nameFromPath } from '../../src/app/model-name.ts'
import { originOf } from '../../src/app/origin.ts'
import { scan } from '../../src/app/scan.ts'
import { scanReportOf } from '../../src/app/scan-report.ts'
import { type ScanReport, scanReport } from '../../src/contract/scan.ts'
import { translator } from '../../src/report/language.ts'
import { tgz } from '../builders/archive.ts'
import { temporaryFolder } from '../builders/estate.ts'
import { folder } from '../builders/folder.ts'
import { ggufFile } from '../builders/gguf.ts'
import { safetensors } from '../builders/safetensors.ts'
import { huggingFaceCache, ollamaStore, sha256 } from '../builders/stores.ts'
import { noise } from '../builders/tensor.ts'
import { zip } from '../builders/zip.ts'

const model = safetensors({ 'layer.weight': { shape: [16, 16], values: noise(1, 256) } })

/** A scan, and how many artifacts it read. */
async function scanned(root: string, estate = temporaryFolder()): Promise<ScanReport & { read: number }> {
  let read = -1
  const options = { paths: [root], as: [], estate, threads: 0 }
  const progress = {
    onPhase: (phase: string, count: number) => {
      if (phase === 'reading') read = count
    },
    onTotal() {},
    onBytes() {},
  }
  const result = await scan(options, progress)
  return { ...scanReport.parse(scanReportOf(result, translator('en'))), read }
}

/** Bytes that a scan says it will read. */
async function bytesRead(root: string): Promise<number> {
  let total = 0
  const options = { paths: [root], as: [], estate: temporaryFolder(), threads: 0 }
  const onTotal = (bytes: number) => {
    total = bytes
  }
  await scan(options, { onPhase() {}, onBytes() {}, onTotal })
  return total
}

const artifacts = (report: ScanReport) => report.models.flatMap((found) => found.artifacts)

describe('a model in an archive', () => {
  it.each([
    ['a.tgz', tgz([{ name: 'p/m.safetensors', bytes: model }])],
    ['a.zip', zip([{ name: 'p/m.safetensors', bytes: model, deflate: true }])],
  ])('is the same model as outside: in %s', async (name, bytes) => {
    const { models } = await scanned(folder({ 'm.safetensors': model, [name]: bytes }))
    expect(models).toHaveLength(1)
    expect(models[0]?.artifacts.map(({ path }) => path)).toEqual([`${name}!/p/m.safetensors`, 'm.safetensors'])
  })

  it('is listed with its own digest and size', async () => {
    const root = folder({ 'a.zip': zip([{ name: 'm.safetensors', bytes: model, deflate: true }]) })
    expect(artifacts(await scanned(root))[0]?.files).toEqual([
      { path: 'a.zip!/m.safetensors', sha256: sha256(model), bytes: model.length },
    ])
  })

  it('is not read again while the archive stays as it is, and then said of as before', async () => {
    const root = folder({
      'a.tgz': tgz([
        { name: 'm.safetensors', bytes: model },
        { name: 'README.md', bytes: '# A' },
      ]),
    })
    const estate = temporaryFolder()
    const first = await scanned(root, estate)
    expect(await scanned(root, estate)).toEqual({ ...first, read: 0 })
  })

  it('is read again when the archive is another', async () => {
    const root = folder({ 'a.tgz': tgz([{ name: 'm.safetensors', bytes: model }]) })
    const estate = temporaryFolder()
    await scanned(root, estate)
    writeFileSync(
      join(root, 'a.tgz'),
      tgz([
        { name: 'x', bytes: 'x' },
        { name: 'm.safetensors', bytes: model },
      ]),
    )
    expect((await scanned(root, estate)).read).toBe(1)
  })
})

describe('one file at several places', () => {
  it('is an artifact at each, read once, when links lead to it', async () => {
    const root = folder({ 'a.safetensors': model, 'b.safetensors': { link: 'a.safetensors' } })
    expect(artifacts(await scanned(root)).map(({ path }) => path)).toEqual(['a.safetensors', 'b.safetensors'])
    expect(await bytesRead(root)).toBe(model.length)
  })

  it('is read once when it is hard-linked', async () => {
    const root = folder({ 'a.safetensors': model })
    linkSync(join(root, 'a.safetensors'), join(root, 'b.safetensors'))
    expect(await bytesRead(root)).toBe(model.length)
  })

  it('is read once when revisions of a Hugging Face cache share it, under the repository’s name', async () => {
    const cache = huggingFaceCache('org/net', {
      r1: { 'model.safetensors': model },
      r2: { 'model.safetensors': model },
    })
    const root = folder(cache)
    const report = await scanned(root)
    expect(report.models).toMatchObject([{ name: 'org/net' }])
    expect(artifacts(report).map(({ origin }) => origin)).toEqual([
      { store: 'hugging-face', name: 'org/net', revision: 'r1' },
      { store: 'hugging-face', name: 'org/net', revision: 'r2' },
    ])
    expect(await bytesRead(root)).toBe(model.length)
  })
})

describe('an Ollama store', () => {
  it('names its models as Ollama does', async () => {
    const data = new Uint8Array(Float32Array.from(noise(1, 256)).buffer)
    const gguf = ggufFile({ tensors: [{ name: 'blk.0.weight', shape: [16, 16], type: 0, data }] })
    const { models } = await scanned(folder(ollamaStore('library/net/7b', { model: gguf, template: 'T' })))
    expect(models).toMatchObject([
      { name: 'net:7b', artifacts: [{ format: 'gguf', sideFiles: [{ role: 'chat-template' }] }] },
    ])
  })
})

describe('side files', () => {
  it('are said again when one changed, though no weight is read', async () => {
    const root = folder({ 'm.safetensors': model, 'config.json': '{}' })
    const estate = temporaryFolder()
    await scanned(root, estate)
    appendFileSync(join(root, 'config.json'), ' ')
    const second = await scanned(root, estate)
    expect(second.read).toBe(0)
    expect(artifacts(second)[0]?.sideFiles).toEqual([
      { role: 'configuration', path: 'config.json', sha256: sha256('{} '), bytes: 3 },
    ])
  })

  it('are never files of a model themselves', async () => {
    const index = JSON.stringify({ weight_map: { 'layer.weight': 'config.json' } })
    const root = folder({ 'm.safetensors.index.json': index, 'config.json': model })
    expect(artifacts(await scanned(root)).map(({ sideFiles }) => sideFiles)).toEqual([[]])
  })
})

it.each([
  ['/a/net.onnx', 'net'],
  ['/a/net-1.0.tgz!/package/models/model.json', 'net-1.0'],
  ['/a/net-1.0.tgz!/package/models/x2/model.json', 'net-1.0 x2'],
  ['/a/dist/mobilenet_v2/model.min.js', 'mobilenet_v2'],
  ['/a/pack.data!/offset-17', 'pack'],
  ['/hub/models--org--net/snapshots/r/model.safetensors', 'org/net'],
  ['/hub/models--org--net/snapshots/r/onnx/net_q4.onnx', 'org/net/net_q4'],
  ['/o/manifests/registry.ollama.ai/library/net/7b', 'net:7b'],
  ['/o/manifests/hf.co/org/net/q4', 'org/net:q4'],
])('%s is called %s', (path, name) => {
  expect(nameFromPath(path)).toBe(name)
})

it('a folder that is only called like a store says nothing of an origin', () => {
  expect(originOf('/a/manifests/b/c/d/e.onnx')).toBeNull()
})
