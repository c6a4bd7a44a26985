import type { ElementType } from './model-file.ts'

/** Reads element number `index` of little-endian `view` as a number (64-bit ones rounded beyond 2⁵³). */
export function numberReader(element: ElementType, view: DataView): (index: number) => number {
  switch (element) {
    case 'f64':
      return (index) => view.getFloat64(index * 8, true)
    case 'f32':
      return (index) => view.getFloat32(index * 4, true)
    case 'f16':
      return (index) => smallFloat(view.getUint16(index * 2, true), 5, 10)
    case 'bf16':
      return (index) => smallFloat(view.getUint16(index * 2, true), 8, 7)
    case 'f8e5m2':
      return (index) => smallFloat(view.getUint8(index), 5, 2)
    case 'f8e4m3':
      return (index) => float8e4m3(view.getUint8(index))
    case 'i64':
      return (index) => Number(view.getBigInt64(index * 8, true))
    case 'u64':
      return (index) => Number(view.getBigUint64(index * 8, true))
    case 'i32':
      return (index) => view.getInt32(index * 4, true)
    case 'u32':
      return (index) => view.getUint32(index * 4, true)
    case 'i16':
      return (index) => view.getInt16(index * 2, true)
    case 'u16':
      return (index) => view.getUint16(index * 2, true)
    case 'i8':
      return (index) => view.getInt8(index)
    case 'u8':
    case 'bool':
      return (index) => view.getUint8(index)
    case 'u4':
      return (index) => nibble(view, index)
    case 'i4':
      return (index) => (nibble(view, index) << 28) >> 28
  }
}

function nibble(view: DataView, index: number): number {
  const byte = view.getUint8(index >>> 1)
  return index % 2 === 0 ? byte & 15 : byte >>> 4
}

/** E4M3FN has no infinities: its top exponent holds numbers, and the all-ones pattern alone is none. */
function float8e4m3(bits: number): number {
  if ((bits & 0x7f) === 0x7f) return Number.NaN
  if ((bits & 0x78) !== 0x78) return smallFloat(bits, 4, 3)
  return (bits < 0x80 ? 256 : -256) * (1 + (bits & 7) / 8)
}

function smallFloat(bits: number, exponentBits: number, mantissaBits: number): number {
  const sign = bits >>> (exponentBits + mantissaBits) === 0 ? 1 : -1
  const top = (1 << exponentBits) - 1
  const bias = top >>> 1
  const exponent = (bits >>> mantissaBits) & top
  const fraction = (bits & ((1 << mantissaBits) - 1)) / (1 << mantissaBits)
  if (exponent === top) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias)
}
