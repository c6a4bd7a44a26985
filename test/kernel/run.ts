import type { Kernel, KernelElement, RunResult } from '../../src/kernel/kernel.ts'
import { encode } from './tensors.ts'

/** Runs a whole tensor through a kernel in pieces of `piece` elements. */
export function run(
  kernel: Kernel,
  rows: number,
  columns: number,
  element: KernelElement,
  values: ArrayLike<number>,
  piece = 8_192,
  canonical = false,
): RunResult {
  const bytes = encode(element, values)
  const width = bytes.length / Math.max(1, values.length)
  const tensor = kernel.start(rows, columns, element)
  for (let at = 0; at < values.length; at += piece) {
    const count = Math.min(piece, values.length - at)
    tensor.inlet.set(bytes.subarray(at * width, (at + count) * width))
    if (canonical) tensor.canonicalise(count)
    tensor.push(count)
  }
  return tensor.finish()
}
