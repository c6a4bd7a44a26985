import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BF16,
  F16,
  F32,
  F64,
  f16ToF32Word,
  f32WordToF16,
  fittingTypes,
  narrowest,
  roundTo,
} from '../../src/kernel/exact.ts'

const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
const f64 = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer)

test.each([
  { name: 'integers below 256', values: [1, -3, 255, 0], flags: F64 | F32 | F16 | BF16 },
  { name: 'what needs nine bits', values: [257], flags: F64 | F32 | F16 },
  { name: 'what is beyond the range of f16', values: [2 ** 20], flags: F64 | F32 | BF16 },
  { name: 'the least subnormal of f16', values: [2 ** -24], flags: F64 | F32 | F16 | BF16 },
  { name: 'half of the least subnormal of f16', values: [2 ** -25], flags: F64 | F32 | BF16 },
  { name: 'a subnormal of f16 with ten bits', values: [513 * 2 ** -24], flags: F64 | F32 | F16 },
  { name: 'infinities and NaN', values: [Infinity, -Infinity, Number.NaN], flags: F64 | F32 | F16 | BF16 },
  { name: 'a third', values: [1 / 3], flags: F64 | F32 },
])('knows which types hold $name', ({ values, flags }) => {
  expect(fittingTypes(f32(...values), 'f32')).toBe(flags)
})

test('knows that f64 may hold more than f32', () => {
  expect([fittingTypes(f64(0.1), 'f64'), fittingTypes(f64(0.5), 'f64')]).toEqual([F64, F64 | F32 | F16 | BF16])
})

test('prefers bf16 to f16 where both hold the values', () => {
  expect([narrowest(BF16 | F16 | F32), narrowest(F16 | F32), narrowest(F32 | F64), narrowest(F64)]).toEqual([
    'bf16',
    'f16',
    'f32',
    'f64',
  ])
})

test('widens every binary16 half to the binary32 word that narrows back to it', () => {
  for (let half = 0; half < 65_536; half++) expect(f32WordToF16(f16ToF32Word(half))).toBe(half)
})

// Computed with NumPy 2.4.6 (np.float16) and ml_dtypes (bfloat16).
test.each([
  { value: 1 / 3, f16: 0.333251953125, bf16: 0.333984375 },
  { value: 65_519, f16: 65_504, bf16: 65_536 },
  { value: 65_520, f16: Number.POSITIVE_INFINITY, bf16: 65_536 },
  { value: 2 ** -25, f16: 0, bf16: 2 ** -25 },
  { value: 1.0009765625 + 2 ** -11, f16: 1.001953125, bf16: 1 },
  { value: -2049, f16: -2048, bf16: -2048 },
  { value: 2051, f16: 2052, bf16: 2048 },
])('rounds $value to nearest, ties to even', ({ value, f16, bf16 }) => {
  expect([roundTo(value, 'f16'), roundTo(value, 'bf16')]).toEqual([f16, bf16])
})

test('rounding is idempotent and monotonic in every type', () => {
  fc.assert(
    fc.property(
      fc.float({ noNaN: true }),
      fc.float({ noNaN: true }),
      fc.constantFrom('f16', 'bf16', 'f32'),
      (a, b, to) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((value) => roundTo(value, to)) as [number, number]
        return low <= high && roundTo(low, to) === low
      },
    ),
  )
})
