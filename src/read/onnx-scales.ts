import { type AffineQuantisation, type ElementType, rowMajorStrides } from './model-file.ts'
import { holdInMemory, numbersOf, type OnnxData } from './onnx-data.ts'
import type { OnnxTensor } from './onnx-model.ts'
import type { Part } from './onnx-part.ts'
import { malformed } from './protobuf.ts'
import { readError } from './read-error.ts'

/** Scale and zero point of a tensor in its stored axes; `AffineQuantisation` is the same for one part's view. */
export interface StoredScales {
  scheme: string
  bits: number
  /** Indices that share a scale, for each stored axis. */
  groups: number[]
  /** Row-major over the blocks of the stored tensor. */
  scales: Float32Array
  /** Null for all zero. */
  zeroPoints: Float32Array | null
}

const SCHEMES: Partial<Record<ElementType, { scheme: string; bits: number }>> = {
  i4: { scheme: 'int4', bits: 4 },
  u4: { scheme: 'uint4', bits: 4 },
  i8: { scheme: 'int8', bits: 8 },
  u8: { scheme: 'uint8', bits: 8 },
  i16: { scheme: 'int16', bits: 16 },
  u16: { scheme: 'uint16', bits: 16 },
  i32: { scheme: 'int32', bits: 32 },
  f8e4m3: { scheme: 'float8e4m3', bits: 8 },
  f8e5m2: { scheme: 'float8e5m2', bits: 8 },
}

/** The quantisation scheme of an element type; null for types that are never quantised storage. */
export function schemeOf(element: ElementType): { scheme: string; bits: number } | null {
  return SCHEMES[element] ?? null
}

/** A tensor's numbers, to be kept. */
export function keptNumbers(data: OnnxData, tensor: OnnxTensor): Float32Array {
  const numbers = Float32Array.from(numbersOf(data, tensor))
  holdInMemory(data, numbers.byteLength)
  return numbers
}

/**
 * Reads a scale as ONNX shapes it: one number for all; a list, one an index of `axis`; of the tensor's own rank, one for
 * `blockSize` indices of `axis`; or (onnxruntime's recurrent layers) one a direction, or direction and column.
 */
export function groupsOf(
  data: OnnxData,
  tensor: OnnxTensor,
  scale: OnnxTensor,
  axis: number,
  blockSize: number,
): number[] {
  const { dims } = tensor
  const at = axis < 0 ? axis + dims.length : axis
  const length = dims[at]
  if (scale.count === 1) return [...dims]
  if (blockSize > 0 && length !== undefined) {
    const blocks = dims.with(at, Math.ceil(length / blockSize))
    if (isSameShape(scale.dims, blocks)) return dims.map((_, one) => (one === at ? blockSize : 1))
  } else if (scale.count === length && scale.dims.length <= dims.length) return dims.with(at, 1)
  else if (dims.length === 3 && isSameShape(scale.dims, [dims[0]!])) return dims.with(0, 1)
  else if (dims.length === 3 && isSameShape(scale.dims, [dims[0]!, length!])) return dims.with(0, 1).with(at, 1)
  throw malformed(data.wire, 'quantisation scale', 'its shape does not fit the tensor', scale.offset)
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}

/** The part's own quantisation: blocks cut to the part's box, in the order of its view. */
export function quantisationOf(
  path: string,
  name: string,
  dims: readonly number[],
  part: Part,
  stored: StoredScales,
): AffineQuantisation {
  const { scheme, bits, groups } = stored
  const blocks = dims.map((length, axis) => Math.ceil(length / groups[axis]!))
  const firsts = part.from.map((from, axis) => {
    const group = groups[axis]!
    if (group < dims[axis]! && from % group !== 0)
      throw readError(path, 'unsupported', { what: `quantisation of ${name}`, value: 'blocks across its parts' })
    return Math.floor(from / group)
  })
  const counts = part.lengths.map((length, axis) => Math.ceil(length / groups[axis]!))
  const group = part.order.map((axis) => Math.min(groups[axis]!, Math.max(1, part.lengths[axis]!)))
  const take = (values: Float32Array) => gathered(values, blocks, firsts, counts, part.order)
  const zeroPoints = stored.zeroPoints === null ? null : take(stored.zeroPoints)
  return { kind: 'affine', scheme, bits, group, scales: take(stored.scales), zeroPoints }
}

/** The box `firsts`, `counts` of a row-major array, with its axes in `order`; the array itself where that is the same. */
function gathered(
  values: Float32Array,
  lengths: readonly number[],
  firsts: readonly number[],
  counts: readonly number[],
  order: readonly number[],
): Float32Array {
  const wide = order.filter((axis) => counts[axis]! > 1)
  const isInOrder = wide.every((axis, k) => k === 0 || axis > wide[k - 1]!)
  const total = counts.reduce((product, count) => product * count, 1)
  if (isInOrder && total === values.length) return values
  const strides = rowMajorStrides(lengths)
  const result = new Float32Array(total)
  const at = order.map(() => 0)
  let from = firsts.reduce((sum, first, axis) => sum + first * strides[axis]!, 0)
  for (let index = 0; index < total; index++) {
    result[index] = values[from]!
    for (let k = order.length - 1; k >= 0; k--) {
      const axis = order[k]!
      from += strides[axis]!
      if (++at[k]! < counts[axis]!) break
      from -= counts[axis]! * strides[axis]!
      at[k] = 0
    }
  }
  return result
}
