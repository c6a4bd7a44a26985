import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalMatrix, isContiguous, strips } from '../../src/identify/canonical.ts'
import { permutedView, plainView } from '../../src/read/model-file.ts'
import { naiveOrder } from '../builders/tensor.ts'
import { views } from '../builders/views.ts'

describe('the canonical matrix', () => {
  it.each([
    { what: 'a scalar', shape: [], matrix: [1, 1] },
    { what: 'a vector', shape: [7], matrix: [1, 7] },
    { what: 'a vector with axes of size 1', shape: [1, 7, 1], matrix: [1, 7] },
    { what: 'a linear layer', shape: [3, 5], matrix: [3, 5] },
    { what: 'a linear layer with an axis of size 1 between', shape: [3, 1, 5], matrix: [3, 5] },
    { what: 'a convolution', shape: [8, 3, 2, 2], matrix: [8, 12] },
    { what: 'a pointwise convolution', shape: [8, 3, 1, 1], matrix: [8, 3] },
    { what: 'a convolution to one channel', shape: [1, 3, 2, 2], matrix: [3, 4] },
    { what: 'a tensor without elements', shape: [0, 5], matrix: [0, 5] },
  ])('of $what', ({ shape, matrix }) => {
    const { rows, columns } = canonicalMatrix(plainView(shape))
    expect([rows, columns]).toEqual(matrix)
  })

  it('takes the channels of a depthwise convolution together as rows', () => {
    expect(canonicalMatrix({ ...plainView([6, 2, 3, 3]), rowAxes: 2 })).toEqual({ rows: 12, columns: 9 })
  })

  it('keeps a depthwise convolution of one channel a vector', () => {
    expect(canonicalMatrix({ ...plainView([1, 1, 3, 3]), rowAxes: 2 })).toEqual({ rows: 3, columns: 3 })
  })
})

describe('a contiguous view', () => {
  it('may have any stride along axes of size 1', () => {
    expect(isContiguous({ shape: [4, 1, 3], strides: [3, 999, 1], start: 2, rowAxes: 1 })).toBe(true)
  })

  it('is not transposed', () => {
    expect(isContiguous(permutedView([3, 4], [1, 0]))).toBe(false)
  })

  it('is one whose elements follow one another', () => {
    fc.assert(
      fc.property(views({ least: 1 }), ({ view }) => {
        const order = naiveOrder(view)
        expect(isContiguous(view)).toBe(order.every((offset, i) => offset === view.start + i))
      }),
    )
  })
})

describe('strips', () => {
  it('follow one another in the order of the view, none above the limit', () => {
    fc.assert(
      fc.property(views({ least: 1 }), fc.integer({ min: 1, max: 50 }), ({ view }, limit) => {
        const parts = [...strips(view, limit)].map(naiveOrder)
        expect(parts.flat()).toEqual(naiveOrder(view))
        expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(limit)
      }),
    )
  })

  it('are one for a view within the limit', () => {
    const view = permutedView([6, 5, 4], [2, 0, 1])
    expect([...strips(view, 120)]).toEqual([view])
  })
})
