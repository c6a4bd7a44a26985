import { describe, expect, it } from 'vitest'
import { isUnchanged, sameFile } from '../../src/store/files.ts'
import type { KnownArtifact, KnownFile } from '../../src/store/records.ts'
import { artifactRecord, idOf, knownFile, scanOf, temporaryEstate } from '../builders/estate.ts'

describe('the cache of files', () => {
  it('gives back inodes and times beyond 2⁵³ exactly', async () => {
    const estate = await temporaryEstate()
    await estate.rememberFiles([knownFile('/models/a')])
    expect((await estate.knownFiles('/models')).get('/models/a')).toEqual(knownFile('/models/a'))
  })

  it('takes the new key of a file that it knows', async () => {
    const estate = await temporaryEstate()
    await estate.rememberFiles([knownFile('/models/a')])
    await estate.rememberFiles([{ ...knownFile('/models/a'), bytes: 7 }])
    expect((await estate.knownFiles('/models')).get('/models/a')?.bytes).toBe(7)
  })

  it('remembers more files than one statement takes', async () => {
    const estate = await temporaryEstate()
    await estate.rememberFiles(Array.from({ length: 10_000 }, (_, index) => knownFile(`/models/${index}`)))
    expect((await estate.knownFiles('/models')).size).toBe(10_000)
  })

  it('gives the files of a root only, also those inside an archive', async () => {
    const estate = await temporaryEstate()
    const paths = ['/a', '/a!/inner', '/a/b', '/a/b/日本', '/ab', '/a0', '/A/b', '/b']
    await estate.rememberFiles(paths.map(knownFile))
    expect([...(await estate.knownFiles('/a')).keys()].sort()).toEqual(['/a', '/a!/inner', '/a/b', '/a/b/日本'])
  })

  it('gives everything below the root of the file system', async () => {
    const estate = await temporaryEstate()
    await estate.rememberFiles([knownFile('/a'), knownFile('/b/c')])
    expect((await estate.knownFiles('/')).size).toBe(2)
  })

  it('gives the shards beside an index that is the root', async () => {
    const estate = await temporaryEstate()
    await estate.rememberFiles([knownFile('/models/index.json'), knownFile('/models/shard')])
    const [artifact] = scanOf({ '/models/index.json': idOf('a') }).artifacts
    const files = ['/models/index.json', '/models/shard'].map((path) => ({ path, bytes: 1, sha256: 'f'.repeat(64) }))
    await estate.recordScan(scanOf({ '/models/index.json': idOf('a') }, { artifacts: [{ ...artifact!, files }] }))
    expect([...(await estate.knownFiles('/models/index.json')).keys()]).toContain('/models/shard')
  })
})

describe('a file', () => {
  it('is the same while nothing of its key has changed', () => {
    expect(sameFile(knownFile('/a'), knownFile('/a'))).toBe(true)
  })

  it.each(['path', 'mtimeNs', 'inode', 'device'] as const)('is another when its %s is', (field) => {
    expect(sameFile(knownFile('/a'), { ...knownFile('/a'), [field]: 'other' })).toBe(false)
  })

  it('is another when its size is', () => {
    expect(sameFile(knownFile('/a'), { ...knownFile('/a'), bytes: 101 })).toBe(false)
  })
})

describe('an artifact', () => {
  const artifact: KnownArtifact = {
    ...artifactRecord('/a', idOf('a')),
    files: ['/a', '/a.data'].map((path) => ({ path, bytes: 100, sha256: 'f'.repeat(64) })),
    firstSeen: '2025-01-01T00:00:00.000Z',
    lastSeen: '2025-01-01T00:00:00.000Z',
    gone: false,
  }
  const files = new Map(['/a', '/a.data'].map((path) => [path, knownFile(path)]))

  it('is unchanged while all its files are', () => {
    expect(isUnchanged(artifact, files, knownFile, 1)).toBe(true)
  })

  it('has changed when one of its files has', () => {
    const now = (path: string) => ({ ...knownFile(path), bytes: path === '/a.data' ? 1 : 100 })
    expect(isUnchanged(artifact, files, now, 1)).toBe(false)
  })

  it('has changed when one of its files is not there', () => {
    expect(isUnchanged(artifact, files, (path) => (path === '/a' ? knownFile(path) : null), 1)).toBe(false)
  })

  it('is read again for another version of the print', () => {
    expect(isUnchanged(artifact, files, knownFile, 2)).toBe(false)
  })

  it('is read again when a file was hashed anew since, with another digest', () => {
    const hashed: KnownFile = { ...knownFile('/a'), sha256: '0'.repeat(64) }
    expect(isUnchanged(artifact, new Map([...files, ['/a', hashed]]), knownFile, 1)).toBe(false)
  })
})
