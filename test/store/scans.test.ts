import { describe, expect, it } from 'vitest'
import { artifactRecord, idOf, modelRecord, relation, scanOf, temporaryEstate } from '../builders/estate.ts'

const [a, b] = [idOf('a'), idOf('b')]
const later = { finished: '2025-02-01T00:00:00.000Z' }

describe('a recorded scan', () => {
  it('is given back as it was', async () => {
    const estate = await temporaryEstate()
    const scan = scanOf({ '/models/a': a }, { totals: { files: 3 } })
    const id = await estate.recordScan(scan)
    const { started, finished, roots, totals } = scan
    expect(await estate.scans()).toEqual([{ id, started, finished, roots, totals }])
  })

  it('gives back its artifacts with files in order and findings', async () => {
    const estate = await temporaryEstate()
    const file = (path: string) => ({ path, bytes: 2 ** 40, sha256: '1'.repeat(64) })
    const artifact = {
      ...artifactRecord('/models/a', a),
      bytes: 2 ** 41,
      files: [file('/models/a'), file('/models/2'), file('/models/1')],
      findings: [{ code: 'pickle-import', severity: 'high' as const, message: 'os.system' }],
    }
    const scan = scanOf({ '/models/a': a }, { artifacts: [artifact] })
    await estate.recordScan(scan)
    expect((await estate.knownArtifacts('/models')).get('/models/a')).toEqual({
      ...artifact,
      firstSeen: scan.finished,
      lastSeen: scan.finished,
      gone: false,
    })
  })

  it('keeps when an artifact was first seen', async () => {
    const estate = await temporaryEstate()
    const first = scanOf({ '/models/a': a })
    await estate.recordScan(first)
    await estate.recordScan(scanOf({ '/models/a': a }, later))
    expect(await estate.artifactsOf(a)).toMatchObject([{ firstSeen: first.finished, lastSeen: later.finished }])
  })

  it('renews an unchanged artifact', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/models/a': a }))
    await estate.recordScan(scanOf({}, { ...later, unchanged: ['/models/a'] }))
    expect(await estate.artifactsOf(a)).toMatchObject([{ lastSeen: later.finished, gone: false }])
  })

  it('marks as gone what is not there any more', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/models/a': a }))
    await estate.recordScan(scanOf({}, later))
    expect(await estate.artifactsOf(a)).toMatchObject([{ path: '/models/a', gone: true }])
  })

  it('leaves alone what lies outside its roots', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/elsewhere/a': a }))
    await estate.recordScan(scanOf({}, later))
    expect(await estate.artifactsOf(a)).toMatchObject([{ gone: false }])
  })

  it('does not take for gone what it could not read', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/models/locked/a': a }))
    await estate.recordScan(scanOf({}, { ...later, unread: ['/models/locked'] }))
    expect(await estate.artifactsOf(a)).toMatchObject([{ gone: false }])
  })

  it('brings back what was gone', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/models/a': a }))
    await estate.recordScan(scanOf({}))
    await estate.recordScan(scanOf({ '/models/a': a }, later))
    expect(await estate.artifactsOf(a)).toMatchObject([{ gone: false, lastSeen: later.finished }])
  })

  it('keeps on record what lay at a path before', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/models/x': a }))
    await estate.recordScan(scanOf({ '/models/x': b }, later))
    expect([(await estate.artifactsOf(a))[0]?.gone, (await estate.artifactsOf(b))[0]?.gone]).toEqual([true, false])
  })

  it('tells two layouts of one model apart', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/models/x': a }))
    const swapped = { ...artifactRecord('/models/x', a), layout: b }
    await estate.recordScan(scanOf({ '/models/x': a }, { ...later, artifacts: [swapped] }))
    expect((await estate.knownArtifacts('/models')).get('/models/x')?.layout).toBe(b)
  })

  it('takes an artifact that two roots found once', async () => {
    const estate = await temporaryEstate()
    const artifacts = [artifactRecord('/models/a', a), artifactRecord('/models/a', a)]
    await estate.recordScan(scanOf({ '/models/a': a }, { roots: ['/models', '/'], artifacts }))
    expect((await estate.artifactsOf(a)).length).toBe(1)
  })

  it('leaves nothing behind when a part of it cannot be recorded', async () => {
    const estate = await temporaryEstate()
    const lineage = { relations: [relation(a, idOf('9'))], lookAlikes: [] }
    const broken = scanOf({ '/models/a': a }, { lineage })
    await expect(estate.recordScan(broken)).rejects.toThrow(/foreign key/i)
    expect([await estate.allPrintHeads(), await estate.scans(), await estate.artifactsOf(a)]).toEqual([[], [], []])
  })
})

describe('an imported print', () => {
  const record = {
    time: '2025-01-01T00:00:00.000Z',
    model: modelRecord(a, 'given'),
    artifact: artifactRecord('/models/a.yukueprint', a),
    print: { model: a, version: 1, origin: 'imported' as const, bytes: new Uint8Array([1]) },
  }

  it('is a model of that origin', async () => {
    const estate = await temporaryEstate()
    await estate.recordImport(record)
    expect(await estate.allPrintHeads()).toMatchObject([{ id: a, name: 'given', origin: 'imported', printVersion: 1 }])
  })

  it('is not gone when a scan finds no weights at its place', async () => {
    const estate = await temporaryEstate()
    await estate.recordImport(record)
    await estate.recordScan(scanOf({}, later))
    expect(await estate.artifactsOf(a)).toMatchObject([{ format: 'print', gone: false }])
  })

  it('gives way to the model itself', async () => {
    const estate = await temporaryEstate()
    await estate.recordImport(record)
    await estate.recordScan(scanOf({ '/models/a': a }))
    expect(await estate.allPrintHeads()).toMatchObject([{ name: 'model aa', origin: 'scanned' }])
  })

  it('does not overwrite what was read from weights', async () => {
    const estate = await temporaryEstate()
    await estate.savePrint({ model: a, version: 1, origin: 'scanned', bytes: new Uint8Array([1, 2, 3]) })
    await estate.recordScan(scanOf({ '/models/a': a }))
    await estate.recordImport(record)
    expect(await estate.allPrintHeads()).toMatchObject([{ name: 'model aa', origin: 'scanned', printBytes: 3 }])
  })
})
