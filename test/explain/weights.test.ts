import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceOf } from '../../src/explain/weights.ts'
import { fold, sumBlocks } from '../../src/kernel/algebra.ts'
import { inPieces } from '../builders/adapted.ts'
import { gaussians, printed } from '../builders/models.ts'

const known = (rows: number, columns: number) => ({ rows, columns, squares: null, withSketch: true })

describe('the difference of two tensors', () => {
  it('is that of plain sums over all values, however the values arrive', () => {
    const piece = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.integer(), piece, piece, (seed, first, second) => {
        const [a, b] = [gaussians(seed, 35), gaussians(seed + 1, 35)]
        const found = differenceOf(inPieces(a, ...first), inPieces(b, ...second), known(5, 7))
        const sum = (of: (x: number, y: number) => number) => a.reduce((all, x, k) => all + of(x, b[k]!), 0)
        const [aa, bb, ab] = [sum((x) => x * x), sum((_, y) => y * y), sum((x, y) => x * y)]
        expect(found.cosine).toBeCloseTo(ab / Math.sqrt(aa * bb), 10)
        expect(found.relativeDistance).toBeCloseTo(Math.sqrt(sum((x, y) => (y - x) ** 2) / Math.max(aa, bb)), 10)
      }),
    )
  })

  it('folds to the difference of the prints’ sketches', () => {
    const [before, after] = [3, 4].map((seed) => ({
      name: 'x',
      shape: [700, 130],
      values: gaussians(seed, 700 * 130),
      storage: { kind: 'f32' as const },
    }))
    const [p, q] = [before!, after!].map((tensor) => printed([tensor]).tensors[0]!)
    const squares: [number, number] = [p!.invariants.sumSquares, q!.invariants.sumSquares]
    const { sketch } = differenceOf(inPieces(before!.values, 999), inPieces(after!.values), {
      ...known(700, 130),
      squares,
    })
    const folded = fold(sketch!.values, sketch!.height, sketch!.width, 64).values
    const [a, b] = [sumBlocks(p!.sketch!), sumBlocks(q!.sketch!)]
    expect(Math.max(...folded.map((value, at) => Math.abs(value - (b[at]! - a[at]!))))).toBeLessThan(1e-4)
  })

  it('counts what changed, and what became zero', () => {
    const found = differenceOf(
      inPieces(Float32Array.of(1, 2, 0, 4)),
      inPieces(Float32Array.of(1, 0, 0, 5)),
      known(1, 4),
    )
    expect([found.changed, found.zeroed]).toEqual([2, 1])
  })

  it('leaves out values that are not finite, and counts them', () => {
    const found = differenceOf(
      inPieces(Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY)),
      inPieces(Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY)),
      known(2, 2),
    )
    expect([found.nonFinite, found.changed, found.relativeDistance]).toEqual([2, 2, 0])
  })

  it('of tables of different length is over the rows they have in common', () => {
    const found = differenceOf(inPieces(gaussians(1, 40)), inPieces(gaussians(1, 60)), {
      ...known(4, 10),
      withSketch: false,
    })
    expect([found.elements, found.changed]).toEqual([40, 0])
  })

  it('is refused where a tensor is shorter than it says', () => {
    expect(() => differenceOf(inPieces(gaussians(1, 40)), inPieces(gaussians(1, 39)), known(4, 10))).toThrow(RangeError)
  })
})
