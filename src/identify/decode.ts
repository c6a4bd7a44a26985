import { ELEMENT_BITS, type ElementType } from '../read/model-file.ts'

/** Bytes of one element after nibbles have been spread to bytes. */
export function elementWidth(element: ElementType): 1 | 2 | 4 | 8 {
  return Math.max(1, ELEMENT_BITS[element] / 8) as 1 | 2 | 4 | 8
}

export function isNibble(element: ElementType): boolean {
  return ELEMENT_BITS[element] === 4
}

export function isFloat(element: ElementType): boolean {
  return element === 'f8e4m3' || element === 'f8e5m2' || /^b?f\d+$/.test(element)
}

/** Two values to a byte, low half first, as one value a byte (`u4` → 0…15, `i4` → −8…7). */
export function spreadNibbles(packed: Uint8Array, signed: boolean): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(packed.length * 2)
  for (let i = 0; i < packed.length; i++) {
    const low = packed[i]! & 15
    const high = packed[i]! >> 4
    out[2 * i] = signed && low > 7 ? low - 16 : low
    out[2 * i + 1] = signed && high > 7 ? high - 16 : high
  }
  return out
}

/** Stored integers (or bytes spread from nibbles) as numbers. `bytes` is aligned to the element. */
export function integers(bytes: Uint8Array, element: ElementType): ArrayLike<number | bigint> {
  const { buffer, byteOffset, byteLength } = bytes
  const count = byteLength / elementWidth(element)
  switch (element) {
    case 'i8':
    case 'i4':
      return new Int8Array(buffer, byteOffset, count)
    case 'i16':
      return new Int16Array(buffer, byteOffset, count)
    case 'u16':
      return new Uint16Array(buffer, byteOffset, count)
    case 'i32':
      return new Int32Array(buffer, byteOffset, count)
    case 'u32':
      return new Uint32Array(buffer, byteOffset, count)
    case 'i64':
      return new BigInt64Array(buffer, byteOffset, count)
    case 'u64':
      return new BigUint64Array(buffer, byteOffset, count)
    default:
      return new Uint8Array(buffer, byteOffset, count)
  }
}

/**
 * 8-bit floats as binary32: E4M3 without infinities and E5M2 with them (Micikevicius et al., "FP8 formats for deep learning",
 * 2022, table 1).
 */
export function float8Values(bytes: Uint8Array, element: 'f8e4m3' | 'f8e5m2'): Float32Array<ArrayBuffer> {
  const table = element === 'f8e4m3' ? float8Table(4, 3) : float8Table(5, 2)
  return Float32Array.from(bytes, (byte) => table[byte]!)
}

function float8Table(exponentBits: number, mantissaBits: number): Float32Array {
  const bias = 2 ** (exponentBits - 1) - 1
  const top = 2 ** exponentBits - 1
  const scale = 2 ** mantissaBits
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const sign = byte & 0x80 ? -1 : 1
    const exponent = (byte & 0x7f) >> mantissaBits
    const mantissa = byte & (scale - 1)
    if (exponentBits === 4 && exponent === top && mantissa === scale - 1) return Number.NaN
    if (exponentBits === 5 && exponent === top) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY
    if (exponent === 0) return (sign * mantissa * 2 ** (1 - bias)) / scale
    return sign * (1 + mantissa / scale) * 2 ** (exponent - bias)
  })
}
