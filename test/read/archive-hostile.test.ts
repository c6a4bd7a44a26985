import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openArtifact } from '../../src/read/artifact.ts'
import { discover } from '../../src/read/discover.ts'
import { MAX_ARCHIVE_MEMBERS } from '../../src/read/limits.ts'
import { tar, tgz } from '../builders/archive.ts'
import { folder } from '../builders/folder.ts'
import { safetensors } from '../builders/safetensors.ts'
import { noise } from '../builders/tensor.ts'
import { type ZipPart, zip } from '../builders/zip.ts'

const model = safetensors({ w: { shape: [4] } })
const found = (bytes: Uint8Array) => discover([folder({ archive: bytes })], [])
const codes = (bytes: Uint8Array) => found(bytes).problems.map(({ code }) => code)

/** Within itself so many times. */
function nested(depth: number, pack: (parts: { name: string; bytes: Uint8Array }[]) => Uint8Array): Uint8Array {
  let bytes: Uint8Array = pack([{ name: 'm.safetensors', bytes: model }])
  for (let level = 1; level < depth; level++) bytes = pack([{ name: 'inner', bytes }])
  return bytes
}

describe('a bomb', () => {
  const zeros = new Uint8Array(200 * 1024 * 1024)

  it('of zip is refused by what it says that it holds', () => {
    expect(codes(zip([{ name: 'zeros', bytes: zeros, deflate: true }]))).toEqual(['limit'])
  })

  it('of gzip is refused by what it says that it holds', () => {
    expect(codes(tgz([{ name: 'zeros', bytes: zeros }]))).toEqual(['limit'])
  })

  it('in layers is refused once it holds more than the whole archive may', () => {
    const layer = (bytes: Uint8Array): ZipPart[] =>
      [1, 2, 3, 4].map((index) => ({ name: `${index}`, bytes, deflate: true }))
    const small = zip(layer(zeros.subarray(0, 12 * 1024 * 1024)))
    expect(codes(zip(layer(small)))).toContain('limit')
  })

  it('that says less than it unpacks to is refused when it is read', () => {
    const part: ZipPart = { name: 'm.safetensors', bytes: model, deflate: true, says: { bytes: 40 } }
    const { candidates, problems } = found(zip([part]))
    expect([...candidates.map(({ path }) => path), ...problems.map(({ code }) => code)]).toEqual(['malformed'])
  })
})

describe('archives within archives', () => {
  it.each([
    ['zip', zip],
    ['tar', tar],
    ['tgz', tgz],
  ])('of %s, ten deep, are told of where they are too deep', (_, pack) => {
    expect(found(nested(10, pack)).problems).toMatchObject([
      { path: 'archive!/inner!/inner!/inner', code: 'limit', values: { value: '4' } },
    ])
  })

  it('three deep are read', () => {
    expect(found(nested(3, zip)).candidates.map(({ path }) => path)).toEqual(['archive!/inner!/inner!/m.safetensors'])
  })

  it('that hold themselves over and over are told of once', () => {
    const deep = nested(6, zip)
    const fan = zip(Array.from({ length: 50 }, (_, index) => ({ name: `${index}`, bytes: deep })))
    expect(codes(fan)).toEqual(['limit'])
  })
})

describe('members beyond counting', () => {
  it('end the list, and what came before them stands', () => {
    const names = Array.from({ length: MAX_ARCHIVE_MEMBERS }, (_, index) => ({ name: `${index}` }))
    const { candidates, problems } = found(tar([{ name: 'm.safetensors', bytes: model }, ...names]))
    expect(candidates).toHaveLength(1)
    expect(problems).toMatchObject([{ path: 'archive', code: 'limit' }])
  })
})

describe('a broken archive', () => {
  const parts = [
    { name: 'a.safetensors', bytes: model },
    { name: 'noise', bytes: new Uint8Array(Float32Array.from(noise(1, 300_000)).buffer) },
    { name: 'z.safetensors', bytes: model },
  ]

  it('of gzip shows what came before the break', () => {
    const bytes = tgz(parts)
    expect(found(bytes.subarray(0, bytes.length / 2))).toMatchObject({
      candidates: [{ path: 'archive!/a.safetensors' }],
      problems: [{ path: 'archive', code: 'truncated' }],
    })
  })

  it('of tar shows what came before the break', () => {
    expect(found(tar(parts).subarray(0, 100_000))).toMatchObject({
      candidates: [{ path: 'archive!/a.safetensors' }],
      problems: [{ code: 'truncated' }],
    })
  })

  it('of zip is told of', () => {
    expect(codes(zip(parts).subarray(0, 100_000))).toEqual(['truncated'])
  })

  it('of gzip is told of when its checksum does not fit', () => {
    const bytes = tgz(parts)
    bytes[bytes.length - 6]! ^= 1
    expect(codes(bytes)).toEqual(['malformed'])
  })

  it('of tar tells of the model that reaches beyond its end', () => {
    expect(found(tar(parts).subarray(0, 560))).toMatchObject({
      candidates: [],
      problems: [{ path: 'archive', code: 'truncated', values: { what: 'archive!/a.safetensors' } }],
    })
  })

  it('of gzip that is no archive is told of by its name alone', () => {
    const bytes = gzipSync('hello')
    expect(discover([folder({ 'a.tgz': bytes, 'hello.gz': bytes })], []).problems).toMatchObject([
      { path: 'a.tgz', code: 'truncated' },
    ])
  })
})

it('a link in an archive is not followed', () => {
  const link = { name: 'm.safetensors', type: '2', link: '/etc/passwd' }
  expect(found(tar([link]))).toMatchObject({ candidates: [], problems: [] })
})

it('a member is not found under the name of a link', () => {
  const index = { name: 'm.safetensors.index.json', bytes: '{"weight_map":{"w":"1.safetensors"}}' }
  const link = { name: '1.safetensors', type: '1', link: '/etc/passwd' }
  expect(() => openArtifact(found(tar([index, link])).candidates[0]!)).toThrow('missing-file')
})
