import type { AffineQuantisation } from '../read/model-file.ts'
import { scaleRuns } from './scale-runs.ts'

/** Turns stored integers into values, chunk after chunk in row-major order: value = (stored − zero point) · scale. */
export type Dequantiser = (stored: ArrayLike<number | bigint>, values: Float32Array) => void

export function dequantiser(shape: readonly number[], quantisation: AffineQuantisation): Dequantiser {
  const { scales, zeroPoints } = quantisation
  const runs = scaleRuns(shape, quantisation.group)
  let left = 0
  let scale = 0
  let zero = 0
  return (stored, values) => {
    for (let i = 0; i < values.length; ) {
      if (left === 0) {
        const run = runs.next().value as { elements: number; index: number }
        left = run.elements
        scale = scales[run.index] ?? 0
        zero = zeroPoints?.[run.index] ?? 0
      }
      const end = Math.min(values.length, i + left)
      left -= end - i
      for (; i < end; i++) values[i] = (Number(stored[i]) - zero) * scale
    }
  }
}
