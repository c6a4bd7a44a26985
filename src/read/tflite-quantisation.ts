import {
  type FlatTable,
  type FlatVector,
  int32Field,
  int32s,
  tableField,
  uint8Field,
  vectorBytes,
  vectorField,
} from './flatbuffer.ts'
import { type AffineQuantisation, permutedView, rowMajorStrides, type TensorView } from './model-file.ts'
import { readError } from './read-error.ts'
import { BLOCKWISE, BLOCKWISE_DETAILS, NO_DETAILS, QUANTISATION, TENSOR, type TfliteType } from './tflite-schema.ts'

/** Values of another tensor of the same subgraph, null when it is no constant of at most `most` elements. */
export type ConstantValues = (tensor: number, most: number) => Float32Array | null

/** A tensor whose quantisation is asked for. `order`: its view's axis k is stored axis `order[k]`. */
export interface QuantisedTensor {
  table: FlatTable
  element: TfliteType['element']
  shape: readonly number[]
  view: TensorView
  order: readonly number[]
}

const SCHEMES: Partial<Record<TfliteType['element'], { scheme: string; bits: number }>> = {
  i2: { scheme: 'int2', bits: 2 },
  i4: { scheme: 'int4', bits: 4 },
  u4: { scheme: 'uint4', bits: 4 },
  i8: { scheme: 'int8', bits: 8 },
  u8: { scheme: 'uint8', bits: 8 },
  i16: { scheme: 'int16', bits: 16 },
  u16: { scheme: 'uint16', bits: 16 },
  i32: { scheme: 'int32', bits: 32 },
  u32: { scheme: 'uint32', bits: 32 },
  i64: { scheme: 'int64', bits: 64 },
  u64: { scheme: 'uint64', bits: 64 },
}

/** Null for a tensor without scales, and for floating ones, whose ranges are only a record of calibration. */
export function readQuantisation(tensor: QuantisedTensor, values: ConstantValues): AffineQuantisation | null {
  const scheme = SCHEMES[tensor.element]
  const table = scheme && tableField(tensor.table, TENSOR.quantisation, 'quantisation')
  if (!scheme || !table) return null
  const details = uint8Field(table, QUANTISATION.detailsType, NO_DETAILS, 'quantisation')
  if (details === BLOCKWISE_DETAILS) return { kind: 'affine', ...scheme, ...blockwise(tensor, table, values) }
  if (details !== NO_DETAILS)
    throw readError(table.buffer.source.path, 'unsupported', { what: 'TFLite quantisation', value: `type ${details}` })
  const scales = vectorField(table, QUANTISATION.scale, 4, 'quantisation scales')
  if (scales === null || scales.length === 0) return null
  return { kind: 'affine', ...scheme, ...perAxis(tensor, table, scales) }
}

/** The tensors of a subgraph that hold another one's scales and zero points: the weight's parts, not weights. */
export function blockwiseParts(tensors: readonly FlatTable[]): Set<number> {
  const parts = new Set<number>()
  for (const tensor of tensors) {
    const table = tableField(tensor, TENSOR.quantisation, 'quantisation')
    if (table === null || uint8Field(table, QUANTISATION.detailsType, NO_DETAILS, 'quantisation') !== BLOCKWISE_DETAILS)
      continue
    const details = blockwiseDetails(table)
    parts.add(int32Field(details, BLOCKWISE.scales, -1, 'block scales'))
    parts.add(int32Field(details, BLOCKWISE.zeroPoints, -1, 'block zero points'))
  }
  return parts
}

type Grid = Pick<AffineQuantisation, 'group' | 'scales' | 'zeroPoints'>

function perAxis(tensor: QuantisedTensor, table: FlatTable, vector: FlatVector): Grid {
  const count = vector.length
  const axis = int32Field(table, QUANTISATION.axis, 0, 'quantised axis')
  if (count > 1 && tensor.shape[axis] !== count)
    throw malformed(table, 'quantisation scales', `${count} scales along axis ${axis} of [${tensor.shape}]`)
  const scales = floats(vector, 'quantisation scales')
  const zeroVector = vectorField(table, QUANTISATION.zeroPoint, 8, 'zero points')
  const zeroPoints = zeroVector === null ? new Float32Array() : longs(zeroVector, 'zero points')
  if (zeroPoints.length > 1 && zeroPoints.length !== count)
    throw malformed(table, 'zero points', `${zeroPoints.length} for ${count} scales`)
  const group = tensor.order.map((stored, k) => (count > 1 && stored === axis ? 1 : tensor.view.shape[k]!))
  return { group, scales, zeroPoints: spread(zeroPoints, count) }
}

/** Scales in a tensor of their own, one for `blockSize` elements along the last axis (or for a block of `blockShape`). */
function blockwise(tensor: QuantisedTensor, table: FlatTable, values: ConstantValues): Grid {
  const details = blockwiseDetails(table)
  const block = blockShape(details, tensor.shape)
  const blocks = tensor.shape.map((length, axis) => Math.ceil(length / block[axis]!))
  const count = blocks.reduce((product, length) => product * length, 1)
  const scales = values(int32Field(details, BLOCKWISE.scales, -1, 'block scales'), count)
  if (scales === null || scales.length !== count)
    throw malformed(details, 'block scales', `${scales?.length ?? 'no'} scales for ${count} blocks`)
  // An index of 0 is also what a writer leaves when there are none; then tensor 0 is no constant of that length.
  const found = values(int32Field(details, BLOCKWISE.zeroPoints, -1, 'block zero points'), count)
  const zeroPoints = found?.length === count ? spread(found, count) : null
  return {
    group: tensor.order.map((axis) => block[axis]!),
    scales: reordered(scales, blocks, tensor.order),
    zeroPoints: zeroPoints && reordered(zeroPoints, blocks, tensor.order),
  }
}

/** Row-major values over `shape`, in row-major order of its axes taken in another order. */
function reordered(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  if (order.every((stored, axis) => stored === axis)) return values
  const view = permutedView(shape, order)
  const strides = rowMajorStrides(view.shape)
  return Float32Array.from(values, (_, index) => {
    const places = view.shape.map((length, axis) => Math.floor(index / strides[axis]!) % length)
    return values[places.reduce((at, place, axis) => at + place * view.strides[axis]!, 0)]!
  })
}

function blockwiseDetails(table: FlatTable): FlatTable {
  const details = tableField(table, QUANTISATION.details, 'quantisation by blocks')
  if (details === null) throw malformed(table, 'quantisation by blocks', 'no details')
  return details
}

function blockShape(details: FlatTable, shape: readonly number[]): number[] {
  const vector = vectorField(details, BLOCKWISE.blockShape, 4, 'block shape')
  const size = int32Field(details, BLOCKWISE.blockSize, 0, 'block size')
  const lengths =
    vector !== null && vector.length > 0
      ? int32s(vector, 'block shape')
      : shape.map((_, axis) => (axis === shape.length - 1 ? size : 1))
  if (lengths.length !== shape.length || lengths.some((length) => length < 1))
    throw malformed(details, 'block shape', `[${lengths.slice(0, 8)}] for a tensor of ${shape.length} axes`)
  return lengths
}

/** Null for all zero; one for all is repeated. */
function spread(zeroPoints: Float32Array, count: number): Float32Array | null {
  if (zeroPoints.every((zero) => zero === 0)) return null
  return zeroPoints.length === count ? zeroPoints : new Float32Array(count).fill(zeroPoints[0]!)
}

function floats(vector: FlatVector, what: string): Float32Array {
  const bytes = vectorBytes(vector, 4, what)
  const values = new Float32Array(vector.length)
  for (let index = 0; index < values.length; index++) values[index] = bytes.getFloat32(4 * index, true)
  return values
}

function longs(vector: FlatVector, what: string): Float32Array {
  const bytes = vectorBytes(vector, 8, what)
  const values = new Float32Array(vector.length)
  for (let index = 0; index < values.length; index++) values[index] = Number(bytes.getBigInt64(8 * index, true))
  return values
}

function malformed(table: FlatTable, what: string, reason: string) {
  return readError(table.buffer.source.path, 'malformed', { what, reason, offset: table.position })
}
