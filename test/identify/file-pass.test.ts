import { createHash } from 'node:crypto'
import { ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runTask } from '../../src/identify/file-pass.ts'
import { planTasks, type Task } from '../../src/identify/plan.ts'
import { loadKernel } from '../../src/kernel/load.ts'
import { openFile } from '../../src/read/file-source.ts'
import { permutedView } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { folder } from '../builders/folder.ts'
import { encode, fileOf, inline, modelOf, noise, printTensors, ranged } from '../builders/tensor.ts'

const kernel = loadKernel()
const bytes = encode(noise(1, 5_000), 'f32')

/** What one pass over the one file of a model gives. */
function pass(model: Parameters<typeof runTask>[1], task: Task = { kind: 'file', file: 0 }) {
  let read = 0
  const result = runTask(kernel, model, task, (more) => {
    read += more
  })
  return { ...result, read }
}

describe('a pass over a file', () => {
  it('gives its SHA-256, whatever lies before, between and after the tensors', () => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    fc.assert(
      fc.property(fc.array(fc.nat(1_200), { maxLength: 4 }), (rows) => {
        const model = fileOf(
          bytes,
          rows.map((row) => ranged('w', [4], row * 16)),
        )
        expect(pass(model).sha256.get(0)).toBe(sha256)
      }),
    )
  })

  it('tells every byte of the file, once', () => {
    const model = fileOf(bytes, [ranged('a', [100, 10], 8), ranged('b', [20], 12_000)])
    expect(pass(model).read).toBe(bytes.length)
  })

  it('prints a tensor as it is printed apart', () => {
    const model = fileOf(bytes, [ranged('w', [100, 10], 80)])
    const apart = pass(model, { kind: 'tensors', indices: [0] })
    expect(pass(model).prints.get(0)).toEqual(apart.prints.get(0))
  })

  it('leaves the bytes of the file alone, also those of −0 and not-a-numbers', () => {
    const odd = Uint8Array.of(0, 0, 0, 128, 1, 0, 128, 255)
    pass(fileOf(odd, [ranged('w', [2], 0)]))
    expect([...odd]).toEqual([0, 0, 0, 128, 1, 0, 128, 255])
  })

  it('leaves the bytes of a tensor in memory alone', () => {
    const odd = Uint8Array.of(0, 0, 0, 128, 1, 0, 128, 255)
    printTensors(modelOf([inline([2], odd)]))
    expect([...odd]).toEqual([0, 0, 0, 128, 1, 0, 128, 255])
  })

  it('of an empty file gives the SHA-256 of nothing', () => {
    expect(pass(fileOf(new Uint8Array(0), [])).sha256.get(0)).toMatch(/^e3b0c44298fc1c149afbf4c8996fb924/)
  })
})

describe('tensors printed apart', () => {
  it('that overlap are the same as each on its own', () => {
    const tensors = [ranged('a', [40, 25], 0), ranged('b', [40, 25], 2_000), ranged('c', [50, 10], 4_000)]
    const together = printTensors(fileOf(bytes, tensors))
    expect(together).toEqual(tensors.map((tensor) => printTensors(fileOf(bytes, [tensor]))[0]))
  })

  it('may lie in any file of the model', () => {
    const view = permutedView([50, 20], [1, 0])
    const data = { kind: 'ranges' as const, ranges: [{ file: 1, offset: 400, length: 4_000 }] }
    const tensor = { ...ranged('w', [20, 50], 0), view, data }
    const [print] = printTensors(modelOf([tensor], [memorySource('a', new Uint8Array(10)), memorySource('b', bytes)]))
    const alone = inline([], bytes.slice(400, 4_400), { view })
    expect(print!.digest).toBe(printTensors(modelOf([alone]))[0]!.digest)
  })
})

it('a file that two threads share by role is told as by one pass', () => {
  // 257 MiB, sparse: weights at both ends, nothing between
  const path = join(folder({}), 'large')
  const size = 257 * 1024 * 1024
  const descriptor = openSync(path, 'w')
  ftruncateSync(descriptor, size)
  writeSync(descriptor, bytes, 0, bytes.length, 0)
  writeSync(descriptor, bytes, 0, bytes.length, size - bytes.length)
  const source = openFile(path, 'large')
  const tensors = [ranged('a', [50, 100], 0), ranged('b', [100, 50], size - bytes.length)]
  const model = modelOf(tensors, [source])
  const shared = planTasks(model, 1).map((task) => pass(model, task))
  const whole = pass(model)
  source.close()
  expect({
    tasks: shared.length,
    sha256: shared.flatMap(({ sha256 }) => [...sha256.values()]),
    prints: new Map(shared.flatMap(({ prints }) => [...prints])),
  }).toEqual({ tasks: 2, sha256: [...whole.sha256.values()], prints: whole.prints })
})
