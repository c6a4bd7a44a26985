import { BLOCK_LAYOUTS } from '../contract/block-scheme.ts'
import { f32WordToF16, roundTo } from '../kernel/exact.ts'

/** Block schemes that round every value to the nearest step of a scale that the block alone gives. */
export const NEAREST_SCHEMES = ['Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1'] as const
export type NearestScheme = (typeof NEAREST_SCHEMES)[number]

export function isNearestScheme(scheme: string): scheme is NearestScheme {
  return NEAREST_SCHEMES.some((known) => known === scheme)
}

/** Elements of a block of each of them. */
const BLOCK = 32

/**
 * Writes the block that ggml makes of 32 values (quantize_row_*_ref of ggml-quants.c, as published with gguf.quants) at byte `at`. Every
 * operation is rounded to binary32; `fused`: x · 1/d + ½ as one operation, which compilers for most processors make of it.
 */
export function quantiseBlock(
  scheme: NearestScheme,
  values: Float32Array,
  from: number,
  fused: boolean,
  out: Uint8Array,
  at: number,
): void {
  out.fill(0, at, at + BLOCK_LAYOUTS[scheme].bytes)
  switch (scheme) {
    case 'Q8_0':
      writeQ80(values, from, out, at)
      break
    case 'Q4_0':
      writeSymmetric(values, from, 8, fused, out, at)
      break
    case 'Q5_0':
      writeSymmetric(values, from, 16, fused, out, at)
      break
    case 'Q4_1':
      writeFromLeast(values, from, 15, fused, out, at)
      break
    case 'Q5_1':
      writeFromLeast(values, from, 31, fused, out, at)
      break
  }
}

/** The greatest size is 127 steps; halves are rounded away from zero (roundf). */
function writeQ80(values: Float32Array, from: number, out: Uint8Array, at: number): void {
  let most = 0
  for (let i = 0; i < BLOCK; i++) most = Math.max(most, Math.abs(values[from + i]!))
  const d = Math.fround(most / 127)
  const inverse = d === 0 ? 0 : Math.fround(1 / d)
  writeHalf(d, out, at)
  for (let i = 0; i < BLOCK; i++) {
    const scaled = Math.fround(values[from + i]! * inverse)
    out[at + 2 + i] = scaled < 0 ? -Math.floor(0.5 - scaled) : Math.floor(scaled + 0.5)
  }
}

/** The value of the greatest size, the first of several, is −`middle` steps. */
function writeSymmetric(
  values: Float32Array,
  from: number,
  middle: 8 | 16,
  fused: boolean,
  out: Uint8Array,
  at: number,
): void {
  let most = 0
  for (let i = 0; i < BLOCK; i++) if (Math.abs(values[from + i]!) > Math.abs(most)) most = values[from + i]!
  const d = Math.fround(most / -middle)
  const inverse = d === 0 ? 0 : Math.fround(1 / d)
  writeHalf(d, out, at)
  const codes = at + (middle === 8 ? 2 : 6)
  for (let i = 0; i < BLOCK; i++) {
    const steps = roundedSteps(values[from + i]!, inverse, middle + 0.5, fused)
    writeCode(Math.min(2 * middle - 1, steps), i, middle === 8 ? -1 : at + 2, codes, out)
  }
}

/** The least value is 0 steps, the greatest all of them. */
function writeFromLeast(
  values: Float32Array,
  from: number,
  steps: 15 | 31,
  fused: boolean,
  out: Uint8Array,
  at: number,
): void {
  let [least, most] = [values[from]!, values[from]!]
  for (let i = 1; i < BLOCK; i++) {
    if (values[from + i]! < least) least = values[from + i]!
    if (values[from + i]! > most) most = values[from + i]!
  }
  const d = Math.fround(Math.fround(most - least) / steps)
  const inverse = d === 0 ? 0 : Math.fround(1 / d)
  writeHalf(d, out, at)
  writeHalf(least, out, at + 2)
  const codes = at + (steps === 15 ? 4 : 8)
  for (let i = 0; i < BLOCK; i++) {
    const code = roundedSteps(Math.fround(values[from + i]! - least), inverse, 0.5, fused)
    writeCode(Math.min(steps, code), i, steps === 15 ? -1 : at + 4, codes, out)
  }
}

/** trunc(value · inverse + add); all operands give no negative sums. */
function roundedSteps(value: number, inverse: number, add: number, fused: boolean): number {
  const product = fused ? value * inverse : Math.fround(value * inverse)
  return Math.trunc(Math.fround(product + add))
}

/** Low halves of the bytes are the first sixteen codes, high halves the rest; fifth bits stand apart, from `fifth` on. */
function writeCode(code: number, index: number, fifth: number, codes: number, out: Uint8Array): void {
  out[codes + (index & 15)]! |= index < 16 ? code & 15 : (code & 15) << 4
  if (fifth >= 0) out[fifth + (index >> 3)]! |= (code >> 4) << (index & 7)
}

const ONE = new Float32Array(1)
const WORD = new Uint32Array(ONE.buffer)

function writeHalf(value: number, out: Uint8Array, at: number): void {
  ONE[0] = roundTo(value, 'f16')
  const half = f32WordToF16(WORD[0]!)
  out[at] = half & 255
  out[at + 1] = half >> 8
}

/** Whether two blocks stand for the same; a scale of zero has a sign that depends on the order in which zeros were compared. */
export function isSameBlock(scheme: NearestScheme, a: Uint8Array, b: Uint8Array): boolean {
  const codes = scheme === 'Q4_1' || scheme === 'Q5_1' ? 4 : 2
  for (let at = codes; at < a.length; at++) if (a[at] !== b[at]) return false
  for (let at = 0; at < codes; at += 2) {
    const [x, y] = [a[at]! | (a[at + 1]! << 8), b[at]! | (b[at + 1]! << 8)]
    if (x !== y && ((x | y) & 0x7fff) !== 0) return false
  }
  return true
}
