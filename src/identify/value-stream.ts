import { decodeBlocks } from '../kernel/blocks.ts'
import { f16ToF32Word } from '../kernel/exact.ts'
import type { AffineQuantisation, StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { isContiguous, product } from './canonical.ts'
import { elementWidth, float8Values, integers, isFloat, isNibble } from './decode.ts'
import { dequantiser } from './dequantise.ts'
import { gather } from './gather.ts'
import { gatherBlocks } from './gather-blocks.ts'
import { gatherNibbles } from './gather-nibbles.ts'
import { packedValues } from './packed-values.ts'
import { isPacked } from './print-packed.ts'
import { readStored } from './stored-bytes.ts'
import { storedSize } from './stored-size.ts'

/** Values in binary32, of binary64 tensors in binary64. */
export type ValueChunk = Float32Array | Float64Array

/** The next values of a tensor, in any number; null at the end. The array is used again. */
export type NextValues = () => ValueChunk | null

/** Bytes in memory at once: two tensors side by side stay within the caches' reach. */
const CHUNK_BYTES = 256 * 1024

/** A tensor's values in canonical row-major order, dequantised, read a piece at a time. */
export function valueStream(tensor: StoredTensor, files: readonly ByteSource[]): NextValues {
  if (isPacked(tensor)) {
    const { rows, next } = packedValues(tensor, files, { update() {}, finish: () => '' })
    let row = 0
    return () => (row++ < rows ? next() : null)
  }
  const chunks = storedChunks(tensor, files)
  const decode = decoderOf(tensor)
  return () => {
    const { done, value } = chunks.next()
    return done ? null : decode(value)
  }
}

/** A tensor's stored bytes in the order of its view, a piece at a time; half bytes arrive spread to bytes. */
export function* storedChunks(tensor: StoredTensor, files: readonly ByteSource[]): Generator<Uint8Array<ArrayBuffer>> {
  const { element, quantisation, view } = tensor
  const unit = quantisation?.kind === 'blocks' ? quantisation.blockBytes : elementWidth(element)
  if (isNibble(element)) yield* gatherNibbles(tensor, files)
  else if (isContiguous(view)) yield* inOrder(tensor, files, unit)
  else if (quantisation?.kind === 'blocks') yield* gatherBlocks(tensor, quantisation, files)
  else yield* gather(tensor, files, unit)
}

function* inOrder(
  tensor: StoredTensor,
  files: readonly ByteSource[],
  unit: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const start = storedSize(tensor, tensor.view.start)
  const length = storedSize(tensor, product(tensor.view.shape))
  const chunk = new Uint8Array(Math.min(length, CHUNK_BYTES - (CHUNK_BYTES % unit)))
  for (let done = 0; done < length; done += chunk.length) {
    const bytes = chunk.subarray(0, Math.min(chunk.length, length - done))
    readStored(tensor, files, start + done, bytes)
    yield bytes
  }
}

function decoderOf(tensor: StoredTensor): (bytes: Uint8Array<ArrayBuffer>) => ValueChunk {
  const { element, quantisation, view } = tensor
  if (quantisation?.kind === 'blocks') {
    const { scheme, blockBytes, blockElements } = quantisation
    return (bytes) => {
      const values = new Float32Array((bytes.length / blockBytes) * blockElements)
      decodeBlocks(scheme, bytes, values)
      return values
    }
  }
  if (quantisation?.kind === 'affine' || !isFloat(element)) {
    const toValues = quantisation?.kind === 'affine' ? dequantiser(view.shape, quantisation) : plain
    return (bytes) => {
      const values = new Float32Array(bytes.length / elementWidth(element))
      toValues(integers(bytes, element), values)
      return values
    }
  }
  return floatDecoder(element)
}

function plain(stored: ArrayLike<number | bigint>, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Number(stored[i])
}

function floatDecoder(element: StoredTensor['element']): (bytes: Uint8Array<ArrayBuffer>) => ValueChunk {
  switch (element) {
    case 'f64':
      return ({ buffer, byteOffset, byteLength }) => new Float64Array(buffer, byteOffset, byteLength / 8)
    case 'bf16':
      return fromBrain()
    case 'f16':
      return fromHalves()
    case 'f8e4m3':
    case 'f8e5m2':
      return (bytes) => float8Values(bytes, element)
    default:
      return ({ buffer, byteOffset, byteLength }) => new Float32Array(buffer, byteOffset, byteLength / 4)
  }
}

/** Two loops that look alike: one with the conversion as an argument takes three times as long. */
function fromBrain(): (bytes: Uint8Array<ArrayBuffer>) => Float32Array {
  let words = new Uint32Array(0)
  return ({ buffer, byteOffset, byteLength }) => {
    const halves = new Uint16Array(buffer, byteOffset, byteLength / 2)
    if (words.length < halves.length) words = new Uint32Array(halves.length)
    for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16
    return new Float32Array(words.buffer, 0, halves.length)
  }
}

/** All 65,536 halves once: looking up is quicker than taking the bits apart. */
function fromHalves(): (bytes: Uint8Array<ArrayBuffer>) => Float32Array {
  halfTable ??= Uint32Array.from({ length: 1 << 16 }, (_, half) => f16ToF32Word(half))
  const table = halfTable
  let words = new Uint32Array(0)
  return ({ buffer, byteOffset, byteLength }) => {
    const halves = new Uint16Array(buffer, byteOffset, byteLength / 2)
    if (words.length < halves.length) words = new Uint32Array(halves.length)
    for (let i = 0; i < halves.length; i++) words[i] = table[halves[i]!]!
    return new Float32Array(words.buffer, 0, halves.length)
  }
}

let halfTable: Uint32Array | undefined

/**
 * The tensor read as its canonical matrix transposed; null where storage along the rows forbids it (blocks, packed codes).
 */
export function transposedTensor(tensor: StoredTensor): StoredTensor | null {
  const { view, quantisation } = tensor
  if (quantisation?.kind === 'blocks' || quantisation?.kind === 'packed') return null
  const axes = view.shape.map((_, axis) => axis).filter((axis) => view.shape[axis] !== 1)
  const lead = axes.filter((axis) => axis < view.rowAxes)
  const rows = lead.length > 0 ? lead : axes.slice(0, 1)
  const columns = axes.filter((axis) => !rows.includes(axis))
  const order = [...columns, ...rows]
  return {
    ...tensor,
    view: {
      shape: order.map((axis) => view.shape[axis]!),
      strides: order.map((axis) => view.strides[axis]!),
      start: view.start,
      rowAxes: Math.max(1, columns.length),
    },
    quantisation: quantisation && turned(quantisation, view.shape, order),
  }
}

/** Scales stand in row-major order over the blocks of the view, so that they change places with its axes. */
function turned(
  quantisation: AffineQuantisation,
  shape: readonly number[],
  order: readonly number[],
): AffineQuantisation {
  const { group, scales, zeroPoints } = quantisation
  const blocks = shape.map((size, axis) => Math.ceil(size / group[axis]!))
  const strides = blocks.map((_, axis) => product(blocks.slice(axis + 1)))
  const turnedBlocks = order.map((axis) => blocks[axis]!)
  const from = Array.from({ length: product(turnedBlocks) }, (_, index) => {
    let rest = index
    let at = 0
    for (let k = order.length - 1; k >= 0; k--) {
      at += (rest % turnedBlocks[k]!) * strides[order[k]!]!
      rest = Math.floor(rest / turnedBlocks[k]!)
    }
    return at
  })
  const pick = (values: Float32Array) => Float32Array.from(from, (at) => values[at]!)
  return {
    ...quantisation,
    group: order.map((axis) => group[axis]!),
    scales: pick(scales),
    zeroPoints: zeroPoints && pick(zeroPoints),
  }
}
