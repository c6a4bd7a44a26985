import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGguf } from '../../src/read/gguf.ts'
import { ReadError } from '../../src/read/read-error.ts'
import { memorySource } from '../../src/read/source.ts'
import { attention, counting, type GgufParts, ggufFile, joined, string, u32, u64 } from '../builders/gguf.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { unsoundness } from '../builders/soundness.ts'

const read = (bytes: Uint8Array) => readGguf(memorySource('m.gguf', bytes), memorySiblings({}))
const problem = (parts: GgufParts) => problemOf(() => read(ggufFile(parts)))

const q8 = { name: 'blk.0.attn_k.weight', shape: [8, 32], type: 8, data: new Uint8Array(8 * 34) }

/** A small file with something of everything the reader looks at. */
const EVERYTHING = ggufFile({
  metadata: { ...attention(2, 1), 'general.name': 'x', list: [1, 2, 3], words: ['a', 'b'], flag: true },
  tensors: [counting('blk.0.attn_q.weight', [8, 4]), q8, counting('blk.0.ffn_up_exps.weight', [2, 2, 2])],
})

it('any file cut short or changed anywhere is refused or sound', () => {
  const change = fc.record({ at: fc.nat(EVERYTHING.length - 1), byte: fc.nat(255), length: fc.nat(EVERYTHING.length) })
  fc.assert(
    fc.property(change, ({ at, byte, length }) => {
      const bytes = EVERYTHING.slice(0, Math.max(24, length))
      if (at < bytes.length) bytes[at] = byte
      try {
        expect(unsoundness(read(bytes))).toEqual([])
      } catch (error) {
        if (!(error instanceof ReadError)) throw error
      }
    }),
    { numRuns: 2_000 },
  )
})

describe('is refused', () => {
  it.each([
    [1, 'version of GGUF', '1'],
    [0x03000000, 'byte order of GGUF', 'big-endian'],
  ])('version %i', (version, what, value) => {
    expect(problem({ version })).toMatchObject({ code: 'unsupported', values: { what, value } })
  })

  it.each([
    ['as many tensors as a u64 holds', { tensorCount: 2 ** 52 }, 'limit'],
    ['as many metadata entries', { metadataCount: 2 ** 52 }, 'limit'],
    ['more tensors than it lists', { tensorCount: 1 }, 'truncated'],
    ['an alignment of zero', { metadata: { 'general.alignment': 0 } }, 'malformed'],
    ['an alignment of three', { metadata: { 'general.alignment': 3 } }, 'malformed'],
    ['an alignment in words', { metadata: { 'general.alignment': 'wide' } }, 'malformed'],
    ['a list longer than any vocabulary', { metadata: { list: longList(0) } }, 'limit'],
    ['lists in lists without end', { metadata: { list: nested(6) } }, 'limit'],
    ['a value of a type that is none', { metadata: { x: { type: 13, bytes: u32(0) } } }, 'malformed'],
    ['a string longer than the file', { metadata: { x: { type: 8, bytes: u64(2 ** 40) } } }, 'truncated'],
    ['a string longer than any number', { metadata: { x: { type: 8, bytes: u64(2n ** 63n) } } }, 'limit'],
  ] as const)('%s', (_, parts, code) => {
    expect(problem(parts as GgufParts)).toMatchObject({ code })
  })

  it.each([
    ['that stands twice', [counting('a', [2]), counting('a', [2])], 'malformed'],
    ['that overlaps another', [counting('a', [8]), { ...counting('b', [8]), offset: 0 }], 'malformed'],
    ['that is not aligned', [{ ...counting('a', [2]), offset: 4 }], 'malformed'],
    ['beyond the file', [{ ...counting('a', [2]), offset: 1 << 20 }], 'truncated'],
    ['larger than the file', [{ ...counting('a', [2]), shape: [1 << 20] }], 'truncated'],
    ['of more elements than any disk holds', [{ ...counting('a', [2]), shape: [2 ** 40, 2 ** 40] }], 'limit'],
    ['of five axes', [{ ...counting('a', [1]), shape: [1, 1, 1, 1, 1] }], 'limit'],
    ['with half a block in a row', [{ ...q8, shape: [17, 16] }], 'malformed'],
  ] as const)('a tensor %s', (_, tensors, code) => {
    expect(problem({ tensors: [...tensors] })).toMatchObject({ code })
  })

  it('a metadata key that stands twice', () => {
    const bytes = ggufFile({ metadata: { x: 1 }, metadataCount: 2 })
    const twice = joined([bytes.subarray(0, 24), string('x'), u32(4), u32(1), string('x'), u32(4), u32(1), bytes])
    expect(problemOf(() => read(twice))).toMatchObject({ code: 'malformed', values: { what: 'x' } })
  })

  it('a split of more files than any release has', () => {
    expect(problem({ metadata: { 'split.count': 5_000 } })).toMatchObject({ code: 'limit' })
  })
})

/** An array of `type` that says it has 2⁴⁰ items. */
function longList(type: number) {
  return { type: 9, bytes: joined([u32(type), u64(2 ** 40)]) }
}

function nested(depth: number) {
  return { type: 9, bytes: joined([...Array.from({ length: depth }, () => joined([u32(9), u64(1)])), u32(0), u64(0)]) }
}
