import { decodeBlocks } from '../../src/kernel/blocks.ts'
import { ELEMENT_BITS, type ElementType, type ModelFile, type StoredTensor } from '../../src/read/model-file.ts'
import { readBytes } from '../../src/read/source.ts'

/** The tensor's values, dequantised, in row-major order of its canonical view. Slow and plain: the tests' reference. */
export function tensorValues(file: ModelFile, tensor: StoredTensor): Float64Array {
  const element = valueReader(tensor, storedBytes(file, tensor))
  const { shape, strides, start } = tensor.view
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1))
  const at = shape.map(() => 0)
  for (let i = 0; i < values.length; i++) {
    const stored = element(at.reduce((sum, index, axis) => sum + index * strides[axis]!, start))
    values[i] = dequantised(tensor, at, stored)
    advance(at, shape)
  }
  return values
}

function valueReader({ element, quantisation }: StoredTensor, bytes: Uint8Array): (index: number) => number {
  if (quantisation?.kind !== 'blocks') return elementReader(element, bytes)
  const values = new Float32Array((bytes.length / quantisation.blockBytes) * quantisation.blockElements)
  decodeBlocks(quantisation.scheme, bytes, values)
  return (index) => {
    if (!(index < values.length)) throw new RangeError(`element ${index} of ${values.length}`)
    return values[index]!
  }
}

/** All stored bytes of a tensor, its ranges one after the other. */
export function storedBytes(file: ModelFile, tensor: StoredTensor): Uint8Array {
  if (tensor.data.kind === 'inline') return tensor.data.bytes
  const parts = tensor.data.ranges.map((range) =>
    readBytes(file.files[range.file]!, range.offset, range.length, tensor.name),
  )
  return new Uint8Array(Buffer.concat(parts))
}

function dequantised(tensor: StoredTensor, at: number[], stored: number): number {
  const quantisation = tensor.quantisation
  if (quantisation?.kind !== 'affine') return stored
  const block = at.reduce((index, position, axis) => {
    const group = quantisation.group[axis]!
    return index * Math.ceil(tensor.view.shape[axis]! / group) + Math.floor(position / group)
  }, 0)
  const scale = quantisation.scales[block]
  const zero = quantisation.zeroPoints === null ? 0 : quantisation.zeroPoints[block]
  if (scale === undefined || zero === undefined) throw new RangeError(`${tensor.name}: no scale for block ${block}`)
  return (stored - zero) * scale
}

function advance(at: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at[axis]!++
    if (at[axis]! < shape[axis]!) return
    at[axis] = 0
  }
}

/** Throws RangeError for an element outside `bytes`. */
function elementReader(element: ElementType, bytes: Uint8Array): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = ELEMENT_BITS[element] / 8
  switch (element) {
    case 'f64':
      return (index) => view.getFloat64(index * size, true)
    case 'f32':
      return (index) => view.getFloat32(index * size, true)
    case 'f16':
      return (index) => smallFloat(view.getUint16(index * size, true), 5, 10, true)
    case 'bf16':
      return (index) => smallFloat(view.getUint16(index * size, true), 8, 7, true)
    case 'f8e5m2':
      return (index) => smallFloat(view.getUint8(index), 5, 2, true)
    case 'f8e4m3':
      return (index) => smallFloat(view.getUint8(index), 4, 3, false)
    case 'i64':
      return (index) => Number(view.getBigInt64(index * size, true))
    case 'u64':
      return (index) => Number(view.getBigUint64(index * size, true))
    case 'i32':
      return (index) => view.getInt32(index * size, true)
    case 'u32':
      return (index) => view.getUint32(index * size, true)
    case 'i16':
      return (index) => view.getInt16(index * size, true)
    case 'u16':
      return (index) => view.getUint16(index * size, true)
    case 'i8':
      return (index) => view.getInt8(index)
    case 'u8':
      return (index) => view.getUint8(index)
    case 'bool':
      return (index) => (view.getUint8(index) === 0 ? 0 : 1)
    case 'u4':
      return (index) => nibble(view, index)
    case 'i4':
      return (index) => (nibble(view, index) << 28) >> 28
  }
}

function nibble(view: DataView, index: number): number {
  const byte = view.getUint8(index >> 1)
  return index % 2 === 0 ? byte & 15 : byte >> 4
}

/** IEEE-like: without `infinities` (float8 E4M3FN) only the all-ones pattern is not a number. */
function smallFloat(bits: number, exponentBits: number, mantissaBits: number, infinities: boolean): number {
  const sign = bits >> (exponentBits + mantissaBits) === 0 ? 1 : -1
  const top = (1 << exponentBits) - 1
  const bias = top >> 1
  const exponent = (bits >> mantissaBits) & top
  const mantissa = bits & ((1 << mantissaBits) - 1)
  const fraction = mantissa / (1 << mantissaBits)
  if (exponent === top && infinities) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === top && mantissa === (1 << mantissaBits) - 1) return Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias)
  return sign * (1 + fraction) * 2 ** (exponent - bias)
}
