import fc from 'fast-check'
import { expect, test } from 'vitest'
import { norm, subtract, type Values } from '../../src/kernel/algebra.ts'
import type { Kernel, KernelElement, RunResult } from '../../src/kernel/kernel.ts'
import { loadKernel } from '../../src/kernel/load.ts'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { run } from './run.ts'
import { encode, randomNumbers } from './tensors.ts'

const ELEMENTS: KernelElement[] = ['f32', 'f16', 'bf16', 'f64', 'i8', 'u8', 'i16', 'u16', 'i32']

/** Of the sketch's norm, and of each sum: f32 sums of at most 2,048 values keep six digits. */
const TOLERANCE = 1e-5

/** Distance over the reference's size; 0 where both are 0. */
function distance(result: Values, reference: Values): number {
  const size = norm(reference)
  return size === 0 ? norm(result) : norm(subtract(result, reference)) / size
}

/** The greatest relative difference between two kernels' results. */
function disagreement(result: RunResult, reference: RunResult): number {
  const a = result.moments
  const b = reference.moments
  const exact = a.zeros === b.zeros && a.nonFinite === b.nonFinite && a.min === b.min && a.max === b.max
  if (!exact) return Number.POSITIVE_INFINITY
  const count = Math.max(1, reference.rowNorms.length * reference.columnNorms.length)
  return Math.max(
    distance(result.sketch, reference.sketch),
    distance(result.rowNorms, reference.rowNorms),
    distance(result.columnNorms, reference.columnNorms),
    Math.abs(a.sum - b.sum) / Math.max(Number.MIN_VALUE, Math.sqrt(count * b.sumSquares)),
    Math.abs(a.sumSquares - b.sumSquares) / Math.max(Number.MIN_VALUE, b.sumSquares),
    Math.abs(a.sumFourth - b.sumFourth) / Math.max(Number.MIN_VALUE, b.sumFourth),
  )
}

const shapes = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 300 })) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9_000 })) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 5 })) },
)

/** Values of one tensor: a size, a share of zeros, and now and then something wild. */
const kinds = fc.record({
  element: fc.constantFrom(...ELEMENTS),
  scale: fc.constantFrom(1e-12, 0.02, 1, 100, 1e5, 1e12),
  zeros: fc.constantFrom(0, 0.3, 1),
  wild: fc.constantFrom(0, 0, 0.001, 0.5),
  seed: fc.integer(),
})

const WILD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -1e20, 1e-20, -0]

test('wasm and plain agree on any shape, encoding, values and pieces', () => {
  const wasm = loadKernel()
  fc.assert(
    fc.property(shapes, kinds, fc.integer({ min: 1, max: 20_000 }), ([rows, columns], kind, piece) => {
      const random = randomNumbers(kind.seed)
      const values = Float64Array.from({ length: rows * columns }, () => {
        if (random() < kind.wild) return WILD[Math.floor(random() * WILD.length)]!
        return random() < kind.zeros ? 0 : (random() - 0.4) * kind.scale
      })
      const pieceLength = Math.max(piece, Math.ceil(values.length / 200))
      const result = run(wasm, rows, columns, kind.element, values, pieceLength)
      expect(disagreement(result, run(plainKernel, rows, columns, kind.element, values, 8_192))).toBeLessThan(TOLERANCE)
    }),
    { numRuns: 150 },
  )
})

test('wasm and plain agree on integers scaled by groups of any length', () => {
  const integers = fc.constantFrom<KernelElement>('i8', 'u8', 'i16', 'u16', 'i32')
  const wasm = loadKernel()
  fc.assert(
    fc.property(shapes, integers, fc.integer({ min: 1, max: 400 }), fc.integer(), (shape, element, group, seed) => {
      const results = [wasm, plainKernel].map((kernel) => runScaled(kernel, shape, element, group, seed))
      expect(disagreement(results[0]!, results[1]!)).toBeLessThan(TOLERANCE)
    }),
    { numRuns: 60 },
  )
})

function runScaled(
  kernel: Kernel,
  [rows, columns]: [number, number],
  element: KernelElement,
  group: number,
  seed: number,
) {
  const random = randomNumbers(seed)
  const bytes = encode(
    element,
    Float64Array.from({ length: rows * columns }, () => random() * 250),
  )
  const tensor = kernel.start(rows, columns, element)
  tensor.inlet.set(bytes)
  for (let at = 0; at < rows * columns; at += group) {
    const zero = Math.floor(random() * 200)
    tensor.pushScaled(Math.min(group, rows * columns - at), random() * 0.01, zero, at)
  }
  return tensor.finish()
}

test('wasm and plain agree on ten million values that are all the same', () => {
  const values = new Float32Array(10_000_000).fill(0.1)
  const wasm = run(loadKernel(), 2_500, 4_000, 'bf16', values, 1 << 19)
  expect(disagreement(wasm, run(plainKernel, 2_500, 4_000, 'bf16', values, 1 << 19))).toBeLessThan(TOLERANCE)
})

test('wasm and plain agree on one row beyond the columns whose signs are kept', () => {
  const columns = (1 << 20) + 3_001
  const random = randomNumbers(1)
  const values = Float32Array.from({ length: 2 * columns }, () => random() - 0.5)
  const wasm = run(loadKernel(), 2, columns, 'bf16', values, 100_003)
  expect(disagreement(wasm, run(plainKernel, 2, columns, 'bf16', values))).toBeLessThan(TOLERANCE)
})
