import {
  type FlatTable,
  type FlatVector,
  int8Field,
  int32Field,
  int32s,
  spend,
  tableField,
  tableOf,
  uint8Field,
  vectorBytes,
  vectorField,
} from './flatbuffer.ts'
import { MAX_AXES } from './limits.ts'
import { rowMajorStrides } from './model-file.ts'
import { readError } from './read-error.ts'
import { SPARSE_LEVEL, SPARSITY } from './tflite-schema.ts'

/**
 * One level of the stored tree: every node of the level above has `size` children (dense), or those that `indices` names
 * from `segments[node]` on to `segments[node + 1]`. A child moves `stride` elements per index in the dense tensor.
 */
interface Level {
  size: number
  stride: number
  sparse: { segments: Int32Array; indices: Int32Array } | null
}

/** Axis, and the stride and size of one step along it. */
type Step = Pick<Level, 'size' | 'stride'>

const DENSE = 0
const INT32_VECTOR = 1
const UINT16_VECTOR = 2
const UINT8_VECTOR = 3

/**
 * The dense row-major bytes of a sparse tensor, in the format of Kjolstad and others, "The tensor algebra compiler"
 * (2017), as TFLite stores it. `values`: the stored elements of `size` bytes; missing ones are zero bytes, as DENSIFY
 * leaves them. Throws `malformed`, and `limit` when the dense tensor is beyond the budget.
 */
export function densify(
  table: FlatTable,
  shape: readonly number[],
  size: number,
  readValues: () => Uint8Array,
): Uint8Array {
  const elements = shape.reduce((product, length) => product * length, 1)
  const { levels, leaves } = readLevels(table, shape)
  spend(table.buffer, elements * size, 'sparse tensor')
  const values = readValues()
  if (values.length !== leaves * size)
    throw malformed(table, 'sparse tensor', `${values.length} bytes of values where ${leaves * size} are indexed`)
  const dense = new Uint8Array(elements * size)
  place(levels, 0, 0, 0, (value, element) => {
    for (let byte = 0; byte < size; byte++) dense[element * size + byte] = values[value * size + byte]!
  })
  return dense
}

/** Visits every stored value with its place in the dense tensor. Depth: at most two levels an axis. */
function place(
  levels: readonly Level[],
  depth: number,
  node: number,
  base: number,
  put: (value: number, element: number) => void,
): void {
  const level = levels[depth]
  if (level === undefined) {
    put(node, base)
    return
  }
  if (level.sparse === null) {
    for (let index = 0; index < level.size; index++)
      place(levels, depth + 1, node * level.size + index, base + index * level.stride, put)
    return
  }
  const { segments, indices } = level.sparse
  for (let child = segments[node]!; child < segments[node + 1]!; child++)
    place(levels, depth + 1, child, base + indices[child]! * level.stride, put)
}

function readLevels(table: FlatTable, shape: readonly number[]): { levels: Level[]; leaves: number } {
  const steps = readSteps(table, shape)
  const vector = vectorField(table, SPARSITY.levels, 4, 'sparse dimensions')
  if (vector === null || vector.length !== steps.length)
    throw malformed(table, 'sparse dimensions', `${vector?.length ?? 'none'} for ${steps.length}`)
  let nodes = 1
  const levels = steps.map((step, index) => {
    const metadata = tableOf(vector, index, 'sparse dimension')
    const sparse = readSparse(metadata, step, nodes)
    nodes = sparse === null ? nodes * step.size : sparse.indices.length
    return { ...step, sparse }
  })
  // A dense level of one child changes nothing, but sixty of them would multiply the time a hostile file takes.
  return { levels: levels.filter((level) => level.sparse !== null || level.size !== 1), leaves: nodes }
}

/** What each level steps over, in the order of traversal: the axes (or blocks along them), then the inside of blocks. */
function readSteps(table: FlatTable, shape: readonly number[]): Step[] {
  const rank = shape.length
  const strides = rowMajorStrides(shape)
  const order = numbers(table, SPARSITY.traversalOrder, 2 * MAX_AXES, 'traversal order')
  const blockMap = numbers(table, SPARSITY.blockMap, MAX_AXES, 'block map')
  const isOrder = [...order].sort((a, b) => a - b).every((level, index) => level === index)
  const blocksLast = order.slice(0, rank).every((level) => level < rank)
  if (order.length !== rank + blockMap.length || !isOrder || !blocksLast)
    throw malformed(table, 'traversal order', `[${order}] of ${rank} axes and ${blockMap.length} blocks`)
  const blockSizes = readBlockSizes(table, shape, order, blockMap)
  return order.map((level) => {
    const axis = level < rank ? level : blockMap[level - rank]!
    const block = blockSizes[axis]!
    return level < rank
      ? { size: shape[axis]! / block, stride: strides[axis]! * block }
      : { size: block, stride: strides[axis]! }
  })
}

/** The block's length along each axis, 1 where there is none. */
function readBlockSizes(
  table: FlatTable,
  shape: readonly number[],
  order: readonly number[],
  blockMap: readonly number[],
): number[] {
  const sizes = shape.map(() => 1)
  const vector = vectorField(table, SPARSITY.levels, 4, 'sparse dimensions')
  for (const [block, axis] of blockMap.entries()) {
    const level = order.indexOf(shape.length + block)
    const size =
      vector === null
        ? 0
        : int32Field(tableOf(vector, level, 'sparse block'), SPARSE_LEVEL.denseSize, 0, 'sparse block')
    const length = shape[axis]
    if (length === undefined || sizes[axis] !== 1 || size < 1 || length % size !== 0)
      throw malformed(table, 'block map', `blocks of ${size} along axis ${axis} of [${shape}]`)
    sizes[axis] = size
  }
  return sizes
}

/** Null for a dense level. Checked so that `place` ends: segments grow, indices stay inside, and none repeats. */
function readSparse(metadata: FlatTable, step: Step, parents: number): Level['sparse'] {
  if (int8Field(metadata, SPARSE_LEVEL.format, DENSE, 'sparse dimension') === DENSE) {
    const size = int32Field(metadata, SPARSE_LEVEL.denseSize, 0, 'sparse dimension')
    if (size !== step.size) throw malformed(metadata, 'sparse dimension', `${size} where ${step.size} are needed`)
    return null
  }
  const segments = indexVector(metadata, SPARSE_LEVEL.segmentsType, SPARSE_LEVEL.segments, 'segments')
  const indices = indexVector(metadata, SPARSE_LEVEL.indicesType, SPARSE_LEVEL.indices, 'indices')
  if (segments.length !== parents + 1 || segments[0] !== 0 || segments[parents] !== indices.length)
    throw malformed(metadata, 'sparse segments', `${segments.length} for ${parents} rows and ${indices.length} indices`)
  for (let parent = 0; parent < parents; parent++) {
    let previous = -1
    if (segments[parent + 1]! < segments[parent]! || segments[parent + 1]! > indices.length)
      throw malformed(metadata, 'sparse segments', `segment ${parent} ends before it begins or after the indices`)
    for (let child = segments[parent]!; child < segments[parent + 1]!; child++) {
      if (indices[child]! <= previous || indices[child]! >= step.size)
        throw malformed(metadata, 'sparse indices', `${indices[child]} after ${previous}, below ${step.size}`)
      previous = indices[child]!
    }
  }
  return { segments, indices }
}

function indexVector(metadata: FlatTable, typeField: number, field: number, what: string): Int32Array {
  const type = uint8Field(metadata, typeField, 0, what)
  const bytes = type === INT32_VECTOR ? 4 : type === UINT16_VECTOR ? 2 : type === UINT8_VECTOR ? 1 : 0
  const holder = bytes === 0 ? null : tableField(metadata, field, what)
  const vector = holder === null ? null : vectorField(holder, 0, bytes, what)
  return vector === null ? new Int32Array() : widened(vector, bytes, what)
}

function widened(vector: FlatVector, bytes: number, what: string): Int32Array {
  spend(vector.buffer, (4 - bytes) * vector.length, what)
  const view = vectorBytes(vector, bytes, what)
  const numbers = new Int32Array(vector.length)
  for (let index = 0; index < vector.length; index++)
    numbers[index] =
      bytes === 4
        ? view.getInt32(4 * index, true)
        : bytes === 2
          ? view.getUint16(2 * index, true)
          : view.getUint8(index)
  return numbers
}

function numbers(table: FlatTable, field: number, most: number, what: string): number[] {
  const vector = vectorField(table, field, 4, what)
  if (vector === null) return []
  if (vector.length > most)
    throw readError(table.buffer.source.path, 'limit', { what, value: `${vector.length}`, limit: `${most}` })
  return int32s(vector, what)
}

function malformed(table: FlatTable, what: string, reason: string) {
  return readError(table.buffer.source.path, 'malformed', { what, reason, offset: table.position })
}
