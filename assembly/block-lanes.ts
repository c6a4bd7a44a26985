/**
 * What all block decoders are made of. Every product and every difference is rounded on its own, as in src/kernel/blocks.ts, so both
 * give the same bits.
 */

/** Σ step² over the elements decoded since it was cleared; blocks whose scale is not finite add nothing. */
export let stepSquares: f64 = 0

export function clearSteps(): void {
  stepSquares = 0
}

/**
 * Least and greatest of the values decoded last, kept up lane by lane while they are at hand. NaN never shows in them, so
 * `spoilt` tells when a scale or minimum was not finite, which alone can make one.
 */
export let blockLeast: f32 = 0
export let blockGreatest: f32 = 0
export let spoilt: bool = false
let low = f32x4.splat(0)
let high = f32x4.splat(0)

export function openRange(): void {
  low = f32x4.splat(Infinity)
  high = f32x4.splat(-Infinity)
  spoilt = false
}

export function closeRange(): void {
  blockLeast = min(
    min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)),
    min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3)),
  )
  blockGreatest = max(
    max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)),
    max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)),
  )
}

// @ts-ignore: decorator
@inline
export function addStep(step: f32, elements: f64): void {
  const square = <f64>step * <f64>step
  if (square < Infinity) stepSquares += elements * square
  else spoilt = true
}

// @ts-ignore: decorator
@inline
export function leastOf(value: f32): v128 {
  if (value - value != 0) spoilt = true
  return f32x4.splat(value)
}

// @ts-ignore: decorator
@inline
export function lowHalves(both: v128): v128 {
  return v128.and(both, i8x16.splat(15))
}

// @ts-ignore: decorator
@inline
export function highHalves(both: v128): v128 {
  return i8x16.shr_u(both, 4)
}

// @ts-ignore: decorator
@inline
export function halvesAt(both: v128, shift: i32): v128 {
  return v128.and(i8x16.shr_u(both, shift), i8x16.splat(15))
}

/** The bits of `mask` that stand from bit `from` on in each byte, moved up by `to`. */
// @ts-ignore: decorator
@inline
export function bitOf(bytes: v128, from: i32, mask: i8, to: i32): v128 {
  return i8x16.shl(v128.and(i8x16.shr_u(bytes, from), i8x16.splat(mask)), to)
}

/** Sixteen signed bytes · scale. */
// @ts-ignore: decorator
@inline
export function storeSigned(target: usize, bytes: v128, scale: v128): void {
  const lower = i16x8.extend_low_i8x16_s(bytes)
  const upper = i16x8.extend_high_i8x16_s(bytes)
  storeSixteen(
    target,
    f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(lower)), scale),
    f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(lower)), scale),
    f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(upper)), scale),
    f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(upper)), scale),
  )
}

/** Sixteen unsigned bytes · scale − least. */
// @ts-ignore: decorator
@inline
export function storeUnsigned(target: usize, bytes: v128, scale: v128, least: v128): void {
  const lower = i16x8.extend_low_i8x16_u(bytes)
  const upper = i16x8.extend_high_i8x16_u(bytes)
  storeSixteen(
    target,
    raised(i32x4.extend_low_i16x8_u(lower), scale, least),
    raised(i32x4.extend_high_i16x8_u(lower), scale, least),
    raised(i32x4.extend_low_i16x8_u(upper), scale, least),
    raised(i32x4.extend_high_i16x8_u(upper), scale, least),
  )
}

// @ts-ignore: decorator
@inline
function raised(words: v128, scale: v128, least: v128): v128 {
  return f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(words), scale), least)
}

// @ts-ignore: decorator
@inline
function storeSixteen(target: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(target, a)
  v128.store(target, b, 16)
  v128.store(target, c, 32)
  v128.store(target, d, 48)
  low = f32x4.pmin(low, f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)))
  high = f32x4.pmax(high, f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)))
}
