import { describe, expect, it } from 'vitest'
import { memorySource, readBytes } from '../../src/read/source.ts'
import { memberRange, memberSource, readZip } from '../../src/read/zip.ts'
import { problemOf } from '../builders/problems.ts'
import { type ZipPart, zip } from '../builders/zip.ts'

const open = (bytes: Uint8Array) => readZip(memorySource('a.zip', bytes))

/** A member's bytes as text. */
function textOf(bytes: Uint8Array, name: string): string {
  const archive = open(bytes)
  const source = memberSource(archive, archive.members.get(name)!)
  return new TextDecoder().decode(readBytes(source, 0, source.size, name))
}

/** What is wrong with an archive of these parts, read as far as its members' bytes. */
function refused(parts: readonly ZipPart[], options = {}) {
  return problemOf(() => {
    const archive = open(zip(parts, options))
    for (const member of archive.members.values()) {
      const source = memberSource(archive, member)
      readBytes(source, 0, source.size, member.name)
    }
  })
}

describe('a valid archive', () => {
  const parts = [
    { name: 'folder/a.txt', bytes: 'first' },
    { name: 'b.txt', bytes: 'second, second, second', deflate: true },
  ]

  it('gives stored members', () => {
    expect(textOf(zip(parts), 'folder/a.txt')).toBe('first')
  })

  it('gives deflated members', () => {
    expect(textOf(zip(parts), 'b.txt')).toBe('second, second, second')
  })

  it('may keep its numbers in 64 bits', () => {
    expect(textOf(zip(parts, { zip64: true }), 'b.txt')).toBe('second, second, second')
  })

  it('may end in a comment', () => {
    expect(textOf(zip(parts, { comment: 'made by hand' }), 'folder/a.txt')).toBe('first')
  })

  it('may have no members', () => {
    expect(open(zip([])).members.size).toBe(0)
  })

  it('may have folders', () => {
    expect([...open(zip([{ name: 'folder/' }])).members.keys()]).toEqual(['folder/'])
  })

  it('tells where stored bytes lie in the archive', () => {
    const bytes = zip(parts)
    const archive = open(bytes)
    const { offset, length } = memberRange(archive, archive.members.get('folder/a.txt')!)
    expect(new TextDecoder().decode(bytes.subarray(offset, offset + length))).toBe('first')
  })

  it('may leave sizes out of a local header that says they follow', () => {
    const later = { flags: 0x808, bytes: 0, compressedBytes: 0, crc32: 0 }
    expect(textOf(zip([{ name: 'a', bytes: 'x', says: { flags: 0x808 }, locallySays: later }]), 'a')).toBe('x')
  })
})

describe('names', () => {
  it.each(['/etc/passwd', '../up', 'a/../../up', 'a/./b', 'C:/x', 'a\\b', 'a//b', '', 'a\0b'])('refuses %j', (name) => {
    expect(refused([{ name, bytes: 'x' }])).toMatchObject({ code: 'unsafe-path', values: { name } })
  })

  it('refuses one that stands twice', () => {
    const parts = [
      { name: 'a', bytes: 'x' },
      { name: 'a', bytes: 'y' },
    ]
    expect(refused(parts)).toMatchObject({ code: 'malformed', values: { reason: 'stands twice' } })
  })
})

describe('headers that contradict each other', () => {
  it.each([
    ['name', { name: 'b' }],
    ['size', { bytes: 2, compressedBytes: 2 }],
    ['checksum', { crc32: 1 }],
    ['method', { method: 8 }],
  ])('are refused for their %s', (what, locallySays) => {
    expect(refused([{ name: 'a', bytes: 'x', locallySays }])).toMatchObject({
      code: 'malformed',
      values: { reason: `its two headers differ in ${what}` },
    })
  })
})

describe('a hostile archive', () => {
  it('is refused when members share bytes', () => {
    const parts = [
      { name: 'a', bytes: 'x'.repeat(100) },
      { name: 'b', bytes: 'y', says: { headerOffset: 10 } },
    ]
    expect(refused(parts)).toMatchObject({ code: 'malformed', values: { reason: 'it overlaps what comes after it' } })
  })

  it('is refused when a thousand members are one', () => {
    const kernel = { name: '0', bytes: new Uint8Array(50_000), deflate: true }
    const parts = Array.from({ length: 1_000 }, (_, index) => ({
      ...kernel,
      name: String(index),
      says: { headerOffset: 0 },
    }))
    expect(refused(parts).code).toBe('malformed')
  })

  it('is refused when it would unpack to more than weights ever do', () => {
    const bomb = { name: 'a', bytes: new Uint8Array(80 * 1024 * 1024), deflate: true }
    expect(refused([bomb])).toMatchObject({ code: 'limit', values: { what: 'unpacked bytes of the zip archive' } })
  })

  it('is refused when a member unpacks to more than it says', () => {
    const says = { bytes: 100 }
    expect(refused([{ name: 'a', bytes: new Uint8Array(1_000_000), deflate: true, says }])).toMatchObject({
      code: 'malformed',
      values: { reason: 'unpacks to more than 100 bytes' },
    })
  })

  it('is refused when a member unpacks to less than it says', () => {
    expect(refused([{ name: 'a', bytes: 'x', deflate: true, says: { bytes: 100 } }]).code).toBe('malformed')
  })

  it('is refused when a checksum does not fit', () => {
    expect(refused([{ name: 'a', bytes: 'x', deflate: true, says: { crc32: 1 } }])).toMatchObject({
      values: { reason: 'its checksum does not fit' },
    })
  })

  it.each([2 ** 52, 2 ** 53])('is refused for a size of %s bytes', (bytes) => {
    const says = { bytes, compressedBytes: bytes }
    expect(refused([{ name: 'a', bytes: 'x', says }], { zip64: true }).code).toBe('truncated')
  })

  it('is refused for more members than any model has', () => {
    expect(refused([{ name: 'a' }], { zip64: true, members: 2 ** 40 })).toMatchObject({ code: 'limit' })
  })

  it('is refused for members that are not there', () => {
    expect(refused([{ name: 'a' }], { members: 3 })).toMatchObject({
      values: { reason: '3 members announced, 1 listed' },
    })
  })

  it('is refused for an encrypted member', () => {
    expect(refused([{ name: 'a', bytes: 'x', says: { flags: 1 } }]).code).toBe('unsupported')
  })

  it('is refused wherever it is cut', () => {
    const whole = zip([{ name: 'a', bytes: 'x' }])
    const codes = Array.from(
      { length: whole.length },
      (_, length) => problemOf(() => open(whole.subarray(0, length))).code,
    )
    expect(new Set(codes)).toEqual(new Set(['truncated']))
  })
})
