import { halvesToFloats } from './lanes'
import { GROUP, RANGE } from './layout'

export const F32: i32 = 0
export const F16: i32 = 1
export const BF16: i32 = 2
export const F64: i32 = 3
export const I8: i32 = 4
export const U8: i32 = 5
export const I16: i32 = 6
export const U16: i32 = 7
export const I32: i32 = 8

export function elementBytes(kind: i32): i32 {
  if (kind == F64) return 8
  if (kind == F32 || kind == I32) return 4
  if (kind == I8 || kind == U8) return 1
  return 2
}

let scaled: bool = false
let scale: f32 = 1
let zero: f32 = 0

/** What integers decoded from now on stand for: themselves, or (stored − zero) · scale in f32. */
export function setScale(isScaled: bool, factor: f32, offset: f32): void {
  scaled = isScaled
  scale = isScaled ? factor : 1
  zero = isScaled ? offset : 0
}

/** The value of one stored element, of any encoding. */
export function decodeOne(kind: i32, at: usize): f64 {
  if (kind == F32) return <f64>load<f32>(at)
  if (kind == F64) return load<f64>(at)
  if (kind == F16) return <f64>halfToFloat(load<u16>(at))
  if (kind == BF16) return <f64>brainToFloat(load<u16>(at))
  const stored = storedInteger(kind, at)
  return scaled ? <f64>(<f32>(<f64>stored - <f64>zero) * scale) : <f64>stored
}

function storedInteger(kind: i32, at: usize): i32 {
  if (kind == I8) return load<i8>(at)
  if (kind == U8) return load<u8>(at)
  if (kind == I16) return load<i16>(at)
  if (kind == U16) return load<u16>(at)
  return load<i32>(at)
}

// @ts-ignore: decorator
@inline
export function brainToFloat(bits: u32): f32 {
  return reinterpret<f32>(bits << 16)
}

/** Half to single: shift the exponent into place, then scale by 2^(127 − 15), which also normalises subnormals. */
export function halfToFloat(bits: u32): f32 {
  const magnitude = bits & 0x7fff
  const sign = (bits & 0x8000) << 16
  const widened = magnitude >= 0x7c00
    ? (magnitude << 13) | 0x7f800000
    : reinterpret<u32>(reinterpret<f32>(magnitude << 13) * HALF_SCALE)
  return reinterpret<f32>(widened | sign)
}

/** 2^(127 − 15) */
export const HALF_SCALE: f32 = reinterpret<f32>(<u32>(127 + 127 - 15) << 23)

/**
 * Least and greatest value of what was decoded last. Floats order like their bits: the greatest signed word is the
 * greatest value if any is positive, the greatest unsigned word the least value if any is negative, and the least
 * unsigned word stands in for the one that is missing. Infinities and NaN lie at the far ends, so they show.
 */
export let batchLeast: f32 = 0
export let batchGreatest: f32 = 0

/** Fills the group with `count` elements and copies of the first, so that the rest does not touch the range. */
export function fillGroup(source: usize, count: usize, bytes: usize): void {
  for (let index: usize = 0; index < 8; index++)
    memory.copy(GROUP + index * bytes, source + (index < count ? index : 0) * bytes, bytes)
}

/** RANGE holds greatest signed, greatest unsigned, least unsigned word of each lane. */
function closeRange32(): void {
  let greatestSigned = load<i32>(RANGE)
  let greatestUnsigned = load<u32>(RANGE, 16)
  let leastUnsigned = load<u32>(RANGE, 32)
  for (let lane: usize = 4; lane < 16; lane += 4) {
    greatestSigned = max(greatestSigned, load<i32>(RANGE + lane))
    greatestUnsigned = max(greatestUnsigned, load<u32>(RANGE + lane, 16))
    leastUnsigned = min(leastUnsigned, load<u32>(RANGE + lane, 32))
  }
  batchLeast = reinterpret<f32>(greatestUnsigned >>> 31 ? greatestUnsigned : leastUnsigned)
  batchGreatest = reinterpret<f32>(greatestSigned >= 0 ? <u32>greatestSigned : leastUnsigned)
}

function closeRange16(kind: i32): void {
  let greatestSigned = load<i16>(RANGE)
  let greatestUnsigned = load<u16>(RANGE, 16)
  let leastUnsigned = load<u16>(RANGE, 32)
  for (let lane: usize = 2; lane < 16; lane += 2) {
    greatestSigned = max(greatestSigned, load<i16>(RANGE + lane))
    greatestUnsigned = max(greatestUnsigned, load<u16>(RANGE + lane, 16))
    leastUnsigned = min(leastUnsigned, load<u16>(RANGE + lane, 32))
  }
  const low: u32 = greatestUnsigned >>> 15 ? greatestUnsigned : leastUnsigned
  const high: u32 = greatestSigned >= 0 ? <u32>greatestSigned : leastUnsigned
  batchLeast = kind == F16 ? halfToFloat(low) : brainToFloat(low)
  batchGreatest = kind == F16 ? halfToFloat(high) : brainToFloat(high)
}

/** Decodes `groups` × 8 elements to f32 and sets their range. F64 and I32 do not fit f32 and are not decoded here. */
export function decodeGroups(kind: i32, source: usize, target: usize, groups: i32): void {
  if (kind == F32) rangeOfFloats(source, groups)
  else if (kind == BF16) decodeBrains(source, target, groups)
  else if (kind == F16) decodeHalves(source, target, groups)
  else if (kind == I8) decodeIntegers<i8>(source, target, groups)
  else if (kind == U8) decodeIntegers<u8>(source, target, groups)
  else if (kind == I16) decodeIntegers<i16>(source, target, groups)
  else decodeIntegers<u16>(source, target, groups)
}

function rangeOfFloats(source: usize, groups: i32): void {
  let greatestSigned = i32x4.splat(i32.MIN_VALUE)
  let greatestUnsigned = i32x4.splat(0)
  let leastUnsigned = i32x4.splat(-1)
  for (let end = source + 32 * groups; source < end; source += 32) {
    const low = v128.load(source)
    const high = v128.load(source, 16)
    greatestSigned = i32x4.max_s(greatestSigned, i32x4.max_s(low, high))
    greatestUnsigned = i32x4.max_u(greatestUnsigned, i32x4.max_u(low, high))
    leastUnsigned = i32x4.min_u(leastUnsigned, i32x4.min_u(low, high))
  }
  v128.store(RANGE, greatestSigned)
  v128.store(RANGE, greatestUnsigned, 16)
  v128.store(RANGE, leastUnsigned, 32)
  closeRange32()
}

function decodeBrains(source: usize, target: usize, groups: i32): void {
  const nothing = i16x8.splat(0)
  let greatestSigned = i16x8.splat(i16.MIN_VALUE)
  let greatestUnsigned = nothing
  let leastUnsigned = i16x8.splat(-1)
  for (let end = source + 16 * groups; source < end; source += 16, target += 32) {
    const words = v128.load(source)
    greatestSigned = i16x8.max_s(greatestSigned, words)
    greatestUnsigned = i16x8.max_u(greatestUnsigned, words)
    leastUnsigned = i16x8.min_u(leastUnsigned, words)
    v128.store(target, i16x8.shuffle(nothing, words, 0, 8, 1, 9, 2, 10, 3, 11))
    v128.store(target, i16x8.shuffle(nothing, words, 4, 12, 5, 13, 6, 14, 7, 15), 16)
  }
  v128.store(RANGE, greatestSigned)
  v128.store(RANGE, greatestUnsigned, 16)
  v128.store(RANGE, leastUnsigned, 32)
  closeRange16(BF16)
}

/** Infinities and NaN come out as ordinary numbers here; the range tells, and such a batch is decoded one by one. */
function decodeHalves(source: usize, target: usize, groups: i32): void {
  const nothing = i16x8.splat(0)
  let greatestSigned = i16x8.splat(i16.MIN_VALUE)
  let greatestUnsigned = i16x8.splat(0)
  let leastUnsigned = i16x8.splat(-1)
  for (let end = source + 16 * groups; source < end; source += 16, target += 32) {
    const words = v128.load(source)
    greatestSigned = i16x8.max_s(greatestSigned, words)
    greatestUnsigned = i16x8.max_u(greatestUnsigned, words)
    leastUnsigned = i16x8.min_u(leastUnsigned, words)
    v128.store(target, halvesToFloats(i16x8.shuffle(nothing, words, 0, 8, 1, 9, 2, 10, 3, 11)))
    v128.store(target, halvesToFloats(i16x8.shuffle(nothing, words, 4, 12, 5, 13, 6, 14, 7, 15)), 16)
  }
  v128.store(RANGE, greatestSigned)
  v128.store(RANGE, greatestUnsigned, 16)
  v128.store(RANGE, leastUnsigned, 32)
  closeRange16(F16)
}

function decodeIntegers<T>(source: usize, target: usize, groups: i32): void {
  const scales = f32x4.splat(scale)
  const zeros = f32x4.splat(zero)
  let greatestSigned = i32x4.splat(i32.MIN_VALUE)
  let greatestUnsigned = i32x4.splat(0)
  let leastUnsigned = i32x4.splat(-1)
  for (let end = source + 8 * sizeof<T>() * groups; source < end; source += 8 * sizeof<T>(), target += 32) {
    const words = sizeof<T>() == 1 ? v128.load_ext<T>(source) : v128.load(source)
    const low = f32x4.mul(f32x4.sub(lowFloats<T>(words), zeros), scales)
    const high = f32x4.mul(f32x4.sub(highFloats<T>(words), zeros), scales)
    greatestSigned = i32x4.max_s(greatestSigned, i32x4.max_s(low, high))
    greatestUnsigned = i32x4.max_u(greatestUnsigned, i32x4.max_u(low, high))
    leastUnsigned = i32x4.min_u(leastUnsigned, i32x4.min_u(low, high))
    v128.store(target, low)
    v128.store(target, high, 16)
  }
  v128.store(RANGE, greatestSigned)
  v128.store(RANGE, greatestUnsigned, 16)
  v128.store(RANGE, leastUnsigned, 32)
  closeRange32()
}

// @ts-ignore: decorator
@inline
function lowFloats<T>(words: v128): v128 {
  return f32x4.convert_i32x4_s(
    isSigned<T>() ? i32x4.extend_low_i16x8_s(words) : i32x4.extend_low_i16x8_u(words),
  )
}

// @ts-ignore: decorator
@inline
function highFloats<T>(words: v128): v128 {
  return f32x4.convert_i32x4_s(
    isSigned<T>() ? i32x4.extend_high_i16x8_s(words) : i32x4.extend_high_i16x8_u(words),
  )
}
