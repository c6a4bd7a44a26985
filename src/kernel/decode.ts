import type { KernelElement } from './kernel.ts'

/** Reads stored element `index` of a little-endian view. */
export type Decode = (view: DataView, index: number) => number

export const decoders: Record<KernelElement, Decode> = {
  f64: (view, index) => view.getFloat64(8 * index, true),
  f32: (view, index) => view.getFloat32(4 * index, true),
  f16: (view, index) => halfToNumber(view.getUint16(2 * index, true)),
  bf16: (view, index) => brainToNumber(view.getUint16(2 * index, true)),
  i32: (view, index) => view.getInt32(4 * index, true),
  i16: (view, index) => view.getInt16(2 * index, true),
  u16: (view, index) => view.getUint16(2 * index, true),
  i8: (view, index) => view.getInt8(index),
  u8: (view, index) => view.getUint8(index),
}

/** A stored integer's value, rounded to f32 at both steps, because that is what inference computes with. */
export function dequantised(stored: number, scale: number, zero: number): number {
  return Math.fround(Math.fround(stored - Math.fround(zero)) * Math.fround(scale))
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The binary16 at byte `at`, of any alignment. */
export function halfAt(bytes: Uint8Array, at: number): number {
  return halfToNumber(bytes[at]! | (bytes[at + 1]! << 8))
}

/** bfloat16: the upper half of a binary32. */
function brainToNumber(bits: number): number {
  scratch.setUint32(0, bits * 65536)
  return scratch.getFloat32(0)
}

const scratch = new DataView(new ArrayBuffer(4))
