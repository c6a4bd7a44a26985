import { rowMajorStrides, type TensorBytes, type TensorView } from './model-file.ts'

/** A box of a stored tensor, seen with its axes in canonical order: what becomes one tensor of the model. */
export interface Part {
  /** Appended to the tensor's name; '' for the whole tensor. */
  suffix: string
  /** First index and number of indices, for every stored axis. */
  from: number[]
  lengths: number[]
  /** Stored axes in the order of the view; those left out have length 1. */
  order: number[]
}

export function wholePart(dims: readonly number[], order: readonly number[]): Part {
  return { suffix: '', from: dims.map(() => 0), lengths: [...dims], order: [...order] }
}

/** The part with only `length` indices of one axis, from `from` on. */
export function narrowed(part: Part, axis: number, from: number, length: number, suffix: string): Part {
  return {
    suffix: part.suffix + suffix,
    from: part.from.with(axis, part.from[axis]! + from),
    lengths: part.lengths.with(axis, length),
    order: part.order,
  }
}

/** The view of a part and the bytes it needs: those of the part alone where they stand together. */
export function viewOf(
  dims: readonly number[],
  bits: number,
  part: Part,
  data: TensorBytes,
): { view: TensorView; data: TensorBytes } {
  const strides = rowMajorStrides(dims)
  const start = part.from.reduce((sum, from, axis) => sum + from * strides[axis]!, 0)
  const view: TensorView = {
    shape: part.order.map((axis) => part.lengths[axis]!),
    strides: part.order.map((axis) => strides[axis]!),
    start,
    rowAxes: 1,
  }
  const count = part.lengths.reduce((product, length) => product * length, 1)
  const cut = isContiguous(dims, part) && (start * bits) % 8 === 0
  if (!cut) return { view, data }
  return { view: { ...view, start: 0 }, data: slice(data, (start * bits) / 8, Math.ceil((count * bits) / 8)) }
}

/** A box stands together when, after its first axis longer than 1, it takes every axis whole. */
function isContiguous(dims: readonly number[], part: Part): boolean {
  const first = part.lengths.findIndex((length) => length > 1)
  return first < 0 || part.lengths.every((length, axis) => axis <= first || length === dims[axis])
}

function slice(data: TensorBytes, offset: number, length: number): TensorBytes {
  if (data.kind === 'inline') return { kind: 'inline', bytes: data.bytes.subarray(offset, offset + length) }
  const ranges = data.ranges.map((range) => ({ ...range, offset: range.offset + offset, length }))
  return { kind: 'ranges', ranges }
}
