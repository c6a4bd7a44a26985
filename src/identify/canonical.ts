import type { TensorView } from '../read/model-file.ts'

/** The canonical m × n matrix of a view. */
export interface Matrix {
  rows: number
  columns: number
}

/**
 * Size-1 axes are dropped; a vector is 1 × n; with more axes the rows are the first axis left (or the first `rowAxes` axes of the
 * view together: depthwise filters) and the columns all the rest.
 */
export function canonicalMatrix(view: TensorView): Matrix {
  const rest = view.shape.slice(view.rowAxes).filter((size) => size !== 1)
  const lead = product(view.shape.slice(0, view.rowAxes))
  const axes = lead === 1 ? rest : [lead, ...rest]
  if (axes.length <= 1) return { rows: 1, columns: axes[0] ?? 1 }
  return { rows: axes[0]!, columns: product(axes.slice(1)) }
}

/** True when the view's elements stand one after the other from `start` on, in row-major order. */
export function isContiguous(view: TensorView): boolean {
  let step = 1
  for (let axis = view.shape.length - 1; axis >= 0; axis--) {
    if (view.shape[axis] === 1) continue
    if (view.strides[axis] !== step) return false
    step *= view.shape[axis]!
  }
  return true
}

/**
 * Cuts a view into parts of at most `limit` elements that follow one another in row-major order, so that a large transposed
 * tensor passes through little memory.
 */
export function* strips(view: TensorView, limit: number): Generator<TensorView> {
  const { shape, strides, start } = view
  if (product(shape) <= limit) {
    yield view
    return
  }
  const axis = shape.findIndex((size) => size > 1)
  const inner = product(shape.slice(axis + 1))
  const step = Math.max(1, Math.floor(limit / inner))
  for (let at = 0; at < shape[axis]!; at += step) {
    const size = Math.min(step, shape[axis]! - at)
    const part = { ...view, shape: shape.with(axis, size), start: start + at * strides[axis]! }
    if (size * inner <= limit) yield part
    else yield* strips(part, limit)
  }
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1)
}
