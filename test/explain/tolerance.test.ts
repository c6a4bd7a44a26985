import { expect, it } from 'vitest'
import { gridResidual, toleranceOf } from '../../src/explain/tolerance.ts'
import { valueStream } from '../../src/identify/value-stream.ts'
import { decodeBlocks } from '../../src/kernel/blocks.ts'
import { readGguf } from '../../src/read/gguf.ts'
import { readFixture } from '../builders/fixtures.ts'
import { gaussians } from '../builders/models.ts'
import { storedBytes, tensorValues } from '../builders/values.ts'

const SCHEMES = ['Q2_K', 'Q3_K', 'Q4_K', 'Q5_K', 'Q6_K', 'IQ4_NL', 'IQ4_XS'] as const

/** The residual of ggml's blocks against weights moved by a share of their size. */
function residualOf(scheme: (typeof SCHEMES)[number], moved: number): number {
  const file = readFixture(readGguf, `test/fixtures/tolerance/${scheme}.gguf`)
  const tensor = (name: string) => file.tensors.find((item) => item.name === name)!
  const count = 8 * 512
  const step = Math.sqrt(decodeBlocks(scheme, storedBytes(file, tensor('blocks')), new Float32Array(count)) / count)
  const noise = gaussians(1, count, 0.02 * moved)
  const weights = Float64Array.from(tensorValues(file, tensor('weights')), (value, at) => value + noise[at]!)
  let isRead = false
  const once = () => {
    if (isRead) return null
    isRead = true
    return weights
  }
  return gridResidual(once, valueStream(tensor('blocks'), file.files), { rows: 8, columns: 512 }, step).plain
}

it.each(SCHEMES)('ggml’s %s of the same weights lies within its tolerance', (scheme) => {
  const { least, most } = toleranceOf(scheme)!
  const residual = residualOf(scheme, 0)
  expect([residual >= least, residual <= most]).toEqual([true, true])
})

it.each(SCHEMES)('ggml’s %s of weights moved by half of their size lies outside', (scheme) => {
  expect(residualOf(scheme, 0.5)).toBeGreaterThan(toleranceOf(scheme)!.most)
})
