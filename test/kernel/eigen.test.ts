import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { singularValues } from '../../src/kernel/algebra.ts'
import { squaredSingularValues, symmetricEigenvalues } from '../../src/kernel/eigen.ts'
import { gaussians } from '../builders/models.ts'

describe('eigenvalues of a symmetric matrix', () => {
  it('of second differences are 2 − 2 cos kπ/(n + 1)', () => {
    const size = 40
    const matrix = new Float64Array(size * size)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) matrix[i * size + j] = i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0
    const expected = Array.from({ length: size }, (_, k) => 2 - 2 * Math.cos(((size - k) * Math.PI) / (size + 1)))
    symmetricEigenvalues(matrix, size).forEach((value, k) => void expect(value).toBeCloseTo(expected[k]!, 12))
  })

  it('of a matrix of ones are its size and zeros', () => {
    const values = symmetricEigenvalues(new Float64Array(36).fill(1), 6)
    expect([...values].map((value) => Math.round(value * 1e9) / 1e9 + 0)).toEqual([6, 0, 0, 0, 0, 0])
  })

  it('of one number is the number', () => {
    expect([...symmetricEigenvalues(Float64Array.of(-3), 1)]).toEqual([-3])
  })
})

describe('squared singular values', () => {
  it('are those of the Jacobi rotations, of matrices of any shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer(),
        (height, width, seed) => {
          const values = Float64Array.from(gaussians(seed, height * width))
          const expected = singularValues(values, height, width)
          const found = squaredSingularValues(values, height, width)
          expect(found).toHaveLength(expected.length)
          found.forEach((square, k) => void expect(square).toBeCloseTo(expected[k]! ** 2, 8))
        },
      ),
      { numRuns: 60 },
    )
  })
})
