import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openInflater } from '../../src/read/inflate.ts'
import { inflateSource } from '../../src/read/inflate-source.ts'
import { memorySource, readBytes } from '../../src/read/source.ts'
import { problemOf } from '../builders/problems.ts'

/** The stream as a source that should hold `original`. */
function sourceOf(packed: Uint8Array, original: Uint8Array) {
  const stream = {
    source: memorySource('d', packed),
    offset: 0,
    length: packed.length,
    wrapper: 'none',
    name: 'd',
  } as const
  return inflateSource('d', stream, { size: original.length, crc32: crc32(original) })
}

function unpack(packed: Uint8Array, wrapper: 'none' | 'gzip' = 'none'): Uint8Array {
  const stream = { source: memorySource('d', packed), offset: 0, length: packed.length, wrapper, name: 'd' }
  const inflater = openInflater(stream)
  const chunks: Uint8Array[] = []
  for (let chunk = inflater.next(); chunk.length > 0; chunk = inflater.next()) chunks.push(chunk.slice())
  return new Uint8Array(Buffer.concat(chunks))
}

/** Bytes with repetitions near and far, some of them random. */
const compressible = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.array(fc.nat({ max: 60_000 }), { maxLength: 40 }))
  .map(([seed, jumps]) => {
    const parts: Uint8Array[] = [seed]
    for (const jump of jumps) parts.push(new Uint8Array(jump % 3_000).fill(jump), seed.subarray(jump % seed.length))
    return new Uint8Array(Buffer.concat(parts))
  })

const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(0, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE),
  memLevel: fc.integer({ min: 1, max: 9 }),
})

describe('unpacking', () => {
  it('undoes whatever zlib packs', () => {
    fc.assert(
      fc.property(compressible, options, (bytes, how) => {
        expect(unpack(deflateRawSync(bytes, how))).toEqual(bytes)
      }),
      { numRuns: 60 },
    )
  })

  it('undoes several gzip members in a row, with padding behind', () => {
    const [a, b] = [new Uint8Array(100_000).fill(7), Uint8Array.of(1, 2, 3)]
    const packed = Buffer.concat([gzipSync(a), gzipSync(b), new Uint8Array(512)])
    expect(unpack(packed, 'gzip')).toEqual(new Uint8Array(Buffer.concat([a, b])))
  })

  it('refuses a gzip member whose checksum does not fit', () => {
    const packed = gzipSync('weights')
    packed[packed.length - 8]! ^= 1
    expect(problemOf(() => unpack(packed, 'gzip'))).toMatchObject({ values: { reason: 'its checksum does not fit' } })
  })

  it('is truncated wherever the stream is cut', () => {
    const packed = deflateRawSync(Buffer.from('a stream of some length, a stream of some length'))
    const codes = Array.from(
      { length: packed.length },
      (_, length) => problemOf(() => unpack(packed.subarray(0, length))).code,
    )
    expect(new Set(codes)).toEqual(new Set(['truncated']))
  })

  it('refuses to refer back to before the beginning', () => {
    // a fixed block: length 3, distance 1
    expect(problemOf(() => unpack(Uint8Array.of(0x03, 0x02, 0x00)))).toMatchObject({ code: 'malformed' })
  })
})

describe('an unpacked source', () => {
  let random = 7
  const bytes = Uint8Array.from({ length: 3_000_000 }, () => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0
    return (random >>> 24) & 15
  })
  const packed = deflateRawSync(bytes)

  it('can be read in any order', () => {
    const source = sourceOf(packed, bytes)
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 5_000 }), (from, length) => {
        const end = Math.min(bytes.length, from + length)
        expect(readBytes(source, from, end - from, 'd')).toEqual(bytes.slice(from, end))
      }),
      { numRuns: 30 },
    )
  })

  it('goes back without unpacking all from the beginning', () => {
    let read = 0
    const inner = memorySource('d', packed)
    const counting = {
      ...inner,
      readInto(target: Uint8Array, position: number, what: string) {
        read += target.length
        inner.readInto(target, position, what)
      },
    }
    const stream = { source: counting, offset: 0, length: packed.length, wrapper: 'none', name: 'd' } as const
    const source = inflateSource('d', stream, { size: bytes.length, crc32: null })
    readBytes(source, bytes.length - 1_000, 500, 'd')
    const once = read
    readBytes(source, bytes.length - 400_000, 10, 'd')
    expect(read - once).toBeLessThan(packed.length / 2)
  })

  it('is refused when it is read backwards without end', () => {
    const zeros = new Uint8Array(300_000)
    const source = sourceOf(deflateRawSync(zeros), zeros)
    const backwards = () => {
      for (let i = 0; i < 2_000; i++) readBytes(source, i % 2 === 0 ? 299_998 : 0, 1, 'd')
    }
    expect(problemOf(backwards)).toMatchObject({ code: 'limit', values: { what: 'unpacking anew' } })
  })
})
