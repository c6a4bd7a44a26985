import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scan } from '../../src/app/scan.ts'
import { scanReportOf } from '../../src/app/scan-report.ts'
import { trace } from '../../src/app/trace.ts'
import { scanReport } from '../../src/contract/scan.ts'
import { translator } from '../../src/report/language.ts'
import { type Files, folder } from '../builders/folder.ts'
import { modelFile } from '../builders/model-file.ts'
import { cast, fineTuned } from '../builders/model-operations.ts'
import { gaussians, transformer } from '../builders/models.ts'
import { safetensors } from '../builders/safetensors.ts'

const progress = { onPhase() {}, onTotal() {}, onBytes() {} }
const base = transformer(1)
const card = (yaml: string) => `---\n${yaml}\n---\n`

async function scanned(files: Files) {
  const root = folder({ 'org/base/model.safetensors': modelFile(base), ...files })
  const result = await scan({ paths: [root], as: [], estate: join(root, '.yukue'), threads: 0 }, progress)
  return { root, report: scanReportOf(result, translator('en')) }
}

async function verdictsOf(files: Files) {
  const { report } = await scanned(files)
  const claims = report.models.flatMap(({ artifacts }) => artifacts.flatMap((artifact) => artifact.claims ?? []))
  return claims.map(({ verdict, reason }) => `${verdict}: ${reason}`)
}

describe('a declared base', () => {
  it('is borne out by related weights', async () => {
    const files = {
      'my/tuned/model.safetensors': modelFile(fineTuned(base, 2)),
      'my/tuned/README.md': card('base_model: org/base'),
    }
    expect(await verdictsOf(files)).toEqual(['verified: related'])
  })

  it('is disputed by the weights of a stranger', async () => {
    const files = {
      'my/liar/model.safetensors': modelFile(transformer(5)),
      'my/liar/README.md': card('base_model: org/base'),
    }
    expect(await verdictsOf(files)).toEqual(['disputed: unrelated'])
  })

  it('cannot be told while it is absent', async () => {
    const files = {
      'my/tuned/model.safetensors': modelFile(fineTuned(base, 2)),
      'my/tuned/README.md': card('base_model: else/where'),
    }
    expect(await verdictsOf(files)).toEqual(['undecided: base-absent'])
  })

  it('is disputed where the weights give the other order', async () => {
    const files = {
      'org/base/README.md': card('base_model: my/half'),
      'my/half/model.safetensors': modelFile(cast(base, 'f16')),
    }
    expect(await verdictsOf(files)).toEqual(['disputed: reversed'])
  })

  it('is disputed where it is said to be quantised, and is not', async () => {
    const files = {
      'my/tuned/model.safetensors': modelFile(fineTuned(base, 2)),
      'my/tuned/README.md': card('base_model: org/base\nbase_model_relation: quantized'),
    }
    expect(await verdictsOf(files)).toEqual(['disputed: not-quantised'])
  })

  it('that is the model itself is no claim', async () => {
    expect(await verdictsOf({ 'org/base/config.json': '{"_name_or_path": "org/base"}' })).toEqual([])
  })

  it.each([
    { inputs: 64, verdict: 'undecided: shapes-fit' },
    { inputs: 48, verdict: 'disputed: shapes-differ' },
  ])('of an adapter with $inputs inputs is $verdict', async ({ inputs, verdict }) => {
    const layer = 'base_model.model.model.layers.0.self_attn.q_proj'
    const files = {
      'my/lora/adapter_model.safetensors': safetensors({
        [`${layer}.lora_A.weight`]: { shape: [4, inputs], values: gaussians(1, 4 * inputs) },
        [`${layer}.lora_B.weight`]: { shape: [64, 4], values: gaussians(2, 256) },
      }),
      'my/lora/adapter_config.json': '{"base_model_name_or_path": "org/base", "r": 4}',
    }
    expect(await verdictsOf(files)).toEqual([verdict])
  })
})

const tuned = {
  'my/tuned/model.safetensors': modelFile(fineTuned(base, 2)),
  'my/tuned/README.md': card('base_model: org/base'),
}

it('stands beside the relation that it speaks of, and changes nothing in it', async () => {
  const { report } = await scanned(tuned)
  const { report: silent } = await scanned({ 'my/tuned/model.safetensors': tuned['my/tuned/model.safetensors'] })
  const [{ claims, ...relation } = {}] = report.relations
  expect([claims?.length, relation]).toEqual([1, silent.relations[0]])
})

it('keeps to the contract of a scan', async () => {
  expect(scanReport.safeParse((await scanned(tuned)).report).error).toBeUndefined()
})

it('is told by trace', async () => {
  const { root } = await scanned(tuned)
  const { declarations } = await trace(join(root, 'my/tuned'), join(root, '.yukue'))
  expect(declarations?.map(({ base, verdict }) => [base, verdict])).toEqual([['org/base', 'verified']])
})
