import { afterEach, expect, test, vi } from 'vitest'
import { loadKernel } from '../../src/kernel/load.ts'

afterEach(() => vi.unstubAllEnvs())

test('the wasm kernel is loaded where it was built', () => {
  expect(loadKernel().name).toBe('wasm')
})

test('YUKUE_KERNEL=plain forces the plain kernel', () => {
  vi.stubEnv('YUKUE_KERNEL', 'plain')
  expect(loadKernel().name).toBe('plain')
})

test('two kernels can each hold a tensor at the same time', () => {
  const [first, second] = [loadKernel().start(1, 1, 'u8'), loadKernel().start(1, 1, 'u8')]
  first.inlet[0] = 1
  second.inlet[0] = 2
  first.push(1)
  second.push(1)
  expect([first.finish().moments.sum, second.finish().moments.sum]).toEqual([1, 2])
})
