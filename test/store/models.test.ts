import { describe, expect, it } from 'vitest'
import { artifactRecord, idOf, modelRecord, scanOf, temporaryEstate } from '../builders/estate.ts'

const a = `blake3:abc1${'0'.repeat(60)}`
const b = `blake3:abc2${'0'.repeat(60)}`

async function estateOfTwo() {
  const estate = await temporaryEstate()
  await estate.recordScan(
    scanOf({ '/models/x/a': a, '/models/y/b': b }, { models: [modelRecord(a, 'small'), modelRecord(b, 'twin')] }),
  )
  return estate
}

describe('a model is found', () => {
  it('by the path of its artifact', async () => {
    expect(await (await estateOfTwo()).findModel('a', '/models/x/a')).toMatchObject({ kind: 'found', model: { id: a } })
  })

  it('by its folder', async () => {
    expect(await (await estateOfTwo()).findModel('x', '/models/x')).toMatchObject({ kind: 'found', model: { id: a } })
  })

  it('by any of its files', async () => {
    const estate = await temporaryEstate()
    const files = ['/models/index', '/models/shard'].map((path) => ({ path, bytes: 1, sha256: '0'.repeat(64) }))
    const artifact = { ...artifactRecord('/models/index', a), files }
    await estate.recordScan(scanOf({ '/models/index': a }, { artifacts: [artifact] }))
    expect(await estate.findModel('shard', '/models/shard')).toMatchObject({ kind: 'found', model: { id: a } })
  })

  it('by a path where it was', async () => {
    const estate = await estateOfTwo()
    await estate.recordScan(scanOf({}))
    expect(await estate.findModel('a', '/models/x/a')).toMatchObject({ kind: 'found', model: { id: a } })
  })

  it('by its name', async () => {
    expect(await (await estateOfTwo()).findModel('twin', '/cwd/twin')).toMatchObject({ model: { id: b } })
  })

  it.each(['abc1', 'blake3:abc1', 'ABC10', a])('by the digest prefix %s', async (prefix) => {
    expect(await (await estateOfTwo()).findModel(prefix, `/cwd/${prefix}`)).toMatchObject({ model: { id: a } })
  })
})

describe('a reference', () => {
  it('to several models lists them', async () => {
    const found = await (await estateOfTwo()).findModel('.', '/models')
    expect(found).toMatchObject({ kind: 'ambiguous', models: [{ id: a }, { id: b }] })
  })

  it('of fewer than four digits is no digest', async () => {
    expect(await (await estateOfTwo()).findModel('abc', '/cwd/abc')).toEqual({ kind: 'unknown' })
  })

  it('to nothing is unknown', async () => {
    expect(await (await estateOfTwo()).findModel('abc3', '/cwd/abc3')).toEqual({ kind: 'unknown' })
  })

  it('with SQL in it is just text', async () => {
    expect(await (await estateOfTwo()).findModel("' or 1=1 --", "/cwd/' or 1=1 --")).toEqual({ kind: 'unknown' })
  })
})

it('The head of a model gives back all that was recorded of it', async () => {
  const estate = await temporaryEstate()
  const model = { ...modelRecord(idOf('c')), parameters: 2 ** 45, quantisation: { scheme: 'Q4_K', bits: 4.5 } }
  await estate.recordScan(scanOf({}, { models: [model] }))
  expect(await estate.allPrintHeads()).toEqual([{ ...model, printVersion: null, printBytes: null }])
})
