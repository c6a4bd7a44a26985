import { ELEMENT_BITS, type ElementType } from './model-file.ts'
import { allBytes, holdInMemory, type OnnxData } from './onnx-data.ts'
import type { LinkedNode, OnnxValue } from './onnx-links.ts'
import type { OnnxTensor } from './onnx-model.ts'
import { type Part, wholePart } from './onnx-part.ts'
import { keptNumbers, type StoredScales } from './onnx-scales.ts'
import { malformed } from './protobuf.ts'
import { readError } from './read-error.ts'

/** A byte tensor that packs small integers, seen as those. */
export interface Unpacked {
  element: ElementType
  dims: number[]
  part: Part
  scales: StoredScales
}

/** The weight as onnxruntime's block-quantised operators pack it; null for every other tensor. */
export function unpackBlocks(data: OnnxData, value: OnnxValue, tensor: OnnxTensor): Unpacked | null {
  for (const { node, input } of value.uses) {
    if (node.op === 'MatMulNBits' && input === 1) return unpackMatMul(data, node, tensor)
    if (node.op === 'GatherBlockQuantized' && input === 0) return unpackGather(data, node, tensor)
  }
  return null
}

/**
 * MatMulNBits: B is uint8 [N, blocks, bytes of a block], rows of K values padded to whole blocks, low bits first; scales
 * [N · blocks]; zero points packed likewise, rows padded to whole bytes, or of the scales' type; by default the middle.
 */
function unpackMatMul(data: OnnxData, node: LinkedNode, tensor: OnnxTensor): Unpacked {
  const bits = attribute(node, 'bits') ?? 4
  const [rows, columns, size] = [attribute(node, 'N'), attribute(node, 'K'), attribute(node, 'block_size')]
  const element = packedElement(data, node, bits)
  if (!isCount(rows) || !isCount(columns) || !isCount(size)) throw misfit(data, tensor)
  const blocks = Math.ceil(columns / size)
  const width = blocks * Math.ceil((size * bits) / 8) * (8 / bits)
  if (ELEMENT_BITS[tensor.element] !== 8 || tensor.count * 8 !== rows * width * bits || width !== blocks * size)
    throw misfit(data, tensor)
  if (node.inputs[4] != null) throw unsupported(data, 'blocks in another order (g_idx)')
  const dims = [rows, width]
  const part = { ...wholePart(dims, [0, 1]), lengths: [rows, columns] }
  const scales = blockScales(data, node, tensor, rows * blocks, blocks, bits, 2 ** (bits - 1))
  return { element, dims, part, scales: { scheme: `uint${bits}`, bits, groups: [1, size], ...scales } }
}

/** GatherBlockQuantized: (rows, columns) in blocks of the last axis; in uint8 two values to a byte. */
function unpackGather(data: OnnxData, node: LinkedNode, tensor: OnnxTensor): Unpacked {
  const isPacked = tensor.element === 'u8'
  const bits = isPacked ? (attribute(node, 'bits') ?? 4) : ELEMENT_BITS[tensor.element]
  const element = isPacked ? packedElement(data, node, bits) : tensor.element
  const size = attribute(node, 'block_size') ?? 128
  const quantisedAxis = attribute(node, 'quantize_axis') ?? 1
  if (tensor.dims.length !== 2 || (quantisedAxis !== 1 && quantisedAxis !== -1) || !isCount(size))
    throw unsupported(data, 'blocks along another axis')
  const [rows, stored] = tensor.dims as [number, number]
  const width = isPacked ? (stored * 8) / bits : stored
  const blocks = Math.ceil(width / size)
  const dims = [rows, width]
  const middle = isPacked ? 2 ** (bits - 1) : 0
  const scales = blockScales(data, node, tensor, rows * blocks, blocks, isPacked ? bits : 0, middle)
  const scheme = element.startsWith('i') ? `int${bits}` : `uint${bits}`
  return { element, dims, part: wholePart(dims, [0, 1]), scales: { scheme, bits, groups: [1, size], ...scales } }
}

function attribute(node: LinkedNode, name: string): number | undefined {
  return node.attributes.get(name)?.[0]
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0 && value < 2 ** 32
}

function packedElement(data: OnnxData, node: LinkedNode, bits: number): ElementType {
  if (bits === 4) return 'u4'
  if (bits === 8) return 'u8'
  throw unsupported(data, `${node.op} with ${bits} bits`)
}

/** Inputs 2 and 3. `packedBits`: of a zero point in uint8, 0 where zero points are never packed. */
function blockScales(
  data: OnnxData,
  node: LinkedNode,
  tensor: OnnxTensor,
  count: number,
  rowLength: number,
  packedBits: number,
  middle: number,
): { scales: Float32Array; zeroPoints: Float32Array | null } {
  const scale = node.inputs[2]?.tensor
  const zeroPoint = node.inputs[3]?.tensor
  if (scale?.count !== count) throw misfit(data, tensor)
  const scales = keptNumbers(data, scale)
  if (zeroPoint == null) return { scales, zeroPoints: middle === 0 ? null : filled(data, count, middle) }
  const isPacked = zeroPoint.element === 'u8' && packedBits !== 0
  if (isPacked) return { scales, zeroPoints: unpackZeroPoints(data, zeroPoint, count, rowLength, packedBits) }
  if (zeroPoint.count !== count) throw misfit(data, zeroPoint)
  return { scales, zeroPoints: keptNumbers(data, zeroPoint) }
}

function filled(data: OnnxData, count: number, value: number): Float32Array {
  holdInMemory(data, count * 4)
  return new Float32Array(count).fill(value)
}

/** Rows of `rowLength` zero points, each row padded to whole bytes, low bits first. */
function unpackZeroPoints(
  data: OnnxData,
  tensor: OnnxTensor,
  count: number,
  rowLength: number,
  bits: number,
): Float32Array {
  const rowBytes = Math.ceil((rowLength * bits) / 8)
  if (tensor.count !== (count / rowLength) * rowBytes) throw misfit(data, tensor)
  const bytes = allBytes(data, tensor)
  holdInMemory(data, count * 4)
  const perByte = 8 / bits
  return Float32Array.from({ length: count }, (_, index) => {
    const column = index % rowLength
    const byte = bytes[((index - column) / rowLength) * rowBytes + Math.floor(column / perByte)]!
    return (byte >> ((column % perByte) * bits)) & (2 ** bits - 1)
  })
}

function misfit(data: OnnxData, tensor: OnnxTensor) {
  return malformed(data.wire, 'block-quantised tensor', 'its shape does not fit its operator', tensor.offset)
}

function unsupported(data: OnnxData, value: string) {
  return readError(data.wire.source.path, 'unsupported', { what: 'ONNX block quantisation', value })
}
