import { expect, it } from 'vitest'
import type { ScanReport } from '../../src/contract/scan.ts'
import { yukueProcess } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { onnxLayer, weights } from '../builders/weights.ts'

it('a scan tells the same with no thread of its own, with one and with two', { timeout: 60_000 }, () => {
  // above the 8 MiB from which on threads are started
  const root = folder({
    'a.safetensors': weights(1, { width: 1_000 }),
    'a-half.safetensors': weights(1, { width: 1_000, type: 'f16' }),
    'b.onnx': onnxLayer(2, 500, 900),
    'bad.onnx': onnxLayer(2, 500, 900).subarray(0, 5_000),
    'c.safetensors': weights(3, { width: 200 }),
  })
  const [none, one, two] = [0, 1, 2].map((threads) => {
    const args = ['scan', root, '--json', '--quiet', '--threads', String(threads), '--estate', folder({})]
    return yukueProcess(args).stdout
  })
  const { models, problems } = JSON.parse(none!) as ScanReport
  expect({ models: models.length, problems: problems.length, one: one === none, two: two === none }).toEqual({
    models: 4,
    problems: 1,
    one: true,
    two: true,
  })
})
