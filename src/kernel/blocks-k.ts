import { halfAt } from './decode.ts'

/**
 * ggml's K-quants: 256 elements, cut into 16 or 8 parts with small integer scales under one f16 scale (ggml-common.h
 * has the layouts). Decoders as `BlockDecoder` in blocks.ts says.
 */

/** 16 bytes of scale and minimum (4 bits each), 64 bytes of 2-bit values, d, dmin. */
export function decodeQ2k(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at + 80)
  const dmin = halfAt(bytes, at + 82)
  let squares = 0
  for (let part = 0; part < 16; part++) {
    const scale = bytes[at + part]!
    const step = Math.fround(d * (scale & 15))
    const least = Math.fround(dmin * (scale >> 4))
    const from = twoBitsFrom(at + 16, part)
    const shift = twoBitsShift(part)
    for (let i = 0; i < 16; i++)
      values[to + 16 * part + i] = Math.fround(step * ((bytes[from + i]! >> shift) & 3)) - least
    squares += 16 * step * step
  }
  return squares
}

/** 32 bytes of third bits (set: nothing to subtract), 64 of 2-bit values, 12 of 6-bit scales (32 stands for 0), d. */
export function decodeQ3k(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at + 108)
  let squares = 0
  for (let part = 0; part < 16; part++) {
    const step = Math.fround(d * (sixBitScale(bytes, at + 96, part) - 32))
    const from = twoBitsFrom(at + 32, part)
    const shift = twoBitsShift(part)
    const third = at + 16 * (part & 1)
    for (let i = 0; i < 16; i++) {
      const low = (bytes[from + i]! >> shift) & 3
      const high = (bytes[third + i]! >> (part >> 1)) & 1
      values[to + 16 * part + i] = step * (low - (high ? 0 : 4))
    }
    squares += 16 * step * step
  }
  return squares
}

/** d, dmin, 12 bytes of 6-bit scales and minima, 128 bytes of halves: 32 low ones, then their 32 high ones. */
export function decodeQ4k(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  const dmin = halfAt(bytes, at + 2)
  let squares = 0
  for (let part = 0; part < 8; part++) {
    const step = Math.fround(d * packedScale(bytes, at + 4, part))
    const least = Math.fround(dmin * packedMinimum(bytes, at + 4, part))
    const from = at + 16 + 32 * (part >> 1)
    const shift = 4 * (part & 1)
    for (let i = 0; i < 32; i++)
      values[to + 32 * part + i] = Math.fround(step * ((bytes[from + i]! >> shift) & 15)) - least
    squares += 32 * step * step
  }
  return squares
}

/** As Q4_K, with 32 bytes of fifth bits before the halves. */
export function decodeQ5k(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  const dmin = halfAt(bytes, at + 2)
  let squares = 0
  for (let part = 0; part < 8; part++) {
    const step = Math.fround(d * packedScale(bytes, at + 4, part))
    const least = Math.fround(dmin * packedMinimum(bytes, at + 4, part))
    const from = at + 48 + 32 * (part >> 1)
    const shift = 4 * (part & 1)
    for (let i = 0; i < 32; i++) {
      const high = (bytes[at + 16 + i]! >> part) & 1
      const whole = ((bytes[from + i]! >> shift) & 15) | (high << 4)
      values[to + 32 * part + i] = Math.fround(step * whole) - least
    }
    squares += 32 * step * step
  }
  return squares
}

/** 128 bytes of low halves, 64 of upper 2 bits, 16 signed scales, d; 32 stands for zero. */
export function decodeQ6k(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at + 208)
  let squares = 0
  for (let part = 0; part < 16; part++) {
    const step = Math.fround(d * ((bytes[at + 192 + part]! << 24) >> 24))
    // each half of the block: 64 bytes hold 128 elements, low halves before high ones; 32 bytes their upper bits
    const half = part >> 3
    const low = at + 64 * half + 16 * (part & 3)
    const lowShift = part & 4
    const high = at + 128 + 32 * half + 16 * (part & 1)
    const highShift = part & 6
    for (let i = 0; i < 16; i++) {
      const whole = ((bytes[low + i]! >> lowShift) & 15) | (((bytes[high + i]! >> highShift) & 3) << 4)
      values[to + 16 * part + i] = step * (whole - 32)
    }
    squares += 16 * step * step
  }
  return squares
}

/** 32 bytes hold 128 elements: the lowest two bits of each are the first 32, and so on. */
function twoBitsFrom(at: number, part: number): number {
  return at + 32 * (part >> 3) + 16 * (part & 1)
}

function twoBitsShift(part: number): number {
  return part & 6
}

/** Scale 0…15 of Q3_K: 8 bytes of low halves (first eight low, last eight high), 4 bytes of upper two bits. */
function sixBitScale(bytes: Uint8Array, at: number, part: number): number {
  const low = (bytes[at + (part & 7)]! >> (part < 8 ? 0 : 4)) & 15
  return low | (((bytes[at + 8 + (part & 3)]! >> (2 * (part >> 2))) & 3) << 4)
}

/** Scale 0…7 of Q4_K and Q5_K: the first four in the low six bits of bytes 0…3, the rest spread over bytes 8…11 and 0…3. */
function packedScale(bytes: Uint8Array, at: number, part: number): number {
  if (part < 4) return bytes[at + part]! & 63
  return (bytes[at + part + 4]! & 15) | ((bytes[at + part - 4]! >> 6) << 4)
}

/** Minimum 0…7, likewise in bytes 4…7, and in the high halves of bytes 8…11. */
function packedMinimum(bytes: Uint8Array, at: number, part: number): number {
  if (part < 4) return bytes[at + 4 + part]! & 63
  return (bytes[at + part + 4]! >> 4) | ((bytes[at + part]! >> 6) << 4)
}
