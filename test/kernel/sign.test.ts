import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sign } from '../../src/kernel/sign.ts'

/** splitmix64 word by word, after Vigna's public-domain splitmix64.c, whose first output for seed 0 is 0xe220a8397b1dcdaf. */
function splitmix64(index: bigint): bigint {
  let z = BigInt.asUintN(64, index + 0x9e3779b97f4a7c15n)
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  return z ^ (z >> 31n)
}

test('the reference gives the published first output', () => {
  expect(splitmix64(0n)).toBe(0xe220a8397b1dcdafn)
})

test('the first sixteen signs are these', () => {
  expect(Array.from({ length: 16 }, (_, index) => sign(index))).toEqual([
    1, 1, -1, 1, -1, -1, -1, 1, -1, -1, -1, 1, 1, 1, -1, 1,
  ])
})

test('a sign is bit 0 of splitmix64 at any whole number', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (index) => {
      expect(sign(index)).toBe(splitmix64(BigInt(index)) & 1n ? 1 : -1)
    }),
    { numRuns: 2_000 },
  )
})

test('signs of small numbers are bit 0 of splitmix64', () => {
  for (let index = 0; index < 5_000; index++) expect(sign(index)).toBe(splitmix64(BigInt(index)) & 1n ? 1 : -1)
})
