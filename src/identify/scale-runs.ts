import type { AffineQuantisation } from '../read/model-file.ts'
import { product } from './canonical.ts'

/** So many elements in row-major order share one scale. */
export interface ScaleRun {
  elements: number
  /** Index into `scales` and `zeroPoints`. */
  index: number
}

/** The runs of equal scale of a tensor of this shape, in row-major order. */
export function* scaleRuns(shape: readonly number[], group: readonly number[]): Generator<ScaleRun> {
  const scaled = lastScaledAxis(shape, group)
  if (scaled < 0) {
    yield { elements: product(shape), index: 0 }
    return
  }
  const inner = product(shape.slice(scaled + 1))
  const blocks = shape.map((size, axis) => Math.ceil(size / group[axis]!))
  const index = shape.slice(0, scaled).map(() => 0)
  while (true) {
    const base = index.reduce((at, i, axis) => at * blocks[axis]! + Math.floor(i / group[axis]!), 0)
    for (let block = 0; block < blocks[scaled]!; block++) {
      const size = Math.min(group[scaled]!, shape[scaled]! - block * group[scaled]!)
      yield { elements: size * inner, index: base * blocks[scaled]! + block }
    }
    let axis = scaled - 1
    while (axis >= 0 && ++index[axis]! === shape[axis]!) index[axis--] = 0
    if (axis < 0) return
  }
}

/** The last axis that has more than one scale, or −1. */
function lastScaledAxis(shape: readonly number[], group: readonly number[]): number {
  let axis = shape.length - 1
  while (axis >= 0 && group[axis]! >= shape[axis]!) axis--
  return axis
}

/** Root mean square of the scales. */
export function rootMeanSquareStep(quantisation: AffineQuantisation): number {
  let sum = 0
  for (const scale of quantisation.scales) sum += scale * scale
  return Math.sqrt(sum / Math.max(1, quantisation.scales.length))
}
