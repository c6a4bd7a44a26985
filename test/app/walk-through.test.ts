import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { givenKey } from '../../src/app/given-keys.ts'
import { importPassport } from '../../src/app/import-passport.ts'
import { newKey } from '../../src/app/key.ts'
import { makePassport } from '../../src/app/passport.ts'
import { modelAtHand } from '../../src/app/passport-model.ts'
import { record } from '../../src/app/record.ts'
import { trace } from '../../src/app/trace.ts'
import { verifyPassport } from '../../src/app/verify-passport.ts'
import { locationOf } from '../builders/estate.ts'
import { folder } from '../builders/folder.ts'
import { ggufFile } from '../builders/gguf.ts'
import { fineTuned } from '../builders/model-operations.ts'
import { type Model, transformer } from '../builders/models.ts'
import { publicKey } from '../builders/passport.ts'
import { safetensors } from '../builders/safetensors.ts'
import { scanned } from '../builders/scan.ts'
import { encode } from '../builders/tensor.ts'

/** As it is published. */
function published(model: Model): Uint8Array {
  const entries = model.map(({ name, shape, values }) => {
    return [name, { dtype: 'F32', shape, bytes: encode(Float64Array.from(values), 'f32') }] as const
  })
  return safetensors(Object.fromEntries(entries))
}

const [F32, Q8_0, BLOCK] = [0, 8, 32]

/** As a converter to GGUF writes it: matrices in blocks of 32 with a binary16 scale each (ggml's Q8_0), vectors as they are. */
function quantisedFile(model: Model): Uint8Array {
  const tensors = model.map(({ name, shape, values }) => {
    const isMatrix = shape.length > 1
    const data = isMatrix ? q8(values) : encode(Float64Array.from(values), 'f32')
    return { name, shape, type: isMatrix ? Q8_0 : F32, data }
  })
  return ggufFile({ metadata: { 'general.architecture': 'qwen2' }, tensors })
}

function q8(values: ArrayLike<number>): Uint8Array {
  const bytes = Buffer.alloc((values.length / BLOCK) * (2 + BLOCK))
  for (let block = 0; block * BLOCK < values.length; block++) {
    const own = Array.from({ length: BLOCK }, (_, at) => values[block * BLOCK + at]!)
    const scale = Math.max(...own.map(Math.abs)) / 127
    bytes.set(encode(Float64Array.of(scale), 'f16'), block * (2 + BLOCK))
    own.forEach((value, at) => {
      bytes.writeInt8(scale === 0 ? 0 : Math.round(value / scale), block * (2 + BLOCK) + 2 + at)
    })
  }
  return bytes
}

const BASE = transformer(1, { layers: 3, width: 128, vocabulary: 256 })

/** The vendor makes a model, says what it is, and gives it to the integrator with a passport. */
async function vendor() {
  const root = folder({ 'models/assistant.safetensors': published(BASE) })
  const estate = await locationOf(join(root, '.yukue'))
  await scanned([join(root, 'models')], { estate })
  await newKey({ name: 'release', actor: 'Vendor Ltd', role: 'developer', protect: null }, estate)
  const model = 'assistant'
  const key = 'release'
  await record({ event: 'created', model, key }, estate)
  await record({ event: 'claimed', model, claims: ['quantisation=none', 'licence=apache-2.0'], key }, estate)
  await record({ event: 'evaluated', model, suite: 'credit-qa', metrics: ['accuracy=0.91'], key }, estate)
  await record({ event: 'handed-over', model, to: 'Integrator KK', key }, estate)
  const { text } = await makePassport(
    { model, keys: [key], leaveOut: ['observed'], prints: true, share: false },
    estate,
  )
  return { text, estate, key: publicKey(root, key) }
}

/** What the integrator delivers as the vendor's model. */
function delivered(): string {
  const root = folder({ 'assistant.gguf': quantisedFile(fineTuned(BASE, 7, 0.03)) })
  return join(root, 'assistant.gguf')
}

/** The bank has the passport, the file it was sent, and the vendor's public key: no ledger, no network. */
async function bankChecks(text: string, key: string, path: string) {
  const model = await modelAtHand(path, { as: [], threads: 0 })
  const trusted = new Set([givenKey({ path: 'vendor.pub', text: key }).id])
  return verifyPassport({ path: 'assistant.yukuepassport', text }, { trusted, model }).report
}

describe('a model passed from a vendor by an integrator to a bank', { timeout: 60_000 }, () => {
  it('is verified where the integrator passed it on as it was', async () => {
    const { text, key } = await vendor()
    const root = folder({ 'assistant.safetensors': published(BASE) })
    const report = await bankChecks(text, key, join(root, 'assistant.safetensors'))
    expect([report.verdict, report.atHand?.same]).toEqual(['verified', true])
  })

  it('is found out as fine-tuned and quantised, and from which parent', async () => {
    const { text, key } = await vendor()
    const { verdict, atHand, model } = await bankChecks(text, key, delivered())
    const [relation] = atHand?.relations ?? []
    expect([verdict, atHand?.same, relation?.child, relation?.parents[0]?.id, relation?.direction]).toEqual([
      'disputed',
      false,
      atHand?.id,
      model?.id,
      'known',
    ])
    expect(relation?.changes).toEqual(expect.arrayContaining(['fine-tuned', 'quantised']))
  })

  it('keeps of its claims those that the weights bear, and tells which fall', async () => {
    const { text, key } = await vendor()
    const { claims } = await bankChecks(text, key, delivered())
    expect(claims.map(({ subject, status, measured }) => [subject, status, measured])).toEqual([
      ['quantisation', 'disputed', 'Q8_0'],
      ['licence', 'attested', null],
    ])
  })

  it('leads back to the vendor in the bank’s own record', async () => {
    const { text, key } = await vendor()
    const path = delivered()
    const estate = await locationOf(join(folder({}), '.yukue'))
    await importPassport({ path: 'assistant.yukuepassport', text }, [{ path: 'vendor.pub', text: key }], estate)
    await scanned([path], { estate })
    const { ancestors } = await trace(path, estate)
    const { hops } = await trace(ancestors[0]!.model.id, estate)
    expect([ancestors.map(({ model }) => model.name), hops.map(({ event }) => event)]).toEqual([
      ['assistant'],
      ['created', 'handed-over'],
    ])
  })

  it('gives the bank the verdict and the claims that the vendor itself has', async () => {
    const { text, key, estate } = await vendor()
    const root = folder({ 'assistant.safetensors': published(BASE) })
    const report = await bankChecks(text, key, join(root, 'assistant.safetensors'))
    const own = await trace('assistant', estate)
    const shown = ({ hops, claims, evaluations }: Pick<typeof own, 'hops' | 'claims' | 'evaluations'>) => ({
      hops,
      claims,
      evaluations,
    })
    expect(shown(report)).toEqual(shown(own))
  })
})
