import { describe, expect, it } from 'vitest'
import { couldBePermuted, permutationBetween } from '../../src/explain/permutation.ts'
import { inPieces } from '../builders/adapted.ts'
import { shuffled } from '../builders/model-operations.ts'
import { gaussians, printed } from '../builders/models.ts'

const size = { rows: 40, columns: 24 }
const base = gaussians(1, 40 * 24)
const rowOrder = shuffled([...Array(40).keys()], 3)
const columnOrder = shuffled([...Array(24).keys()], 4)

function inOrder(values: Float32Array, rows: number[] | null, columns: number[] | null): Float32Array {
  return values.map((_, at) => {
    const [row, column] = [Math.floor(at / 24), at % 24]
    return values[(rows?.[row] ?? row) * 24 + (columns?.[column] ?? column)]!
  })
}

const found = (other: Float32Array) =>
  permutationBetween(
    () => inPieces(base, 100),
    () => inPieces(other, 7),
    size,
  )

describe('the order of rows and columns', () => {
  it.each([
    { what: 'rows', rows: rowOrder, columns: null },
    { what: 'columns', rows: null, columns: columnOrder },
    { what: 'both', rows: rowOrder, columns: columnOrder },
  ])('is found for $what', ({ rows, columns }) => {
    const result = found(inOrder(base, rows, columns))
    expect([result?.rows, result?.columns, (result?.relativeDistance ?? 1) < 1e-6]).toEqual([
      rows !== null,
      columns !== null,
      true,
    ])
  })

  it('is found where values were moved a little besides', () => {
    const moved = inOrder(base, rowOrder, null).map((value, at) => value + 0.01 * gaussians(9, 960)[at]!)
    expect(found(moved)?.relativeDistance).toBeCloseTo(0.01, 3)
  })

  it('is not found between strangers', () => {
    const strangers = Array.from({ length: 30 }, (_, seed) => found(gaussians(seed + 50, 40 * 24)))
    expect(strangers.filter((result) => result !== null)).toEqual([])
  })

  it('is found for a vector with equal values in it', () => {
    const vector = Float32Array.from({ length: 300 }, (_, k) => k % 11)
    const other = Float32Array.from(shuffled([...vector], 5))
    const result = permutationBetween(
      () => inPieces(vector),
      () => inPieces(other),
      { rows: 1, columns: 300 },
    )
    expect(result?.relativeDistance).toBe(0)
  })

  it('is looked for only where sorted norms agree', () => {
    const print = (values: Float32Array) =>
      printed([{ name: 'x', shape: [40, 24], values, storage: { kind: 'f32' } }]).tensors[0]!.invariants
    const same = couldBePermuted(print(base), print(inOrder(base, rowOrder, columnOrder)))
    expect([same, couldBePermuted(print(base), print(base.map((value) => 2 * value)))]).toEqual([true, false])
  })
})
