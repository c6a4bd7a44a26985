import type { Quantisation, StoredTensor } from './model-file.ts'
import type { OnnxData } from './onnx-data.ts'
import { readBytes } from './source.ts'

/** Tensors of one name whose elements are compared with a new one of that name: an If has two branches. */
const MAX_ALIKE = 4

/** Comparisons in one file; exporters repeat a few hundred names. */
const MAX_COMPARISONS = 65_536

/** Bytes compared in one file. Beyond either, tensors of one name count as different rather than cost more reading. */
const MAX_COMPARED_BYTES = 256 * 1024 * 1024

interface Budget {
  /** Bytes. */
  left: number
  comparisons: number
}

/** A tensor and the path of the graph it stands in. */
export interface PlacedTensor {
  stored: StoredTensor
  path: string
}

/**
 * Gives every tensor a name of its own: those in subgraphs that repeat a name get the graph's path in front. One that
 * repeats an earlier one of its name in every element is left out: exporters copy what both branches of an If need.
 */
export function namedApart(data: OnnxData, tensors: PlacedTensor[]): StoredTensor[] {
  const alike = new Map<string, StoredTensor[]>()
  const taken = new Map<string, number>()
  const budget: Budget = { left: MAX_COMPARED_BYTES, comparisons: MAX_COMPARISONS }
  const kept: StoredTensor[] = []
  for (const { stored, path } of tensors) {
    const earlier = alike.get(stored.name)
    if (earlier?.some((one) => isSame(data, one, stored, budget))) continue
    if (earlier === undefined) alike.set(stored.name, [stored])
    else if (earlier.length < MAX_ALIKE) earlier.push(stored)
    const name = freeName(taken, stored.name, path)
    kept.push(name === stored.name ? stored : { ...stored, name })
  }
  return kept
}

function freeName(taken: Map<string, number>, name: string, path: string): string {
  const candidates = [name || 'unnamed', path === '' ? null : `${path}/${name || 'unnamed'}`]
  const free = candidates.find((candidate) => candidate !== null && !taken.has(candidate))
  if (free != null) {
    taken.set(free, 1)
    return free
  }
  const base = candidates.findLast((candidate) => candidate !== null)!
  const number = taken.get(base)! + 1
  taken.set(base, number)
  return freeName(taken, `${base}#${number}`, '')
}

function isSame(data: OnnxData, a: StoredTensor, b: StoredTensor, budget: Budget): boolean {
  if (--budget.comparisons < 0 || a.element !== b.element || JSON.stringify(a.view) !== JSON.stringify(b.view))
    return false
  return isSameScale(a.quantisation, b.quantisation) && isSameBytes(data, a, b, budget)
}

function isSameScale(a: Quantisation | null, b: Quantisation | null): boolean {
  if (a?.kind !== 'affine' || b?.kind !== 'affine') return a === b
  const isSameList = (x: Float32Array | null, y: Float32Array | null) =>
    x === y || (x !== null && y !== null && x.length === y.length && x.every((value, i) => Object.is(value, y[i])))
  return (
    a.scheme === b.scheme &&
    JSON.stringify(a.group) === JSON.stringify(b.group) &&
    isSameList(a.scales, b.scales) &&
    isSameList(a.zeroPoints, b.zeroPoints)
  )
}

function isSameBytes(data: OnnxData, a: StoredTensor, b: StoredTensor, budget: Budget): boolean {
  if (a.data.kind === 'ranges' && JSON.stringify(a.data) === JSON.stringify(b.data)) return true
  const left = chunksOf(data, a, budget)
  const right = chunksOf(data, b, budget)
  for (;;) {
    const [x, y] = [left.next(), right.next()]
    if (x.done === true || y.done === true) return x.done === y.done && budget.left >= 0
    if (!Buffer.from(x.value).equals(y.value)) return false
  }
}

const CHUNK_BYTES = 64 * 1024

/** A tensor's bytes in pieces of equal size; ends early when the budget is spent. */
function* chunksOf(data: OnnxData, tensor: StoredTensor, budget: Budget): Generator<Uint8Array> {
  const { ranges, bytes } =
    tensor.data.kind === 'ranges' ? { ...tensor.data, bytes: null } : { ...tensor.data, ranges: [] }
  if (bytes !== null) yield* inChunks(bytes.length, (from, length) => bytes.subarray(from, from + length), budget)
  for (const { file, offset, length } of ranges)
    yield* inChunks(length, (from, size) => readBytes(data.files[file]!, offset + from, size, tensor.name), budget)
}

function* inChunks(
  length: number,
  piece: (from: number, length: number) => Uint8Array,
  budget: Budget,
): Generator<Uint8Array> {
  for (let from = 0; from < length; from += CHUNK_BYTES) {
    const size = Math.min(CHUNK_BYTES, length - from)
    budget.left -= size
    if (budget.left < 0) return
    yield piece(from, size)
  }
}
