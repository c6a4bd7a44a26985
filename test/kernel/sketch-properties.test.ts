import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  combine,
  cosine,
  fold,
  inner,
  norm,
  singularValues,
  subtract,
  sumBlocks,
  transpose,
} from '../../src/kernel/algebra.ts'
import { BLOCK_ROWS } from '../../src/kernel/kernel.ts'
import { loadKernel } from '../../src/kernel/load.ts'
import { sign } from '../../src/kernel/sign.ts'
import { run } from './run.ts'
import { normalMatrix } from './tensors.ts'

const kernel = loadKernel()

function sketchOf(values: ArrayLike<number>, rows: number, columns: number): Float32Array {
  return run(kernel, rows, columns, 'f32', values).sketch
}

function distance(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  return norm(subtract(a, b)) / Math.max(norm(b), 1e-30)
}

const sides = fc.integer({ min: 1, max: 200 })
const seeds = fc.integer()
const weights = fc.integer({ min: -80, max: 80 }).map((eighths) => eighths / 8)

test('the sketch of a combination is the combination of the sketches', () => {
  fc.assert(
    fc.property(sides, sides, seeds, seeds, weights, weights, (m, n, seedA, seedB, alpha, beta) => {
      const a = normalMatrix(seedA, m * n)
      const b = normalMatrix(seedB, m * n)
      const whole = sketchOf(combine([alpha, beta], [a, b]), m, n)
      const parts = combine([alpha, beta], [sketchOf(a, m, n), sketchOf(b, m, n)])
      const size = Math.abs(alpha) * norm(a) + Math.abs(beta) * norm(b)
      expect(norm(subtract(whole, parts))).toBeLessThanOrEqual(1e-5 * size)
    }),
    { numRuns: 40 },
  )
})

test('the sketch of the transpose is the transpose of the sketch', () => {
  fc.assert(
    fc.property(sides, sides, seeds, (m, n, seed) => {
      const values = normalMatrix(seed, m * n)
      const turned = sketchOf(transpose(values, m, n), n, m)
      expect(distance(turned, transpose(sketchOf(values, m, n), Math.min(m, 64), Math.min(n, 64)))).toBeLessThan(1e-5)
    }),
    { numRuns: 40 },
  )
})

test('a folded sketch is the sketch for the smaller K', () => {
  fc.assert(
    fc.property(sides, sides, seeds, fc.constantFrom(8, 16, 32), (m, n, seed, side) => {
      const values = normalMatrix(seed, m * n)
      const direct = new Float64Array(Math.min(m, side) * Math.min(n, side))
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++)
          direct[(i % side) * Math.min(n, side) + (j % side)]! += sign(i) * sign(j) * values[i * n + j]!
      const folded = fold(sketchOf(values, m, n), Math.min(m, 64), Math.min(n, 64), side)
      expect(norm(subtract(folded.values, direct))).toBeLessThan(1e-4 * norm(values))
    }),
    { numRuns: 30 },
  )
})

test('inner products of sketches are those of the tensors on average', () => {
  const [m, n] = [150, 170]
  const errors = Array.from({ length: 60 }, (_, k) => {
    const a = normalMatrix(3 * k, m * n)
    const b = combine([0.5, 1], [a, normalMatrix(3 * k + 1, m * n)])
    return (inner(sketchOf(a, m, n), sketchOf(b, m, n)) - inner(a, b)) / (norm(a) * norm(b))
  })
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  expect(Math.abs(mean)).toBeLessThan(0.01)
})

test.each([
  [150, 170],
  [300, 20],
  [1, 500],
])('sketches of unrelated %d × %d tensors have cosines of deviation 1/√(min(m,64)·min(n,64))', (m, n) => {
  const cosines = Array.from({ length: 120 }, (_, k) =>
    cosine(sketchOf(normalMatrix(2 * k, m * n), m, n), sketchOf(normalMatrix(2 * k + 1, m * n), m, n)),
  )
  const deviation = Math.sqrt(cosines.reduce((sum, value) => sum + value * value, 0) / cosines.length)
  const predicted = 1 / Math.sqrt(Math.min(m, 64) * Math.min(n, 64))
  expect(deviation / predicted).toBeGreaterThan(0.75)
  expect(deviation / predicted).toBeLessThan(1.25)
})

test('a change of rank r leaves r singular values in the sketch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), seeds, (rank, seed) => {
      const [m, n] = [130, 190]
      const delta = new Float32Array(m * n)
      const left = normalMatrix(seed, m * rank)
      const right = normalMatrix(seed + 1, rank * n)
      for (let i = 0; i < m; i++)
        for (let r = 0; r < rank; r++)
          for (let j = 0; j < n; j++) delta[i * n + j]! += left[i * rank + r]! * right[r * n + j]!
      const values = singularValues(sketchOf(delta, m, n), 64, 64)
      expect(values[rank - 1]! / values[rank]!).toBeGreaterThan(1_000)
    }),
    { numRuns: 10 },
  )
})

test('blocks of rows add up: a tensor grown at its end keeps its first blocks', () => {
  const grown = normalMatrix(9, (BLOCK_ROWS + 700) * 7)
  const before = sketchOf(grown.subarray(0, BLOCK_ROWS * 7), BLOCK_ROWS, 7)
  const after = sketchOf(grown, BLOCK_ROWS + 700, 7)
  expect([...sumBlocks({ height: 64, width: 7, values: after }, 1)]).toEqual([...before])
})

test('blocks of rows add up to the sketch of all rows', () => {
  const rows = 2 * BLOCK_ROWS + 50
  const values = normalMatrix(10, rows * 3)
  const direct = new Float64Array(64 * 3)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < 3; j++) direct[(i % 64) * 3 + j]! += sign(i) * sign(j) * values[i * 3 + j]!
  expect(
    distance(Float64Array.from(sumBlocks({ height: 64, width: 3, values: sketchOf(values, rows, 3) })), direct),
  ).toBeLessThan(1e-5)
})
