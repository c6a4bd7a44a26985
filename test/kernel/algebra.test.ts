import { describe, expect, test } from 'vitest'
import {
  affineWeights,
  combine,
  cosine,
  fold,
  inner,
  leastSquares,
  norm,
  ones,
  rowsOfBlocks,
  singularValues,
  subtract,
  sumBlocks,
  transpose,
} from '../../src/kernel/algebra.ts'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { run } from './run.ts'
import { normalMatrix } from './tensors.ts'

describe('matrices', () => {
  test('fold by adding what stands a side apart', () => {
    const { height, width, values } = fold(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3, 2)
    expect([height, width, ...values]).toEqual([2, 2, 4, 2, 10, 5])
  })

  test('turn', () => {
    expect([...transpose(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3)]).toEqual([1, 4, 2, 5, 3, 6])
  })

  test('have a cosine of 0 with nothing', () => {
    expect(cosine(new Float32Array(3), Float32Array.of(1, 2, 3))).toBe(0)
  })

  test('have a cosine of −1 with their negative', () => {
    expect(cosine(Float32Array.of(1, 2), Float32Array.of(-2, -4))).toBeCloseTo(-1, 12)
  })

  test('subtract', () => {
    expect([...subtract(Float32Array.of(5, 1), Float32Array.of(2, 3))]).toEqual([3, -2])
  })

  test('combine', () => {
    expect([...combine([2, -1], [Float32Array.of(1, 2), Float32Array.of(3, 4)])]).toEqual([-1, 0])
  })
})

describe('blocks', () => {
  const sketch = { height: 1, width: 2, values: Float32Array.of(1, 2, 10, 20, 100, 200) }

  test('add up to the sketch of the whole', () => expect([...sumBlocks(sketch)]).toEqual([111, 222]))

  test('add up to the sketch of the first ones', () => expect([...sumBlocks(sketch, 2)]).toEqual([11, 22]))

  test('of a tensor end with its rows', () =>
    expect([rowsOfBlocks(5_000, 1), rowsOfBlocks(5_000, 2)]).toEqual([4_096, 5_000]))
})

describe('the sketch of ones', () => {
  test.each([
    [1, 5],
    [3, 200],
    [130, 70],
  ])('of %d × %d is what the kernel makes of ones', (rows, columns) => {
    const { sketch } = run(plainKernel, rows, columns, 'f32', new Float32Array(rows * columns).fill(1))
    expect(norm(subtract(ones(rows, columns), sketch))).toBe(0)
  })
})

describe('singular values', () => {
  // numpy 2 linalg.svd
  const values = Float64Array.from({ length: 24 }, (_, at) => {
    const i = Math.floor(at / 6)
    const j = at % 6
    return ((3 * i * i + 7 * j + i * j) % 11) - 5
  })
  const known = [11.074161869236411, 8.000821040582416, 6.586816985083056, 5.095453225724421]

  test('of a wide matrix are those of NumPy', () => {
    singularValues(values, 4, 6).forEach((value, k) => {
      expect(value).toBeCloseTo(known[k]!, 12)
    })
  })

  test('of a tall matrix are those of its transpose', () => {
    singularValues(transpose(values, 4, 6), 6, 4).forEach((value, k) => {
      expect(value).toBeCloseTo(known[k]!, 12)
    })
  })

  test('of nothing are 0', () => expect([...singularValues(new Float32Array(4), 2, 2)]).toEqual([0, 0]))

  test('keep the Frobenius norm of a 64 × 64 matrix', () => {
    const matrix = normalMatrix(5, 4_096)
    expect(norm(singularValues(matrix, 64, 64))).toBeCloseTo(norm(matrix), 6)
  })
})

describe('least squares', () => {
  test('finds the weights of an exact combination', () => {
    const { weights, residual } = leastSquares(
      [
        [1, 0, 2],
        [0, 1, 1],
      ],
      [2, -3, 1],
    )
    expect([...weights, residual].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([2, -3, 0])
  })

  test('leaves what no column reaches', () => {
    expect(leastSquares([[1, 0, 0]], [3, 4, 0]).residual).toBeCloseTo(4, 12)
  })

  test('gives a column that repeats another no weight', () => {
    const { weights } = leastSquares(
      [
        [1, 1],
        [1, 1],
      ],
      [2, 2],
    )
    expect(weights.map(Math.round).sort()).toEqual([0, 2])
  })

  test('stays exact for nearly parallel columns', () => {
    const a = Float64Array.from({ length: 50 }, (_, at) => Math.cos(at * 1e-3))
    const b = Float64Array.from({ length: 50 }, (_, at) => Math.cos(at * 1e-3 + 1e-5))
    expect(leastSquares([a, b], combine([3, -2], [a, b])).residual).toBeLessThan(1e-13)
  })

  test('of no columns leaves everything', () => expect(leastSquares([], [3, 4])).toEqual({ weights: [], residual: 5 }))
})

describe('affine weights', () => {
  const points = [normalMatrix(1, 300), normalMatrix(2, 300), normalMatrix(3, 300)]

  function fitTo(target: Float64Array) {
    const differences = points.map((point) => subtract(point, target))
    return affineWeights(differences.map((a) => differences.map((b) => inner(a, b))))!
  }

  test('of a combination are its weights', () => {
    const { weights } = fitTo(combine([0.5, 0.3, 0.2], points))
    expect(weights.map((weight) => Math.round(weight * 1e9) / 1e9)).toEqual([0.5, 0.3, 0.2])
  })

  test('sum to one whatever the target', () => {
    const { weights } = fitTo(Float64Array.from(normalMatrix(4, 300)))
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
  })

  test('come with the squared distance of their combination', () => {
    const target = Float64Array.from(normalMatrix(4, 300))
    const { weights, squared } = fitTo(target)
    expect(squared).toBeCloseTo(norm(subtract(combine(weights, points), target)) ** 2, 6)
  })

  test('of one point are 1', () => expect(affineWeights([[4]])).toEqual({ weights: [1], squared: 4 }))

  test('do not exist where two points are one', () => {
    expect(
      affineWeights([
        [4, 4],
        [4, 4],
      ]),
    ).toBeNull()
  })
})
