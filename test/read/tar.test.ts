import { describe, expect, it } from 'vitest'
import { memorySource } from '../../src/read/source.ts'
import { looksLikeTar, tarMembers } from '../../src/read/tar.ts'
import { longName, pax, type TarPart, tar } from '../builders/archive.ts'
import { problemOf } from '../builders/problems.ts'

const list = (bytes: Uint8Array) => [...tarMembers(memorySource('a.tar', bytes))]
const names = (...parts: TarPart[]) => list(tar(parts)).map(({ name }) => name)
const refused = (...parts: TarPart[]) => problemOf(() => list(tar(parts)))

describe('a tar archive', () => {
  it('lists its files with their sizes and places', () => {
    expect(
      list(
        tar([
          { name: 'a', bytes: 'first' },
          { name: 'b/c', bytes: 'second' },
        ]),
      ),
    ).toEqual([
      { name: 'a', size: 5, place: { kind: 'range', offset: 512 } },
      { name: 'b/c', size: 6, place: { kind: 'range', offset: 1_536 } },
    ])
  })

  it('joins a name to its prefix', () => {
    expect(names({ name: 'm.onnx', says: { prefix: 'deep/folder' } })).toEqual(['deep/folder/m.onnx'])
  })

  it('has no prefix in the form of GNU, where times stand there', () => {
    expect(names({ name: 'm.onnx', says: { magic: 'ustar  \0', prefix: '14000000000' } })).toEqual(['m.onnx'])
  })

  it('takes a path from a pax header', () => {
    expect(names(pax({ path: 'a/'.repeat(200) }), { name: 'cut' }, { name: 'next' })).toEqual(['next'])
    expect(names(pax({ path: `${'a/'.repeat(200)}m` }), { name: 'cut' })[0]).toHaveLength(401)
  })

  it('takes a size from a pax header', () => {
    const parts = [pax({ size: '3' }), { name: 'a', bytes: 'abc', says: { size: '00000000000\0' } }, { name: 'b' }]
    expect(list(tar(parts)).map(({ name, size }) => [name, size])).toEqual([
      ['a', 3],
      ['b', 0],
    ])
  })

  it('applies a global pax header to all that follow', () => {
    expect(names(pax({ path: 'one' }, 'g'), { name: 'a' }, { name: 'b' })).toEqual(['one', 'one'])
  })

  it('takes a long name of GNU', () => {
    expect(names(longName(`${'long/'.repeat(30)}name`), { name: 'long/long' }, { name: 'b' })[0]).toHaveLength(154)
  })

  it('reads a size in base 256', () => {
    const size = Buffer.alloc(12)
    size[0] = 0x80
    size[11] = 3
    expect(list(tar([{ name: 'a', bytes: 'abc', says: { size: size.toString('latin1') } }]))[0]?.size).toBe(3)
  })

  it.each(['1', '2', '3', '4', '5', '6'])('passes over what is of type %s, whatever size it claims', (type) => {
    expect(names({ name: 'l', type, link: '/etc/passwd', says: { size: '00000007777\0' } }, { name: 'a' })).toEqual([
      'a',
    ])
  })

  it('goes on behind a single empty block', () => {
    const first = tar([{ name: 'a' }]).subarray(0, 1_024)
    expect(list(new Uint8Array(Buffer.concat([first, tar([{ name: 'b' }])]))).map(({ name }) => name)).toEqual([
      'a',
      'b',
    ])
  })

  it('ends without the empty blocks too', () => {
    expect(list(tar([{ name: 'a' }]).subarray(0, 512)).map(({ name }) => name)).toEqual(['a'])
  })

  it('is known by its checksum', () => {
    expect(looksLikeTar(tar([{ name: 'a', says: { magic: '' } }]))).toBe(true)
    expect(looksLikeTar(new TextEncoder().encode('x'.repeat(512)))).toBe(false)
  })
})

describe('a hostile tar archive', () => {
  it('is refused when a checksum is wrong', () => {
    expect(refused({ name: 'a' }, { name: 'b', says: { checksum: '000000\0 ' } }).code).toBe('malformed')
  })

  it('is refused when a size is no number', () => {
    expect(refused({ name: 'a', says: { size: 'plenty' } }).code).toBe('malformed')
  })

  it('is refused when a size is beyond all numbers', () => {
    expect(refused({ name: 'a', says: { size: '\x80'.padEnd(12, '\xff') } }).code).toBe('malformed')
  })

  it('is refused when a header extension is larger than any', () => {
    expect(refused({ name: 'x', type: 'x', says: { size: '77777777777\0' } }).code).toBe('limit')
  })

  it('is refused when a pax header is not in records', () => {
    expect(refused({ name: 'x', type: 'x', bytes: '99 path=a\n' }).code).toBe('malformed')
  })

  it.each([
    ['a sparse file of GNU', [{ name: 'a', type: 'S' }]],
    ['a sparse file in pax', [pax({ 'GNU.sparse.major': '1' }), { name: 'a' }]],
    ['one of several volumes', [{ name: 'a', type: 'M' }]],
  ])('is not read when it has %s', (_, parts) => {
    expect(refused(...parts).code).toBe('unsupported')
  })
})
