import { BF16, brainToFloat, F32, fillGroup, halfToFloat } from './decode'
import { GROUP } from './layout'

/**
 * What the words of stored floats tell without decoding them. Floats order like their bits (decode.ts), −0 is the least
 * signed word there is, and NaN lie beyond the infinities.
 */
export let isCanonical: bool = false
export let surveyedZeros: i32 = 0
export let surveyedLeast: f32 = 0
export let surveyedGreatest: f32 = 0

let leastSigned: i32 = 0
let greatestSigned: i32 = 0
let leastUnsigned: u32 = 0
let greatestUnsigned: u32 = 0

/** A lane of 16 bits counts so many vectors before it may be full. */
const VECTORS_BEFORE_FLUSH: usize = 32767

/** Of `count` f32, f16 or bf16 from `at` on. */
export function survey(kind: i32, at: usize, count: i32): void {
  surveyedZeros = 0
  leastSigned = i32.MAX_VALUE
  greatestSigned = i32.MIN_VALUE
  leastUnsigned = u32.MAX_VALUE
  greatestUnsigned = 0
  if (kind == F32) surveyWords(at, count)
  else surveyHalves(at, count)
  const infinity: i32 = kind == F32 ? 0x7f800000 : kind == BF16 ? 0x7f80 : 0x7c00
  const minusZero: i32 = kind == F32 ? i32.MIN_VALUE : i16.MIN_VALUE
  const signBit: u32 = kind == F32 ? 0x80000000 : 0x8000
  isCanonical = leastSigned > minusZero && greatestSigned <= infinity && greatestUnsigned <= (signBit | <u32>infinity)
  surveyedLeast = toFloat(kind, greatestUnsigned & signBit ? greatestUnsigned : leastUnsigned)
  surveyedGreatest = toFloat(kind, greatestSigned >= 0 ? <u32>greatestSigned : leastUnsigned)
}

function toFloat(kind: i32, word: u32): f32 {
  if (kind == F32) return reinterpret<f32>(word)
  return kind == BF16 ? brainToFloat(word) : halfToFloat(word)
}

function surveyHalves(at: usize, count: i32): void {
  for (; count >= 8; ) {
    const vectors = min(<usize>count >> 3, VECTORS_BEFORE_FLUSH)
    surveyHalfVectors(at, vectors)
    at += vectors << 4
    count -= <i32>(vectors << 3)
  }
  if (count == 0) return
  fillGroup(at, count, 2)
  surveyHalfVectors(GROUP, 1)
  if (load<u16>(GROUP) == 0) surveyedZeros -= 8 - count
}

function surveyHalfVectors(at: usize, vectors: usize): void {
  let zeros = i16x8.splat(0)
  let low = i16x8.splat(i16.MAX_VALUE)
  let high = i16x8.splat(i16.MIN_VALUE)
  let lowUnsigned = i16x8.splat(-1)
  let highUnsigned = i16x8.splat(0)
  for (let end = at + (vectors << 4); at < end; at += 16) {
    const words = v128.load(at)
    zeros = i16x8.sub(zeros, i16x8.eq(words, i16x8.splat(0)))
    low = i16x8.min_s(low, words)
    high = i16x8.max_s(high, words)
    lowUnsigned = i16x8.min_u(lowUnsigned, words)
    highUnsigned = i16x8.max_u(highUnsigned, words)
  }
  closeWords(i32x4.extend_low_i16x8_s(low), i32x4.extend_low_i16x8_s(high),
    i32x4.extend_low_i16x8_u(lowUnsigned), i32x4.extend_low_i16x8_u(highUnsigned), i32x4.extend_low_i16x8_u(zeros))
  closeWords(i32x4.extend_high_i16x8_s(low), i32x4.extend_high_i16x8_s(high),
    i32x4.extend_high_i16x8_u(lowUnsigned), i32x4.extend_high_i16x8_u(highUnsigned), i32x4.extend_high_i16x8_u(zeros))
}

function surveyWords(at: usize, count: i32): void {
  surveyWordVectors(at, <usize>count >> 2)
  const rest = count & 3
  if (rest == 0) return
  fillGroup(at + (<usize>(count - rest) << 2), rest, 4)
  surveyWordVectors(GROUP, 1)
  if (load<u32>(GROUP) == 0) surveyedZeros -= 4 - rest
}

function surveyWordVectors(at: usize, vectors: usize): void {
  let zeros = i32x4.splat(0)
  let low = i32x4.splat(i32.MAX_VALUE)
  let high = i32x4.splat(i32.MIN_VALUE)
  let lowUnsigned = i32x4.splat(-1)
  let highUnsigned = i32x4.splat(0)
  for (let end = at + (vectors << 4); at < end; at += 16) {
    const words = v128.load(at)
    zeros = i32x4.sub(zeros, i32x4.eq(words, i32x4.splat(0)))
    low = i32x4.min_s(low, words)
    high = i32x4.max_s(high, words)
    lowUnsigned = i32x4.min_u(lowUnsigned, words)
    highUnsigned = i32x4.max_u(highUnsigned, words)
  }
  closeWords(low, high, lowUnsigned, highUnsigned, zeros)
}

function closeWords(low: v128, high: v128, lowUnsigned: v128, highUnsigned: v128, zeros: v128): void {
  closeLane(i32x4.extract_lane(low, 0), i32x4.extract_lane(high, 0), i32x4.extract_lane(lowUnsigned, 0),
    i32x4.extract_lane(highUnsigned, 0), i32x4.extract_lane(zeros, 0))
  closeLane(i32x4.extract_lane(low, 1), i32x4.extract_lane(high, 1), i32x4.extract_lane(lowUnsigned, 1),
    i32x4.extract_lane(highUnsigned, 1), i32x4.extract_lane(zeros, 1))
  closeLane(i32x4.extract_lane(low, 2), i32x4.extract_lane(high, 2), i32x4.extract_lane(lowUnsigned, 2),
    i32x4.extract_lane(highUnsigned, 2), i32x4.extract_lane(zeros, 2))
  closeLane(i32x4.extract_lane(low, 3), i32x4.extract_lane(high, 3), i32x4.extract_lane(lowUnsigned, 3),
    i32x4.extract_lane(highUnsigned, 3), i32x4.extract_lane(zeros, 3))
}

function closeLane(low: i32, high: i32, lowUnsigned: u32, highUnsigned: u32, zeros: i32): void {
  leastSigned = min(leastSigned, low)
  greatestSigned = max(greatestSigned, high)
  leastUnsigned = min(leastUnsigned, lowUnsigned)
  greatestUnsigned = max(greatestUnsigned, highUnsigned)
  surveyedZeros += zeros
}
