import { addStep, bitOf, halvesAt, highHalves, leastOf, lowHalves, storeSigned, storeUnsigned } from './block-lanes'
import { halfToFloat } from './decode'

/** ggml's K-quants: 256 elements, in parts with small integer scales under one f16 scale (src/kernel/blocks-k.ts). */

export function decodeQ2K(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 84) {
    const d = halfToFloat(load<u16>(source, 80))
    const dmin = halfToFloat(load<u16>(source, 82))
    for (let part: i32 = 0; part < 16; part++, target += 64) {
      const both = load<u8>(source + part)
      const step = d * <f32>(both & 15)
      addStep(step, 16)
      const packed = v128.load(source + 32 * (part >> 3) + 16 * (part & 1), 16)
      storeUnsigned(target, bitOf(packed, part & 6, 3, 0), f32x4.splat(step), leastOf(dmin * <f32>(both >> 4)))
    }
  }
  return source
}

export function decodeQ3K(source: usize, target: usize, blocks: i32): usize {
  const zero = i8x16.splat(4)
  for (; blocks > 0; blocks--, source += 110) {
    const d = halfToFloat(load<u16>(source, 108))
    for (let part: i32 = 0; part < 16; part++, target += 64) {
      const low = (<i32>load<u8>(source + (part & 7), 96) >> (part < 8 ? 0 : 4)) & 15
      const high = (<i32>load<u8>(source + (part & 3), 104) >> (2 * (part >> 2))) & 3
      const step = d * <f32>((low | (high << 4)) - 32)
      addStep(step, 16)
      const packed = v128.load(source + 32 * (part >> 3) + 16 * (part & 1), 32)
      const third = v128.load(source + 16 * (part & 1))
      const whole = v128.or(bitOf(packed, part & 6, 3, 0), bitOf(third, part >> 1, 1, 2))
      storeSigned(target, i8x16.sub(whole, zero), f32x4.splat(step))
    }
  }
  return source
}

export function decodeQ4K(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 144) {
    const d = halfToFloat(load<u16>(source))
    const dmin = halfToFloat(load<u16>(source, 2))
    for (let part: i32 = 0; part < 8; part += 2, target += 256) {
      const step0 = d * packedScale(source + 4, part)
      const step1 = d * packedScale(source + 4, part + 1)
      addStep(step0, 32)
      addStep(step1, 32)
      const scale0 = f32x4.splat(step0)
      const scale1 = f32x4.splat(step1)
      const least0 = leastOf(dmin * packedMinimum(source + 4, part))
      const least1 = leastOf(dmin * packedMinimum(source + 4, part + 1))
      const first = v128.load(source + 16 * part, 16)
      const second = v128.load(source + 16 * part, 32)
      storeUnsigned(target, lowHalves(first), scale0, least0)
      storeUnsigned(target + 64, lowHalves(second), scale0, least0)
      storeUnsigned(target + 128, highHalves(first), scale1, least1)
      storeUnsigned(target + 192, highHalves(second), scale1, least1)
    }
  }
  return source
}

export function decodeQ5K(source: usize, target: usize, blocks: i32): usize {
  for (; blocks > 0; blocks--, source += 176) {
    const d = halfToFloat(load<u16>(source))
    const dmin = halfToFloat(load<u16>(source, 2))
    const fifth0 = v128.load(source, 16)
    const fifth1 = v128.load(source, 32)
    for (let part: i32 = 0; part < 8; part++, target += 128) {
      const step = d * packedScale(source + 4, part)
      addStep(step, 32)
      const scale = f32x4.splat(step)
      const least = leastOf(dmin * packedMinimum(source + 4, part))
      const at = source + 16 * (part & 6)
      const shift = 4 * (part & 1)
      storeUnsigned(target, v128.or(halvesAt(v128.load(at, 48), shift), bitOf(fifth0, part, 1, 4)), scale, least)
      storeUnsigned(target + 64, v128.or(halvesAt(v128.load(at, 64), shift), bitOf(fifth1, part, 1, 4)), scale, least)
    }
  }
  return source
}

export function decodeQ6K(source: usize, target: usize, blocks: i32): usize {
  const zero = i8x16.splat(32)
  for (; blocks > 0; blocks--, source += 210) {
    const d = halfToFloat(load<u16>(source, 208))
    for (let part: i32 = 0; part < 16; part++, target += 64) {
      const step = d * <f32>load<i8>(source + part, 192)
      addStep(step, 16)
      const half = part >> 3
      const low = v128.load(source + 64 * half + 16 * (part & 3))
      const high = v128.load(source + 32 * half + 16 * (part & 1), 128)
      const whole = v128.or(halvesAt(low, part & 4), bitOf(high, part & 6, 3, 4))
      storeSigned(target, i8x16.sub(whole, zero), f32x4.splat(step))
    }
  }
  return source
}

// @ts-ignore: decorator
@inline
function packedScale(at: usize, part: i32): f32 {
  if (part < 4) return <f32>(load<u8>(at + part) & 63)
  return <f32>((load<u8>(at + part, 4) & 15) | ((load<u8>(at + part - 4) >> 6) << 4))
}

// @ts-ignore: decorator
@inline
function packedMinimum(at: usize, part: i32): f32 {
  if (part < 4) return <f32>(load<u8>(at + part, 4) & 63)
  return <f32>((load<u8>(at + part, 4) >> 4) | ((load<u8>(at + part) >> 6) << 4))
}
