import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldsOf, inside, signed64, type WireField, wholeFile, wireOf } from '../../src/read/protobuf.ts'
import { type ByteSource, memorySource } from '../../src/read/source.ts'
import { bytesField, join, varint, varintField } from '../builders/protobuf.ts'

function fields(bytes: Uint8Array): WireField[] {
  const source = memorySource('p', bytes)
  return [...fieldsOf(wireOf(source), wholeFile(source), 'message')]
}

it('every signed 53-bit varint is read as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }), (value) => {
      expect(fields(varintField(1, value))[0]?.value).toBe(value)
    }),
  )
})

it('a varint of 2^63 reads as negative, as a signed 64-bit number', () => {
  expect(fields(varintField(1, 2n ** 63n))[0]?.value).toBe(-(2 ** 63))
})

it('the halves of a varint make one signed number', () => {
  expect(signed64(0xffff_ffff, 0xffff_ffff)).toBe(-1)
})

it('a payload is told by where it stands', () => {
  expect(fields(bytesField(3, Uint8Array.of(7, 8)))).toEqual([
    { number: 3, wire: 'bytes', value: 0, offset: 2, length: 2 },
  ])
})

it('payloads are passed over without being read', () => {
  const head = join(varint(9 * 8 + 2), varint(2 ** 31))
  const tail = varintField(1, 5)
  const reads: number[] = []
  const size = head.length + 2 ** 31 + tail.length
  const source: ByteSource = {
    path: 'big',
    size,
    close() {},
    readInto(target, position) {
      reads.push(target.length)
      for (let i = 0; i < target.length; i++) {
        const at = position + i
        target[i] = at < head.length ? head[at]! : (tail[at - head.length - 2 ** 31] ?? 0)
      }
    },
  }
  expect([...fieldsOf(wireOf(source), wholeFile(source), 'message')].map((field) => field.number)).toEqual([9, 1])
  expect(reads.reduce((sum, length) => sum + length, 0)).toBeLessThan(64 * 1024)
})

describe('a message is refused', () => {
  it.each([
    ['with a number of 11 bytes', Uint8Array.of(8, ...Array.from({ length: 10 }, () => 0x80), 1), 'malformed'],
    ['with field number 0', Uint8Array.of(0, 0), 'malformed'],
    ['with a field number beyond 29 bits', join(varint(2n ** 35n), varint(0)), 'malformed'],
    ['with a group', Uint8Array.of(0x0b, 0x0c), 'malformed'],
    ['that ends in a number', Uint8Array.of(8, 0x80), 'truncated'],
    ['that ends in a payload', Uint8Array.of(0x0a, 5, 1), 'truncated'],
    ['with a payload of 2^63 bytes', join(Uint8Array.of(0x0a), varint(2n ** 63n)), 'truncated'],
    ['with a payload of 2^64 - 1 bytes', join(Uint8Array.of(0x0a), varint(2n ** 64n - 1n)), 'truncated'],
  ])('%s', (_, bytes, code) => {
    expect(() => fields(bytes)).toThrow(expect.objectContaining({ problem: expect.objectContaining({ code }) }))
  })
})

it('a field that leads out of its message, but not out of the file, is malformed', () => {
  const source = memorySource('p', join(bytesField(1, Uint8Array.of(0x0a, 5)), new Uint8Array(9)))
  const wire = wireOf(source)
  const [field] = fieldsOf(wire, { start: 0, end: 4, depth: 0 }, 'outer')
  const inner = inside(wire, wholeFile(source), field!, 'inner')
  expect(() => [...fieldsOf(wire, inner, 'inner')]).toThrow(/malformed/)
})
