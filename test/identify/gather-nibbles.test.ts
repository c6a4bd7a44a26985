import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gatherNibbles } from '../../src/identify/gather-nibbles.ts'
import { plainView, type TensorView } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { inline, naiveOrder } from '../builders/tensor.ts'
import { views } from '../builders/views.ts'

/** `count` elements 0, 1, … 15, 0 … two to a byte, low half first. */
function packed(count: number): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(count / 2) }, (_, i) => ((2 * i) % 16) | (((2 * i + 1) % 16) << 4))
}

function gathered(element: 'u4' | 'i4', view: TensorView, bytes: Uint8Array): number[] {
  const signs = element === 'i4' ? Int8Array : Uint8Array
  return [...gatherNibbles(inline([], bytes, { view, element }), [])].flatMap((strip) => [...new signs(strip.buffer)])
}

it('gives the elements of any view in its order', () => {
  fc.assert(
    fc.property(views(), ({ stored, view }) => {
      expect(gathered('u4', view, packed(stored))).toEqual(naiveOrder(view).map((offset) => offset % 16))
    }),
    { numRuns: 300 },
  )
})

it('gives the upper eight of signed elements as −8 to −1', () => {
  expect(gathered('i4', plainView([16]), packed(16))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1])
})

it('starts in the middle of a byte where the view does', () => {
  expect(gathered('u4', { shape: [3], strides: [1], start: 1, rowAxes: 1 }, packed(4))).toEqual([1, 2, 3])
})

it('puts the pieces of a tensor of 5 MB together', () => {
  const view = { ...plainView([9_999_999]), start: 1 }
  const bytes = packed(10_000_000)
  const data = { kind: 'ranges' as const, ranges: [{ file: 0, offset: 0, length: bytes.length }] }
  const tensor = inline([], new Uint8Array(0), { view, element: 'u4', data })
  let at = 1
  for (const piece of gatherNibbles(tensor, [memorySource('f', bytes)]))
    for (const value of piece) if (value !== at++ % 16) throw new Error(`element ${at - 2} is ${value}`)
  expect(at).toBe(10_000_000)
})
