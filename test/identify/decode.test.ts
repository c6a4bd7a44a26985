import { expect, it } from 'vitest'
import { elementWidth, float8Values, integers, isFloat, isNibble, spreadNibbles } from '../../src/identify/decode.ts'
import { ELEMENT_BITS, type ElementType } from '../../src/read/model-file.ts'
import { bytesOf } from '../builders/tensor.ts'

const ELEMENTS = Object.keys(ELEMENT_BITS) as ElementType[]

it('takes the floats, and nothing else, for floats', () => {
  expect(ELEMENTS.filter(isFloat)).toEqual(['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2'])
})

it('counts a byte for elements of half a byte, which are spread', () => {
  expect(ELEMENTS.filter(isNibble).map(elementWidth)).toEqual([1, 1])
})

it.each([
  { element: 'i8', stored: Int8Array.of(-128, 127) },
  { element: 'u8', stored: Uint8Array.of(0, 255) },
  { element: 'i16', stored: Int16Array.of(-32_768, 32_767) },
  { element: 'u16', stored: Uint16Array.of(0, 65_535) },
  { element: 'i32', stored: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
  { element: 'u32', stored: Uint32Array.of(0, 2 ** 32 - 1) },
  { element: 'i64', stored: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  { element: 'u64', stored: BigUint64Array.of(0n, 2n ** 64n - 1n) },
  { element: 'bool', stored: Uint8Array.of(0, 1) },
] as const)('reads the ends of the range of $element', ({ element, stored }) => {
  expect(Array.from(integers(bytesOf(stored), element))).toEqual([...stored])
})

it('reads spread signed halves of bytes with their sign', () => {
  const spread = spreadNibbles(Uint8Array.of(0x80, 0xf7), true)
  expect(Array.from(integers(spread, 'i4'))).toEqual([0, -8, 7, -1])
})

it('spreads unsigned halves of bytes low half first', () => {
  expect([...spreadNibbles(Uint8Array.of(0x80, 0xf7), false)]).toEqual([0, 8, 7, 15])
})

// Micikevicius et al., "FP8 formats for deep learning", 2022, table 1
it.each([
  { element: 'f8e4m3', what: 'greatest', byte: 0x7e, value: 448 },
  { element: 'f8e4m3', what: 'least normal', byte: 0x08, value: 2 ** -6 },
  { element: 'f8e4m3', what: 'least subnormal', byte: 0x01, value: 2 ** -9 },
  { element: 'f8e4m3', what: 'least', byte: 0xfe, value: -448 },
  { element: 'f8e4m3', what: 'not-a-number', byte: 0x7f, value: Number.NaN },
  { element: 'f8e5m2', what: 'greatest', byte: 0x7b, value: 57_344 },
  { element: 'f8e5m2', what: 'least normal', byte: 0x04, value: 2 ** -14 },
  { element: 'f8e5m2', what: 'least subnormal', byte: 0x01, value: 2 ** -16 },
  { element: 'f8e5m2', what: 'negative infinite', byte: 0xfc, value: Number.NEGATIVE_INFINITY },
  { element: 'f8e5m2', what: 'not-a-number', byte: 0xfd, value: Number.NaN },
] as const)('reads the $what $element value', ({ element, byte, value }) => {
  expect(float8Values(Uint8Array.of(byte), element)[0]).toBe(value)
})
