import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scan } from '../../src/app/scan.ts'
import { scanReportOf } from '../../src/app/scan-report.ts'
import { type ScanReport, scanReport } from '../../src/contract/scan.ts'
import { translator } from '../../src/report/language.ts'
import { temporaryFolder } from '../builders/estate.ts'
import { model, node } from '../builders/onnx.ts'
import { type SafetensorsTensor, safetensors } from '../builders/safetensors.ts'
import { noise } from '../builders/tensor.ts'

const SILENT = { onPhase() {}, onTotal() {}, onBytes() {} }

async function scanned(folder: string, language: 'en' | 'ja' = 'en'): Promise<ScanReport> {
  const options = { paths: [join(folder, 'models')], as: [], estate: join(folder, 'estate'), threads: 0 }
  return scanReport.parse(scanReportOf(await scan(options, SILENT), translator(language)))
}

function put(folder: string, name: string, tensors: Record<string, SafetensorsTensor>): void {
  mkdirSync(join(folder, 'models'), { recursive: true })
  writeFileSync(join(folder, 'models', name), safetensors(tensors))
}

function weights(seed: number, change: (values: Float64Array) => void = () => {}): Record<string, SafetensorsTensor> {
  const values = noise(seed, 256)
  change(values)
  return { 'layer.weight': { shape: [16, 16], values } }
}

function findingsOf(report: ScanReport) {
  return report.models.flatMap(({ artifacts }) => artifacts.flatMap(({ findings }) => findings))
}

describe('a scan finds', () => {
  it('weights that are no finite numbers, with their tensor and count', async () => {
    const folder = temporaryFolder()
    put(
      folder,
      'net.safetensors',
      weights(1, (values) => values.fill(Number.NaN, 3, 5)),
    )
    const values = { names: 'layer.weight', tensors: 1, count: 2 }
    expect(findingsOf(await scanned(folder))).toMatchObject([
      { code: 'non-finite-weights', severity: 'medium', values },
    ])
  })

  it('a name that its weights contradict', async () => {
    const folder = temporaryFolder()
    put(folder, 'net_half.safetensors', weights(1))
    const values = { claim: 'half', found: 'float32 (100 %)' }
    expect(findingsOf(await scanned(folder))).toMatchObject([{ code: 'name-contradicts-content', values }])
  })

  it('another model under a known name', async () => {
    const folder = temporaryFolder()
    put(folder, 'net.safetensors', weights(1))
    const before = (await scanned(folder)).models[0]!.id.slice('blake3:'.length, 'blake3:'.length + 12)
    put(folder, 'net.safetensors', weights(2))
    expect(findingsOf(await scanned(folder))).toMatchObject([{ code: 'name-changed-bytes', values: { before } }])
  })

  it('nothing where the same weights were written again', async () => {
    const folder = temporaryFolder()
    put(folder, 'net.safetensors', weights(1))
    await scanned(folder)
    put(folder, 'net.safetensors', { ...weights(1), step: { shape: [1] } })
    expect(findingsOf(await scanned(folder))).toEqual([])
  })

  it('the same when nothing had to be read again', async () => {
    const folder = temporaryFolder()
    put(folder, 'net_half.safetensors', weights(1))
    const first = findingsOf(await scanned(folder))
    expect(findingsOf(await scanned(folder))).toEqual(first)
  })

  it('in a file without weights what its reader found', async () => {
    const folder = temporaryFolder()
    const custom = node('Sorcery', ['x'], ['y'], { domain: 'com.example' })
    mkdirSync(join(folder, 'models'))
    writeFileSync(join(folder, 'models', 'net.onnx'), Uint8Array.from(model({ nodes: [custom] })))
    const { findings } = await scanned(folder)
    expect(findings.map(({ code }) => code)).toEqual(['no-weights', 'custom-op'])
  })

  it('and says so in Japanese', async () => {
    const folder = temporaryFolder()
    put(folder, 'net_half.safetensors', weights(1))
    expect(findingsOf(await scanned(folder, 'ja'))[0]!.message).toContain('名前には「half」とありますが')
  })
})

const LAYER = 'base_model.model.model.layers.0.self_attn.q_proj'

function adapter(seed: number): Record<string, SafetensorsTensor> {
  const values = noise(seed, 1024)
  return {
    [`${LAYER}.lora_A.weight`]: { shape: [8, 64], values: values.subarray(0, 512) },
    [`${LAYER}.lora_B.weight`]: { shape: [64, 8], values: values.subarray(512) },
  }
}

describe('an adapter in a scan', () => {
  it('has a relation without parents that tells what it is', async () => {
    const folder = temporaryFolder()
    put(folder, 'adapter_model.safetensors', adapter(1))
    const config = { base_model_name_or_path: 'org/base', lora_alpha: 16 }
    writeFileSync(join(folder, 'models', 'adapter_config.json'), JSON.stringify(config))
    const { models, relations } = await scanned(folder)
    const details = { rank: 8, alpha: 16, targets: ['q_proj'], declaredBase: 'org/base' }
    const told = { child: models[0]!.id, parents: [], changes: ['adapter'], status: 'declared', details }
    expect(relations).toMatchObject([told])
  })

  it('is not related to a model whose weights equal its factors', async () => {
    const folder = temporaryFolder()
    const factors = adapter(1)
    put(folder, 'adapter_model.safetensors', factors)
    put(folder, 'net.safetensors', { ...renamed(factors), ...weights(5) })
    const { relations } = await scanned(folder)
    expect(relations.filter(({ parents }) => parents.length > 0)).toEqual([])
  })

  it('tells the same when it is not read again', async () => {
    const folder = temporaryFolder()
    put(folder, 'adapter_model.safetensors', adapter(1))
    const first = await scanned(folder)
    expect((await scanned(folder)).relations).toEqual(first.relations)
  })
})

function renamed(tensors: Record<string, SafetensorsTensor>): Record<string, SafetensorsTensor> {
  return Object.fromEntries(Object.values(tensors).map((tensor, index) => [`block.${index}.weight`, tensor]))
}
