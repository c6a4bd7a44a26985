import { decodeOne, elementBytes } from './decode'
import { lanes } from './lanes'
import { BLOCK_ROWS, NORM_COLUMNS, ROW_SQUARES, SIDE, SIGN_COLUMNS, SIGNS, SKETCH } from './layout'
import { signBit } from './sign'

/** Moments of the finite values of the tensor so far. */
export let zeros: f64 = 0
export let nonFinite: f64 = 0
export let least: f64 = Infinity
export let greatest: f64 = -Infinity
export let sum: f64 = 0
export let sumSquares: f64 = 0
export let sumFourth: f64 = 0

export function clearMoments(): void {
  zeros = 0
  nonFinite = 0
  least = Infinity
  greatest = -Infinity
  sum = 0
  sumSquares = 0
  sumFourth = 0
}

export function widenRange(low: f64, high: f64): void {
  if (low < least) least = low
  if (high > greatest) greatest = high
}

export function addZeros(count: i32): void {
  zeros += <f64>count
}

/** Zeros among the floats of one batch. */
export function countZeros(values: usize, count: i32): i32 {
  let counts = i32x4.splat(0)
  let all: i32 = 0
  let end = values + (<usize>(count & ~3) << 2)
  for (; values < end; values += 16) counts = i32x4.sub(counts, f32x4.eq(v128.load(values), f32x4.splat(0)))
  for (end += <usize>(count & 3) << 2; values < end; values += 4) if (load<f32>(values) == 0) all++
  return all + i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1)
    + i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3)
}

/**
 * Adds `count` stored elements of one row, whatever their values, one by one and in f64. `squares` is where Σx² of the first
 * column stands in f64; columns without norms all share it.
 */
export function addOneByOne(kind: i32, at: usize, count: i32, row: i64, column: i64, squares: usize, zerosCounted: bool): void {
  const bytes = elementBytes(kind)
  const flip = signBit(row)
  const sketchRow = SKETCH + ((<usize>row & (SIDE - 1)) * SIDE << 3)
  const squaresStep: usize = column < NORM_COLUMNS ? 8 : 0
  let first: f64 = 0
  let second: f64 = 0
  let fourth: f64 = 0
  let low = Infinity
  let high = -Infinity
  for (let end = column + count; column < end; column++, at += bytes, squares += squaresStep) {
    const value = decodeOne(kind, at)
    if (!isFinite(value)) {
      nonFinite += 1
      continue
    }
    if (value == 0 && !zerosCounted) zeros += 1
    const square = value * value
    first += value
    second += square
    fourth += square * square
    if (value < low) low = value
    if (value > high) high = value
    store<f64>(squares, load<f64>(squares) + square)
    const cell = sketchRow + ((<usize>column & (SIDE - 1)) << 3)
    // Signs are as good as random to a branch predictor, so the sign bit is flipped without a branch.
    const signed = reinterpret<u64>(value) ^ (<u64>(flip ^ columnSign(column)) << 32)
    store<f64>(cell, load<f64>(cell) + reinterpret<f64>(signed))
  }
  sum += first
  sumSquares += second
  sumFourth += fourth
  widenRange(low, high)
  addRowSquare(row, second)
}

function addRowSquare(row: i64, square: f64): void {
  const target = ROW_SQUARES + ((<usize>row & (BLOCK_ROWS - 1)) << 3)
  store<f64>(target, load<f64>(target) + square)
}

// @ts-ignore: decorator
@inline
function columnSign(column: i64): u32 {
  return column < SIGN_COLUMNS ? load<u32>(SIGNS + (<usize>column << 2)) : signBit(column)
}

/** f32 sums of one batch; each lane takes at most BATCH / 4 values. */
let laneSum = f32x4.splat(0)
let laneFourth = f32x4.splat(0)
/** Of one row's part. */
let laneSquares = f32x4.splat(0)

/**
 * Adds `count` values, a multiple of 4, of one row from a column that is a multiple of 4. The values are tame: their
 * fourth powers summed stay inside f32. `signs` and `squares` (f32) belong to the first column.
 */
export function addTame<T>(values: usize, count: i32, row: i64, column: i64, signs: usize, squares: usize): void {
  const phase = <i32>(column & (SIDE - 1))
  const sketchRow = SKETCH + ((<usize>row & (SIDE - 1)) * SIDE << 3)
  const flip = i32x4.splat(signBit(row))
  laneSquares = f32x4.splat(0)

  const head = min(count, (SIDE - phase) & (SIDE - 1))
  if (head > 0) addSingles<T>(values, head, sketchRow + (<usize>phase << 3), flip, signs, squares)
  const groups = (count - head) >> 6
  const body = <usize>head << 2
  if (groups > 0) {
    for (let strip: usize = 0; strip < 4 * SIDE; strip += 64)
      addStrip<T>(values + head * sizeof<T>() + (strip >> 2) * sizeof<T>(), groups, sketchRow + 2 * strip, flip, signs + body + strip, squares + body + strip)
  }
  const rest = count - head - (groups << 6)
  const tail = body + (<usize>groups << 8)
  if (rest > 0) addSingles<T>(values + (head + (groups << 6)) * sizeof<T>(), rest, sketchRow, flip, signs + tail, squares + tail)

  const square = total(laneSquares)
  sumSquares += square
  addRowSquare(row, square)
}

/** Adds what addTame left in lanes; due after every batch. */
export function closeLanes(): void {
  sum += total(laneSum)
  sumFourth += total(laneFourth)
  laneSum = f32x4.splat(0)
  laneFourth = f32x4.splat(0)
}

/** Fewer than 64 values inside one period of the sketch's columns. `cells`: where the first one's stands. */
function addSingles<T>(values: usize, count: i32, cells: usize, flip: v128, signs: usize, squares: usize): void {
  const zero = f32x4.splat(0)
  let all = laneSum
  let second = laneSquares
  let fourth = laneFourth
  const end = values + count * sizeof<T>()
  for (; values < end; values += 4 * sizeof<T>(), signs += 16, squares += 16, cells += 32) {
    const x = lanes<T>(values)
    const square = f32x4.mul(x, x)
    all = f32x4.add(all, x)
    second = f32x4.add(second, square)
    fourth = f32x4.add(fourth, f32x4.mul(square, square))
    v128.store(squares, f32x4.add(v128.load(squares), square))
    addWidened(cells, v128.xor(x, v128.xor(flip, v128.load(signs))))
  }
  laneSum = all
  laneSquares = second
  laneFourth = fourth
}

/** Sixteen columns of each of `groups` × 64 values, their sketch sums held in registers. */
function addStrip<T>(values: usize, groups: i32, cells: usize, flip: v128, signs: usize, squares: usize): void {
  const zero = f32x4.splat(0)
  let sum0 = zero
  let sum1 = zero
  let sum2 = zero
  let sum3 = zero
  let all = laneSum
  let second = laneSquares
  let fourth = laneFourth
  const end = values + groups * (SIDE * sizeof<T>())
  for (; values < end; values += SIDE * sizeof<T>(), signs += 4 * SIDE, squares += 4 * SIDE) {
    const x0 = lanes<T>(values)
    const x1 = lanes<T>(values + 4 * sizeof<T>())
    const x2 = lanes<T>(values + 8 * sizeof<T>())
    const x3 = lanes<T>(values + 12 * sizeof<T>())
    sum0 = f32x4.add(sum0, v128.xor(x0, v128.load(signs)))
    sum1 = f32x4.add(sum1, v128.xor(x1, v128.load(signs, 16)))
    sum2 = f32x4.add(sum2, v128.xor(x2, v128.load(signs, 32)))
    sum3 = f32x4.add(sum3, v128.xor(x3, v128.load(signs, 48)))
    all = f32x4.add(all, f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)))
    const s0 = f32x4.mul(x0, x0)
    const s1 = f32x4.mul(x1, x1)
    const s2 = f32x4.mul(x2, x2)
    const s3 = f32x4.mul(x3, x3)
    v128.store(squares, f32x4.add(v128.load(squares), s0))
    v128.store(squares, f32x4.add(v128.load(squares, 16), s1), 16)
    v128.store(squares, f32x4.add(v128.load(squares, 32), s2), 32)
    v128.store(squares, f32x4.add(v128.load(squares, 48), s3), 48)
    second = f32x4.add(second, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)))
    fourth = f32x4.add(fourth, f32x4.add(
      f32x4.add(f32x4.mul(s0, s0), f32x4.mul(s1, s1)),
      f32x4.add(f32x4.mul(s2, s2), f32x4.mul(s3, s3)),
    ))
  }
  addWidened(cells, v128.xor(sum0, flip))
  addWidened(cells + 32, v128.xor(sum1, flip))
  addWidened(cells + 64, v128.xor(sum2, flip))
  addWidened(cells + 96, v128.xor(sum3, flip))
  laneSum = all
  laneSquares = second
  laneFourth = fourth
}

/** Adds four f32 lanes to the four f64 at `target`. */
// @ts-ignore: decorator
@inline
export function addWidened(target: usize, lanes: v128): void {
  const high = i32x4.shuffle(lanes, lanes, 2, 3, 2, 3)
  v128.store(target, f64x2.add(v128.load(target), f64x2.promote_low_f32x4(lanes)))
  v128.store(target, f64x2.add(v128.load(target, 16), f64x2.promote_low_f32x4(high)), 16)
}

function total(lanes: v128): f64 {
  return <f64>f32x4.extract_lane(lanes, 0) + <f64>f32x4.extract_lane(lanes, 1)
    + <f64>f32x4.extract_lane(lanes, 2) + <f64>f32x4.extract_lane(lanes, 3)
}
