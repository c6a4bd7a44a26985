import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Kernel, SEARCH_CELLS, SEARCH_ROWS } from '../../src/kernel/kernel.ts'

/** Rows of cells as sketches at length 2¹⁴ have them. */
function cells(rows: number, width: number): fc.Arbitrary<Int16Array> {
  const cell = fc.integer({ min: -2_048, max: 2_048 })
  return fc.array(cell, { minLength: rows * width, maxLength: rows * width }).map((values) => Int16Array.from(values))
}

/** Independent of both kernels: whole numbers without end. */
function product(x: Int16Array, y: Int16Array): number {
  return Number(x.reduce((sum, value, i) => sum + BigInt(value) * BigInt(y[i]!), 0n))
}

/** What every kernel must do with sketches. */
export function searchContract(makeKernel: () => Kernel): void {
  const kernel = makeKernel()
  const row = (values: Int16Array, at: number, width: number) => values.subarray(at * width, (at + 1) * width)

  test('a search finds the rows from a number on that are alike', () => {
    fc.assert(
      fc.property(cells(9, SEARCH_CELLS), fc.nat(9), fc.integer({ min: -5e7, max: 5e7 }), (rows, from, least) => {
        const query = row(rows, 3, SEARCH_CELLS).slice()
        const expected = Array.from({ length: 9 }, (_, at) => at).filter(
          (at) => at >= from && product(query, row(rows, at, SEARCH_CELLS)) >= least,
        )
        expect([...kernel.search(rows)(query, from, least)]).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })

  test('a search takes as many rows as it says, and no more', () => {
    const rows = new Int16Array(SEARCH_ROWS * SEARCH_CELLS).fill(1)
    expect(kernel.search(rows)(rows.slice(0, SEARCH_CELLS), SEARCH_ROWS - 1, SEARCH_CELLS)).toEqual(
      Int32Array.of(SEARCH_ROWS - 1),
    )
    expect(() => kernel.search(new Int16Array((SEARCH_ROWS + 1) * SEARCH_CELLS))).toThrow(RangeError)
  })

  test.each([64, 256])('inner products of rows of %d cells are exact', (width) => {
    fc.assert(
      fc.property(cells(5, width), cells(5, width), (x, y) => {
        const expected = Array.from({ length: 5 }, (_, at) => product(row(x, at, width), row(y, at, width)))
        expect([...kernel.products(x, y, width)]).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  test('inner products are taken of more rows than fit at once', () => {
    const rows = Int16Array.from({ length: 5_000 * 64 }, (_, at) => (at % 64 === 0 ? Math.floor(at / 64) : 0))
    const found = kernel.products(rows, new Int16Array(rows.length).fill(2), 64)
    expect([found[0], found[4_097], found[4_999]]).toEqual([0, 8_194, 9_998])
  })
}
