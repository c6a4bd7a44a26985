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

/** Stored float bytes, little-endian, aligned to their element. */
type FloatBytes = Uint8Array

/** Turns −0 into +0 and every NaN into one, in place. The wasm kernel has a faster twin (`TensorRun.canonicalise`). */
export function canonicalise({ buffer, byteOffset, byteLength }: FloatBytes, element: ExactElement): void {
  if (element === 'bf16') canonicaliseHalves(new Uint16Array(buffer, byteOffset, byteLength / 2), 0x7f80, 0x7fc0)
  else if (element === 'f16') canonicaliseHalves(new Uint16Array(buffer, byteOffset, byteLength / 2), 0x7c00, 0x7e00)
  else if (element === 'f32') canonicaliseWords(new Uint32Array(buffer, byteOffset, byteLength / 4))
  else canonicaliseLongWords(new BigUint64Array(buffer, byteOffset, byteLength / 8))
}

function canonicaliseHalves(halves: Uint16Array, infinity: number, nan: number): void {
  for (let i = 0; i < halves.length; i++) {
    const magnitude = halves[i]! & 0x7fff
    if (magnitude === 0) halves[i] = 0
    else if (magnitude > infinity) halves[i] = nan
  }
}

function canonicaliseWords(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const magnitude = words[i]! & 0x7fffffff
    if (magnitude === 0) words[i] = 0
    else if (magnitude > 0x7f800000) words[i] = 0x7fc00000
  }
}

function canonicaliseLongWords(words: BigUint64Array): void {
  for (let i = 0; i < words.length; i++) {
    const magnitude = words[i]! & 0x7fffffffffffffffn
    if (magnitude === 0n) words[i] = 0n
    else if (magnitude > 0x7ff0000000000000n) words[i] = 0x7ff8000000000000n
  }
}

/** Which types hold all of these canonical values exactly. Trained weights rule out the narrow ones at their first values. */
export function fittingTypes(bytes: FloatBytes, element: ExactElement): number {
  const { buffer, byteOffset, byteLength } = bytes
  switch (element) {
    case 'bf16':
      return F64 | F32 | BF16
    case 'f16':
      return F64 | F32 | F16 | (halvesFitBf16(new Uint16Array(buffer, byteOffset, byteLength / 2)) ? BF16 : 0)
    case 'f32':
      return wordsFit(new Uint32Array(buffer, byteOffset, byteLength / 4))
    case 'f64':
      return doublesFit(new Float64Array(buffer, byteOffset, byteLength / 8))
  }
}

function wordsFit(words: Uint32Array): number {
  const bf16 = words.every((word) => (word & 0xffff) === 0)
  const f16 = words.every(fitsF16)
  return F64 | F32 | (bf16 ? BF16 : 0) | (f16 ? F16 : 0)
}

function halvesFitBf16(halves: Uint16Array): boolean {
  return halves.every((half) => (f16ToF32Word(half) & 0xffff) === 0)
}

function doublesFit(values: Float64Array): number {
  const fit = values.every((value) => Number.isNaN(value) || Math.fround(value) === value)
  return fit ? wordsFit(new Uint32Array(Float32Array.from(values).buffer)) : F64
}

/** True when a canonical binary32 word is a binary16 value: normal, or a multiple of 2⁻²⁴ below 2⁻¹⁴. */
function fitsF16(word: number): boolean {
  const exponent = ((word >>> 23) & 255) - 127
  if (exponent === 128 || word === 0) return (word & 0x1fff) === 0
  if (exponent > 15 || exponent < -24) return false
  const spare = exponent >= -14 ? 13 : -1 - exponent
  return (word & ((1 << spare) - 1)) === 0
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
