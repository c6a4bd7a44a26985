/**
 * The four types a float tensor's identity may be written in, narrowest first, as bit flags: which of them hold every value of
 * a chunk exactly.
 */
export const BF16 = 1
export const F16 = 2
export const F32 = 4
export const F64 = 8

export type ExactElement = 'bf16' | 'f16' | 'f32' | 'f64'

/** The first of bf16, f16, f32, f64 in a set of flags. */
export function narrowest(flags: number): ExactElement {
  if (flags & BF16) return 'bf16'
  if (flags & F16) return 'f16'
  return flags & F32 ? 'f32' : 'f64'
}

const NAN_F32 = 0x7fc00000
const QUIET_NAN_F64 = 0x7ff8000000000000n

/** Turns −0 into +0 and every NaN into one, in place, and says which types hold all the binary32 words exactly. */
export function canonicaliseF32(words: Uint32Array): number {
  let lowHalf = 0
  let f16 = true
  for (let i = 0; i < words.length; i++) {
    let word = words[i]!
    const magnitude = word & 0x7fffffff
    if (magnitude === 0) words[i] = word = 0
    else if (magnitude > 0x7f800000) words[i] = word = NAN_F32
    lowHalf |= word & 0xffff
    if (f16) f16 = fitsF16(word)
  }
  return F64 | F32 | (lowHalf === 0 ? BF16 : 0) | (f16 ? F16 : 0)
}

/** True when a canonical binary32 word is a binary16 value: normal, or a multiple of 2⁻²⁴ below 2⁻¹⁴. */
function fitsF16(word: number): boolean {
  const exponent = ((word >>> 23) & 255) - 127
  if (exponent === 128 || word === 0) return (word & 0x1fff) === 0
  if (exponent > 15 || exponent < -24) return false
  const spare = exponent >= -14 ? 13 : -1 - exponent
  return (word & ((1 << spare) - 1)) === 0
}

/** As `canonicaliseF32`, for stored bfloat16 halves. They always hold their own values. */
export function canonicaliseBf16(halves: Uint16Array): number {
  canonicaliseHalves(halves, 0x7f80, 0x7fc0)
  return F64 | F32 | BF16
}

/** As `canonicaliseF32`, for stored binary16 halves. */
export function canonicaliseF16(halves: Uint16Array): number {
  canonicaliseHalves(halves, 0x7c00, 0x7e00)
  let bf16 = true
  for (let i = 0; bf16 && i < halves.length; i++) bf16 = (f16ToF32Word(halves[i]!) & 0xffff) === 0
  return F64 | F32 | F16 | (bf16 ? BF16 : 0)
}

function canonicaliseHalves(halves: Uint16Array, infinity: number, nan: number): void {
  for (let i = 0; i < halves.length; i++) {
    const magnitude = halves[i]! & 0x7fff
    if (magnitude === 0) halves[i] = 0
    else if (magnitude > infinity) halves[i] = nan
  }
}

/** As `canonicaliseF32`, for binary64: `values` and `words` are two views of the same memory. */
export function canonicaliseF64(values: Float64Array, words: BigUint64Array): number {
  const one = new Float32Array(1)
  const bits = new Uint32Array(one.buffer)
  let flags = F64 | F32 | F16 | BF16
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value === 0) words[i] = 0n
    else if (Number.isNaN(value)) words[i] = QUIET_NAN_F64
    if (flags === F64) continue
    one[0] = value
    if (one[0] !== value && !Number.isNaN(value)) flags = F64
    else flags &= canonicaliseF32(bits)
  }
  return flags
}

/** The binary32 word of a binary16 half (IEEE 754-2019, 3.4). */
export function f16ToF32Word(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >>> 10) & 31
  const mantissa = half & 0x3ff
  if (exponent === 31) return (sign | 0x7f800000 | (mantissa << 13)) >>> 0
  if (exponent > 0) return (sign | ((exponent + 112) << 23) | (mantissa << 13)) >>> 0
  if (mantissa === 0) return sign >>> 0
  const shift = Math.clz32(mantissa) - 21
  return (sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13)) >>> 0
}

/** The binary16 half of a binary32 word that `canonicaliseF32` said to fit. */
export function f32WordToF16(word: number): number {
  const sign = (word >>> 16) & 0x8000
  const exponent = ((word >>> 23) & 255) - 127
  const mantissa = word & 0x7fffff
  if (exponent === 128) return sign | 0x7c00 | (mantissa >>> 13)
  if (exponent >= -14) return sign | ((exponent + 15) << 10) | (mantissa >>> 13)
  if (word << 1 === 0) return sign
  return sign | ((mantissa | 0x800000) >>> (-1 - exponent))
}

const ONE_VALUE = new Float32Array(1)
const ONE_WORD = new Uint32Array(ONE_VALUE.buffer)

/** The value rounded to nearest, ties to even (IEEE 754-2019, 4.3.1), in one of the four types. */
export function roundTo(value: number, to: ExactElement): number {
  if (to === 'f64') return value
  if (to === 'f16') return roundToF16(value)
  ONE_VALUE[0] = value
  if (to === 'f32' || !Number.isFinite(value)) return ONE_VALUE[0]
  const word = ONE_WORD[0]!
  ONE_WORD[0] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000
  return ONE_VALUE[0]
}

function roundToF16(value: number): number {
  const magnitude = Math.abs(value)
  if (!(magnitude < 65_520)) return magnitude >= 65_520 ? Math.sign(value) * Number.POSITIVE_INFINITY : Number.NaN
  const ulp = 2 ** Math.max(-24, Math.floor(Math.log2(magnitude)) - 10)
  const steps = magnitude / ulp
  const down = Math.floor(steps)
  const rest = steps - down
  const rounded = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down
  return Math.sign(value) * rounded * ulp
}
