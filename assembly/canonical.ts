import { BF16, F32, F64 } from './decode'

/** Turns −0 into +0 and every NaN into one in `count` floats from `at` on. */
export function canonicaliseFloats(kind: i32, at: usize, count: i32): void {
  if (kind == F64) canonicaliseLongWords(at, count)
  else if (kind == F32) canonicaliseWords(at, count)
  else if (kind == BF16) canonicaliseHalves(at, count, 0x7f80, 0x7fc0)
  else canonicaliseHalves(at, count, 0x7c00, 0x7e00)
}

/** Whole vectors are read: the inlet has a margin behind it, and what lies in it is no one's. */
function canonicaliseWords(at: usize, count: i32): void {
  const magnitudes = i32x4.splat(0x7fffffff)
  const infinity = i32x4.splat(0x7f800000)
  const nan = i32x4.splat(0x7fc00000)
  for (let end = at + (<usize>count << 2); at < end; at += 16) {
    const words = v128.load(at)
    const sizes = v128.and(words, magnitudes)
    const kept = v128.and(words, i32x4.ne(sizes, i32x4.splat(0)))
    v128.store(at, v128.bitselect(nan, kept, i32x4.gt_s(sizes, infinity)))
  }
}

function canonicaliseHalves(at: usize, count: i32, infinity: i16, nan: i16): void {
  const magnitudes = i16x8.splat(0x7fff)
  const infinities = i16x8.splat(infinity)
  const nans = i16x8.splat(nan)
  for (let end = at + (<usize>count << 1); at < end; at += 16) {
    const halves = v128.load(at)
    const sizes = v128.and(halves, magnitudes)
    const kept = v128.and(halves, i16x8.ne(sizes, i16x8.splat(0)))
    v128.store(at, v128.bitselect(nans, kept, i16x8.gt_s(sizes, infinities)))
  }
}

function canonicaliseLongWords(at: usize, count: i32): void {
  for (let end = at + (<usize>count << 3); at < end; at += 8) {
    const size = load<u64>(at) & 0x7fffffffffffffff
    if (size == 0) store<u64>(at, 0)
    else if (size > 0x7ff0000000000000) store<u64>(at, 0x7ff8000000000000)
  }
}
