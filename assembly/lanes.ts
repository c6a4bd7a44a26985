import { BF16, F16, F32, HALF_SCALE } from './decode'

/** Type arguments that stand for how floats are stored: f32 as they are, and the two of 16 bits. */
export type Brain = u16
export type Half = i16

/** The number of decode.ts for a type argument. */
// @ts-ignore: decorator
@inline
export function kindOf<T>(): i32 {
  if (sizeof<T>() == 4) return F32
  return isSigned<T>() ? F16 : BF16
}

/** The four floats stored from `at` on. A half must be finite. */
// @ts-ignore: decorator
@inline
export function lanes<T>(at: usize): v128 {
  if (sizeof<T>() == 4) return v128.load(at)
  const words = i16x8.shuffle(i16x8.splat(0), v128.load64_zero(at), 0, 8, 1, 9, 2, 10, 3, 11)
  return isSigned<T>() ? halvesToFloats(words) : words
}

/** Of halves in the upper 16 bits of each lane. */
// @ts-ignore: decorator
@inline
export function halvesToFloats(raised: v128): v128 {
  return f32x4.mul(v128.and(i32x4.shr_s(raised, 3), i32x4.splat(0x8fffffff)), f32x4.splat(HALF_SCALE))
}
