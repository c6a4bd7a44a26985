import type { StoredTensor, TensorView } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { product, strips } from './canonical.ts'
import { readStored } from './stored-bytes.ts'

/** Bytes of one element. */
export type Width = 1 | 2 | 4 | 8

/** A strip's elements in memory; with the span read beside it this stays far below a worker's 64 MiB. */
const STRIP_BYTES = 8 * 1024 * 1024

/** A strip whose elements lie within so many bytes is read in one piece and picked apart in memory. */
const SPAN_BYTES = 16 * 1024 * 1024

/**
 * A tensor's stored elements in the order of its view, strip by strip. `width` is the bytes of one element, or of a
 * block (elements of half a byte are spread to whole bytes by the caller before they get here).
 */
export function* gather(
  tensor: StoredTensor,
  files: readonly ByteSource[],
  width: number,
): Generator<Uint8Array<ArrayBuffer>> {
  if (product(tensor.view.shape) === 0) return
  for (const strip of strips(tensor.view, Math.floor(STRIP_BYTES / width)))
    yield gatherStrip(tensor, files, strip, width)
}

function gatherStrip(
  tensor: StoredTensor,
  files: readonly ByteSource[],
  strip: TensorView,
  width: number,
): Uint8Array<ArrayBuffer> {
  const last = strip.shape.reduce((at, size, axis) => at + (size - 1) * strip.strides[axis]!, strip.start)
  const span = (last - strip.start + 1) * width
  if (span <= SPAN_BYTES) {
    const stored = new Uint8Array(span)
    readStored(tensor, files, strip.start * width, stored)
    return pick(stored, { ...strip, start: 0 }, width)
  }
  return gatherRuns(tensor, files, strip, width)
}

/** Elements far apart: reads the runs that lie together in the file, then brings them into the view's order. */
function gatherRuns(
  tensor: StoredTensor,
  files: readonly ByteSource[],
  strip: TensorView,
  width: number,
): Uint8Array<ArrayBuffer> {
  const axes = strip.shape.map((_, axis) => axis).filter((axis) => strip.shape[axis]! > 1)
  const byStride = axes.sort((a, b) => strip.strides[b]! - strip.strides[a]!)
  let run = 1
  while (byStride.length > 0 && strip.strides[byStride.at(-1)!] === run) run *= strip.shape[byStride.pop()!]!
  const outer: Axis[] = byStride.map((axis) => ({ size: strip.shape[axis]!, stride: strip.strides[axis]! }))
  const packed = new Uint8Array(product(strip.shape) * width)
  let filled = 0
  for (const offset of offsets(outer, strip.start)) {
    readStored(tensor, files, offset * width, packed.subarray(filled, filled + run * width))
    filled += run * width
  }
  return pick(packed, packedView(strip), width)
}

/** The strip's view of an array that holds just its elements, in the order of their strides. */
function packedView(strip: TensorView): TensorView {
  const order = strip.shape.map((_, axis) => axis).sort((a, b) => strip.strides[a]! - strip.strides[b]! || b - a)
  const strides = new Array<number>(strip.shape.length).fill(0)
  let step = 1
  for (const axis of order) {
    if (strip.shape[axis] === 1) continue
    strides[axis] = step
    step *= strip.shape[axis]!
  }
  return { ...strip, strides, start: 0 }
}

interface Axis {
  size: number
  stride: number
}

/** The start of every inner run: all combinations of the outer axes, the last one fastest. */
function* offsets(axes: readonly Axis[], start: number): Generator<number> {
  const index = axes.map(() => 0)
  let offset = start
  while (true) {
    yield offset
    let axis = axes.length - 1
    while (axis >= 0 && ++index[axis]! === axes[axis]!.size) {
      offset -= (axes[axis]!.size - 1) * axes[axis]!.stride
      index[axis--] = 0
    }
    if (axis < 0) return
    offset += axes[axis]!.stride
  }
}

/** The view's axes without those of size 1, neighbours that run on as one put together. */
function mergedAxes(view: TensorView): Axis[] {
  const merged: Axis[] = []
  view.shape.forEach((size, axis) => {
    if (size === 1) return
    const stride = view.strides[axis]!
    const before = merged.at(-1)
    if (before && before.stride === size * stride) merged[merged.length - 1] = { size: before.size * size, stride }
    else merged.push({ size, stride })
  })
  return merged
}

/** Shorter runs are picked up sooner element by element than by a call for each. */
const WORTH_COPYING_BYTES = 64

const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const

function hasArray(width: number): width is Width {
  return Object.hasOwn(ARRAYS, width)
}

const ONE: Axis = { size: 1, stride: 0 }

/** The view's elements of `stored`, in row-major order. */
function pick(stored: Uint8Array<ArrayBuffer>, view: TensorView, width: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(product(view.shape) * width)
  const axes = mergedAxes(view)
  const inner = axes.pop() ?? ONE
  const isRun = inner.stride === 1 && inner.size * width >= WORTH_COPYING_BYTES
  if (isRun || !hasArray(width)) {
    pickRuns(stored, out, [...axes, inner], view.start, width)
    return out
  }
  const from = new ARRAYS[width](stored.buffer)
  const to = new ARRAYS[width](out.buffer)
  const middle = axes.pop() ?? ONE
  let at = 0
  for (const offset of offsets(axes, view.start)) {
    for (let j = 0; j < middle.size; j++) {
      let k = offset + j * middle.stride
      for (let i = 0; i < inner.size; i++, k += inner.stride) to[at++] = from[k]!
    }
  }
  return out
}

/** Copies what lies together along the last axis in one go, so that rows that only change places cost little. */
function pickRuns(stored: Uint8Array, out: Uint8Array, axes: readonly Axis[], start: number, width: number): void {
  const inner = axes.at(-1)!
  const run = inner.stride === 1 ? inner.size * width : width
  const outer = inner.stride === 1 ? axes.slice(0, -1) : axes
  let at = 0
  for (const offset of offsets(outer, start)) {
    out.set(stored.subarray(offset * width, offset * width + run), at)
    at += run
  }
}
