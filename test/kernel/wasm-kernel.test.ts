import { describe, expect, test } from 'vitest'
import type { Kernel } from '../../src/kernel/kernel.ts'
import { loadKernel } from '../../src/kernel/load.ts'
import { kernelContract } from './kernel.contract.ts'
import { searchContract } from './search.contract.ts'

/** Fails, rather than testing the plain kernel twice, when the wasm was not built (npm run build:wasm). */
function wasm(): Kernel {
  const kernel = loadKernel()
  if (kernel.name !== 'wasm') throw new Error('dist/kernel.wasm is missing: npm run build:wasm')
  return kernel
}

describe('the wasm kernel', () => {
  kernelContract(wasm)
  searchContract(wasm)

  test('refuses a run that another tensor has ended', () => {
    const kernel = wasm()
    const first = kernel.start(1, 1, 'f32')
    kernel.start(1, 1, 'f32')
    expect(() => first.push(1)).toThrow('another tensor')
  })
})
