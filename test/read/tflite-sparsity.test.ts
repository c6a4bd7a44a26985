import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../src/read/source.ts'
import { readTflite } from '../../src/read/tflite.ts'
import { bytes, type FlatFields, i32s, u16s } from '../builders/flatbuffer.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { compressed, dense, floatBytes, OPERATOR, oneWeight, sparsity } from '../builders/tflite.ts'
import { tensorValues } from '../builders/values.ts'

const sparse = (shape: number[], values: number[], parts: FlatFields) =>
  oneWeight({ shape, data: floatBytes(...values), sparsity: parts }, { code: OPERATOR.densify, outputs: [1] })

function denseValues(shape: number[], values: number[], parts: FlatFields): number[] {
  const model = readTflite(memorySource('m.tflite', sparse(shape, values, parts)), memorySiblings({}))
  return [...tensorValues(model, model.tensors[0]!)]
}

const refused = (shape: number[], values: number[], parts: FlatFields) =>
  problemOf(() => denseValues(shape, values, parts))

/** Rows of three columns, the second compressed. */
const rows = (segments: number[], indices: number[]) =>
  sparsity([0, 1], [dense(segments.length - 1), compressed(i32s(...segments), i32s(...indices))])

describe('a sparse tensor is made dense', () => {
  it('from compressed rows', () => {
    expect(denseValues([2, 3], [5, 6, 7], rows([0, 1, 3], [2, 0, 1]))).toEqual([0, 0, 5, 6, 7, 0])
  })

  it('from indices of 16 bits', () => {
    const parts = sparsity([0, 1], [dense(2), compressed(u16s(0, 1, 2), u16s(1, 2), 2)])
    expect(denseValues([2, 3], [5, 6], parts)).toEqual([0, 5, 0, 0, 0, 6])
  })

  it('from indices of 8 bits', () => {
    const indices = (...values: number[]) => bytes(Uint8Array.from(values))
    const parts = sparsity([0, 1], [dense(2), compressed(indices(0, 1, 2), indices(1, 2), 3)])
    expect(denseValues([2, 3], [5, 6], parts)).toEqual([0, 5, 0, 0, 0, 6])
  })

  it('from columns, when those are traversed first', () => {
    const parts = sparsity([1, 0], [dense(3), compressed(i32s(0, 1, 1, 3), i32s(1, 0, 1))])
    expect(denseValues([2, 3], [5, 6, 7], parts)).toEqual([0, 0, 6, 5, 0, 7])
  })

  it('from blocks', () => {
    const levels = [dense(1), compressed(i32s(0, 1), i32s(1)), dense(2), dense(2)]
    const parts = sparsity([0, 1, 2, 3], levels, [0, 1])
    expect(denseValues([2, 4], [1, 2, 3, 4], parts)).toEqual([0, 0, 1, 2, 0, 0, 3, 4])
  })

  it('whatever is stored', () => {
    const matrix = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(
        matrix.filter((lines) => lines.some((line) => line.some((value) => value !== 0))),
        (lines) => {
          const indices = lines.map((line) => line.flatMap((value, column) => (value === 0 ? [] : [column])))
          const segments = [0]
          for (const line of indices) segments.push(segments.at(-1)! + line.length)
          const values = lines.flat().filter((value) => value !== 0)
          expect(denseValues([lines.length, 4], values, rows(segments, indices.flat()))).toEqual(lines.flat())
        },
      ),
    )
  })
})

describe('what is refused', () => {
  it('an index outside its axis', () => {
    expect(refused([2, 3], [5], rows([0, 1, 1], [3]))).toMatchObject({
      code: 'malformed',
      values: { what: 'sparse indices' },
    })
  })

  it('a negative index', () => {
    expect(refused([2, 3], [5], rows([0, 1, 1], [-1]))).toMatchObject({ code: 'malformed' })
  })

  it('an index that stands twice', () => {
    expect(refused([2, 3], [5, 6], rows([0, 2, 2], [1, 1]))).toMatchObject({ code: 'malformed' })
  })

  it('a segment that ends before it begins', () => {
    expect(refused([3, 3], [5], rows([0, 2, 1, 1], [0]))).toMatchObject({
      code: 'malformed',
      values: { what: 'sparse segments' },
    })
  })

  it('fewer segments than rows', () => {
    const parts = sparsity([0, 1], [dense(2), compressed(i32s(0, 1), i32s(0))])
    expect(refused([2, 3], [5], parts)).toMatchObject({ code: 'malformed' })
  })

  it('fewer values than indices', () => {
    expect(refused([2, 3], [5], rows([0, 1, 2], [0, 1]))).toMatchObject({
      code: 'malformed',
      values: { what: 'sparse tensor' },
    })
  })

  it('a dense level that is not as long as its axis', () => {
    const parts = sparsity([0, 1], [dense(9), compressed(i32s(0), i32s())])
    expect(refused([2, 3], [5], parts)).toMatchObject({ code: 'malformed', values: { what: 'sparse dimension' } })
  })

  it.each([[[0]], [[0, 0]], [[0, 5]], [[1, 2]], [[0, 1, 2]]])('the traversal order %j of two axes', (order) => {
    const parts = sparsity(order, [dense(2), dense(3), dense(1)].slice(0, order.length))
    expect(refused([2, 3], [5], parts)).toMatchObject({ code: 'malformed' })
  })

  it('a block that does not divide its axis', () => {
    const parts = sparsity([0, 1, 2], [dense(2), dense(1), dense(2)], [1])
    expect(refused([2, 3], [5], parts)).toMatchObject({ code: 'malformed', values: { what: 'block map' } })
  })

  it('two blocks along one axis', () => {
    const parts = sparsity([0, 1, 2, 3], [dense(2), dense(1), dense(2), dense(2)], [1, 1])
    expect(refused([2, 4], [5], parts)).toMatchObject({ code: 'malformed', values: { what: 'block map' } })
  })

  it('a dense tensor beyond what may be held in memory', () => {
    const parts = sparsity([0, 1], [compressed(i32s(0, 1), i32s(0)), compressed(i32s(0, 1), i32s(0))])
    expect(refused([2 ** 20, 2 ** 20], [5], parts)).toMatchObject({ code: 'limit', values: { what: 'sparse tensor' } })
  })
})
