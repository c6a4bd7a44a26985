import type { KernelElement } from '../../src/kernel/kernel.ts'

/** Values as stored bytes; bf16 is cut off, f16 must be exact multiples of 2⁻²⁴ below 65,536 with 11 digits. */
export function encode(element: KernelElement, values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(words(element, values).buffer)
}

function words(element: KernelElement, values: ArrayLike<number>) {
  switch (element) {
    case 'f32':
      return Float32Array.from(values)
    case 'f64':
      return Float64Array.from(values)
    case 'f16':
      return Uint16Array.from(values, toHalf)
    case 'bf16':
      return Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), (word) => word >>> 16)
    case 'i8':
      return Int8Array.from(values)
    case 'u8':
      return Uint8Array.from(values)
    case 'i16':
      return Int16Array.from(values)
    case 'u16':
      return Uint16Array.from(values)
    case 'i32':
      return Int32Array.from(values)
  }
}

/** Truncates to binary16. */
function toHalf(value: number): number {
  const signBit = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (size >= 65_536) return signBit | 0x7c00
  if (size < 2 ** -14) return signBit | Math.floor(size * 2 ** 24)
  const exponent = Math.floor(Math.log2(size))
  return signBit | ((exponent + 15) << 10) | (Math.floor((size / 2 ** exponent) * 1024) & 1023)
}

/** Numbers in [0, 1) that are the same in every run (mulberry32 by Tommy Ettinger). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** About normal, deviation 1. */
export function normalMatrix(seed: number, length: number): Float32Array {
  const random = randomNumbers(seed)
  return Float32Array.from({ length }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
}
