import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planTasks, sharedFiles, type Task, tensorsInPlace } from '../../src/identify/plan.ts'
import { type ModelFile, permutedView, plainView, type StoredTensor } from '../../src/read/model-file.ts'
import { type ByteSource, memorySource } from '../../src/read/source.ts'
import { inline, modelOf, ranged } from '../builders/tensor.ts'

const MIB = 1024 * 1024

/** A file of any size, of which nothing can be read. */
function unread(size: number): ByteSource {
  return { ...memorySource('file', new Uint8Array(0)), size }
}

function kinds(tasks: Task[]): string[] {
  return tasks.map((task) => task.kind)
}

/** By which tasks every tensor is printed. */
function printedBy(model: ModelFile, tasks: Task[]): number[] {
  const times = model.tensors.map(() => 0)
  for (const task of tasks) {
    if (task.kind === 'tensors') for (const index of task.indices) times[index]!++
    if (task.kind === 'file') for (const { index } of tensorsInPlace(model, task.file)) times[index]!++
  }
  return times
}

const tensor = fc
  .record({
    file: fc.nat(2),
    offset: fc.nat(300),
    kind: fc.constantFrom('plain', 'transposed', 'inline', 'nibbles', 'spread'),
  })
  .map(({ file, offset, kind }): StoredTensor => {
    const at = {
      ...ranged('w', [4, 5], offset),
      data: { kind: 'ranges' as const, ranges: [{ file, offset, length: 80 }] },
    }
    if (kind === 'transposed') return { ...at, view: permutedView([5, 4], [1, 0]) }
    if (kind === 'inline') return inline([4, 5], new Uint8Array(80))
    if (kind === 'nibbles') return { ...at, element: 'u4' }
    const halves = [0, 40].map((skip) => ({ file, offset: offset + skip, length: 40 }))
    return kind === 'spread' ? { ...at, data: { kind: 'ranges', ranges: halves } } : at
  })

const models = fc
  .record({
    tensors: fc.array(tensor, { maxLength: 12 }),
    sizes: fc.array(fc.constantFrom(1 * MIB, 256 * MIB, 300 * MIB), { minLength: 3, maxLength: 3 }),
  })
  .map(({ tensors, sizes }) => modelOf(tensors, sizes.map(unread)))

describe('a plan', () => {
  it('prints every tensor once, whatever is shared and however tensors overlap', () => {
    fc.assert(
      fc.property(models, fc.nat(4), (model, shared) => {
        expect(printedBy(model, planTasks(model, shared))).toEqual(model.tensors.map(() => 1))
      }),
      { numRuns: 500 },
    )
  })

  it('hashes every file once', () => {
    fc.assert(
      fc.property(models, fc.nat(4), (model, shared) => {
        const hashed = planTasks(model, shared).flatMap((task) => (task.kind === 'tensors' ? [] : [task.file]))
        expect(hashed.sort()).toEqual([0, 1, 2])
      }),
    )
  })

  it('passes a file of 256 MiB once, with its tensors', () => {
    const model = modelOf([ranged('a', [64 * MIB], 0)], [unread(256 * MIB)])
    expect(planTasks(model, 1)).toEqual([{ kind: 'file', file: 0 }])
  })

  it('shares a larger file between one thread that hashes and others that print', () => {
    const tensors = Array.from({ length: 3 }, (_, k) => ranged('w', [30 * MIB], k * 120 * MIB))
    const model = modelOf(tensors, [unread(360 * MIB)])
    expect(kinds(planTasks(model, 1))).toEqual(['hash', 'tensors', 'tensors'])
  })

  it('shares the last of several large files', () => {
    const model = modelOf([ranged('w', [4], 0)], [unread(300 * MIB), unread(300 * MIB)])
    expect(planTasks(model, 1)).toEqual([
      { kind: 'file', file: 0 },
      { kind: 'hash', file: 1 },
    ])
  })

  it('shares nothing unless told to', () => {
    expect(kinds(planTasks(modelOf([], [unread(300 * MIB)]), 0))).toEqual(['file'])
  })
})

describe('what is shared between threads', () => {
  it('is nothing while every thread has a large file of its own', () => {
    expect(sharedFiles([1, 1, 1, 1], 2)).toEqual([0, 0, 0, 0])
  })

  it('is the only large file', () => {
    expect(sharedFiles([0, 1, 0], 2)).toEqual([0, 1, 0])
  })

  it('are those left over, the last ones first', () => {
    expect(sharedFiles([3, 1], 8)).toEqual([3, 1])
    expect(sharedFiles([4, 3], 4)).toEqual([0, 3])
    expect(sharedFiles([5, 1], 4)).toEqual([1, 1])
  })

  it('is nothing in one thread', () => {
    expect(sharedFiles([1, 2], 1)).toEqual([0, 0])
  })
})

describe('the tensors that one pass over a file prints', () => {
  it('are in the order of the file', () => {
    const model = modelOf([ranged('b', [4], 100), ranged('a', [4], 20)], [unread(200)])
    expect(tensorsInPlace(model, 0).map(({ index }) => index)).toEqual([1, 0])
  })

  it('do not overlap', () => {
    const model = modelOf([ranged('a', [10], 0), ranged('b', [10], 36), ranged('c', [10], 40)], [unread(200)])
    expect(tensorsInPlace(model, 0).map(({ index }) => index)).toEqual([0, 2])
  })

  it('begin where their view does', () => {
    const view = { ...plainView([3]), start: 5 }
    const model = modelOf([{ ...ranged('a', [10], 100), view }], [unread(200)])
    expect(tensorsInPlace(model, 0)).toEqual([{ index: 0, offset: 120, length: 12 }])
  })
})
