import { addStep, closeRange, highHalves, leastOf, lowHalves, openRange, storeSigned, storeUnsigned } from './block-lanes'
import { decodeQ2K, decodeQ3K, decodeQ4K, decodeQ5K, decodeQ6K } from './blocks-k'
import { halfToFloat } from './decode'

/**
 * The block encodings decoded here; src/kernel/blocks.ts has their layouts and is the reference. Every product and every
 * difference is rounded on its own, so both give the same bits.
 */
export const Q8_0: i32 = 9
export const Q4_0: i32 = 10
export const Q4_1: i32 = 11
export const Q4_K: i32 = 12
export const Q5_K: i32 = 13
export const Q6_K: i32 = 14
export const Q5_0: i32 = 15
export const Q5_1: i32 = 16
export const Q2_K: i32 = 17
export const Q3_K: i32 = 18
export const IQ4_NL: i32 = 19
export const IQ4_XS: i32 = 20
export const MXFP4: i32 = 21

export function isBlocks(kind: i32): bool {
  return kind >= Q8_0
}

/** Decodes `count` elements, whole blocks, to f32 at `target`, and returns the address after the last block. */
export function decodeBlocks(kind: i32, source: usize, target: usize, count: i32): usize {
  openRange()
  const next = decodeKind(kind, source, target, count)
  closeRange()
  return next
}

function decodeKind(kind: i32, source: usize, target: usize, count: i32): usize {
  if (kind == Q8_0) return decodeBytes(source, target, count >> 5)
  if (kind == Q4_0) return decodeHalves(source, target, count >> 5)
  if (kind == Q4_1) return decodeRaisedHalves(source, target, count >> 5)
  if (kind == Q4_K) return decodeQ4K(source, target, count >> 8)
  if (kind == Q5_K) return decodeQ5K(source, target, count >> 8)
  if (kind == Q6_K) return decodeQ6K(source, target, count >> 8)
  if (kind == Q5_0) return decodeFives(source, target, count >> 5)
  if (kind == Q5_1) return decodeRaisedFives(source, target, count >> 5)
  if (kind == Q2_K) return decodeQ2K(source, target, count >> 8)
  if (kind == Q3_K) return decodeQ3K(source, target, count >> 8)
  if (kind == IQ4_NL) return decodeLevels(source, target, count >> 5)
  if (kind == IQ4_XS) return decodeScaledLevels(source, target, count >> 8)
  return decodeFloats4(source, target, count >> 5)
}

function decodeBytes(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 34, target += 128) {
    const d = halfToFloat(load<u16>(source))
    addStep(d, 32)
    const scale = f32x4.splat(d)
    storeSigned(target, v128.load(source, 2), scale)
    storeSigned(target + 64, v128.load(source, 18), scale)
  }
  return source
}

function decodeHalves(source: usize, target: usize, blocks: i32): usize {
  const eight = i8x16.splat(8)
  for (; blocks > 0; blocks--, source += 18, target += 128) {
    const d = halfToFloat(load<u16>(source))
    addStep(d, 32)
    const scale = f32x4.splat(d)
    const both = v128.load(source, 2)
    storeSigned(target, i8x16.sub(lowHalves(both), eight), scale)
    storeSigned(target + 64, i8x16.sub(highHalves(both), eight), scale)
  }
  return source
}

function decodeRaisedHalves(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 20, target += 128) {
    const d = halfToFloat(load<u16>(source))
    addStep(d, 32)
    const scale = f32x4.splat(d)
    // x + m and x − (−m) are the same bits
    const least = leastOf(-halfToFloat(load<u16>(source, 2)))
    const both = v128.load(source, 4)
    storeUnsigned(target, lowHalves(both), scale, least)
    storeUnsigned(target + 64, highHalves(both), scale, least)
  }
  return source
}

function decodeFives(source: usize, target: usize, blocks: i32): usize {
  const zero = i8x16.splat(16)
  for (; blocks > 0; blocks--, source += 22, target += 128) {
    const d = halfToFloat(load<u16>(source))
    addStep(d, 32)
    const scale = f32x4.splat(d)
    const fifths = v128.load32_zero(source, 2)
    const both = v128.load(source, 6)
    storeSigned(target, i8x16.sub(v128.or(lowHalves(both), firstFifths(fifths)), zero), scale)
    storeSigned(target + 64, i8x16.sub(v128.or(highHalves(both), lastFifths(fifths)), zero), scale)
  }
  return source
}

function decodeRaisedFives(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 24, target += 128) {
    const d = halfToFloat(load<u16>(source))
    addStep(d, 32)
    const scale = f32x4.splat(d)
    const least = leastOf(-halfToFloat(load<u16>(source, 2)))
    const fifths = v128.load32_zero(source, 4)
    const both = v128.load(source, 8)
    storeUnsigned(target, v128.or(lowHalves(both), firstFifths(fifths)), scale, least)
    storeUnsigned(target + 64, v128.or(highHalves(both), lastFifths(fifths)), scale, least)
  }
  return source
}

function decodeLevels(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 18, target += 128) {
    const d = halfToFloat(load<u16>(source))
    addStep(d, 32 * IQ4_GAP_SQUARED)
    storeLevels(target, v128.load(source, 2), iq4Levels(), f32x4.splat(d))
  }
  return source
}

function decodeScaledLevels(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 136) {
    const d = halfToFloat(load<u16>(source))
    const upper = <i32>load<u16>(source, 2)
    for (let part: i32 = 0; part < 8; part++, target += 128) {
      const low = (<i32>load<u8>(source + (part >> 1), 4) >> (4 * (part & 1))) & 15
      const step = d * <f32>((low | (((upper >> (2 * part)) & 3) << 4)) - 32)
      addStep(step, 32 * IQ4_GAP_SQUARED)
      storeLevels(target, v128.load(source + 16 * part, 8), iq4Levels(), f32x4.splat(step))
    }
  }
  return source
}

function decodeFloats4(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 17, target += 128) {
    const exponent = <u32>load<u8>(source)
    const d = reinterpret<f32>(exponent < 2 ? 0x00200000 << exponent : (exponent - 1) << 23)
    addStep(d, 32 * FP4_GAP_SQUARED)
    storeLevels(target, v128.load(source, 1), fp4Levels(), f32x4.splat(d))
  }
  return source
}

/** Mean squares of the gaps between the levels, as src/kernel/blocks-codebook.ts has them. */
const IQ4_GAP_SQUARED: f64 = 4094.0 / 15.0
const FP4_GAP_SQUARED: f64 = 4

// @ts-ignore: decorator
@inline
function iq4Levels(): v128 {
  return i8x16(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)
}

// @ts-ignore: decorator
@inline
function fp4Levels(): v128 {
  return i8x16(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12)
}

// @ts-ignore: decorator
@inline
function storeLevels(target: usize, both: v128, levels: v128, scale: v128): void {
  storeSigned(target, i8x16.swizzle(levels, lowHalves(both)), scale)
  storeSigned(target + 64, i8x16.swizzle(levels, highHalves(both)), scale)
}

/** 16 where bit i of the four bytes is set, for i from 0 to 15. */
// @ts-ignore: decorator
@inline
function firstFifths(bytes: v128): v128 {
  return fifthsOf(i8x16.swizzle(bytes, i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)))
}

/** For i from 16 to 31. */
// @ts-ignore: decorator
@inline
function lastFifths(bytes: v128): v128 {
  return fifthsOf(i8x16.swizzle(bytes, i8x16(2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3)))
}

// @ts-ignore: decorator
@inline
function fifthsOf(bytes: v128): v128 {
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128)
  return v128.and(i8x16.eq(v128.and(bytes, bits), bits), i8x16.splat(16))
}
