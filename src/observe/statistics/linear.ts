/** Small dense systems: a handful of coefficients, never data. Matrices are rows of numbers. */

/** Below this share of the largest entry a pivot is rounding, and the system has no single answer. */
const LEAST_PIVOT = 1e-12

/** The inverse, or null when there is none. Gauss–Jordan with partial pivoting. */
export function inverse(matrix: readonly (readonly number[])[]): number[][] | null {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  const scale = Math.max(...matrix.flat().map(Math.abs))
  for (let column = 0; column < n; column++) {
    let best = column
    for (let row = column + 1; row < n; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[best]![column]!)) best = row
    const pivot = rows[best]![column]!
    if (!(Math.abs(pivot) > LEAST_PIVOT * scale)) return null
    const chosen = rows[best]!.map((value) => value / pivot)
    rows[best] = rows[column]!
    rows[column] = chosen
    for (let row = 0; row < n; row++) {
      const factor = rows[row]![column]!
      if (row !== column && factor !== 0) rows[row] = rows[row]!.map((value, index) => value - factor * chosen[index]!)
    }
  }
  return rows.map((row) => row.slice(n))
}

export function product(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)))
}

export function apply(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => dot(row, vector))
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}
