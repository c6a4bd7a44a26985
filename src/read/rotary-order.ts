import type { TensorView } from './model-file.ts'

/**
 * A matrix (or bias) of q or k whose heads hold their rotary pairs side by side (rows 2i, 2i + 1), seen in Hugging Face's
 * order, where a pair stands half a head apart: row h · n + s · n/2 + i is stored row h · n + 2i + s. Null unless the rows
 * are so many heads of an even size.
 */
export function halvesOfHeads(view: TensorView, heads: number): TensorView | null {
  const [rows = 0, ...rest] = view.shape
  const half = rows / heads / 2
  if (rest.length > 1 || !Number.isInteger(half) || half === 0) return null
  const [step = 1, ...inner] = view.strides
  return {
    shape: [heads, 2, half, ...rest],
    strides: [2 * half * step, step, 2 * step, ...inner],
    start: view.start,
    rowAxes: 3,
  }
}
