import type { Weight } from './subject.ts'

/**
 * The cells of a sketch that stand for one element of the matrix, by position: row a of the sketch does where no other row of the matrix is
 * a modulo 64, and likewise columns. All of a tensor up to 64 × 64, a part of one below 128, none of larger ones.
 */
export function singleCells({ print, height, width }: Weight): number[] {
  const columns = singles(print.columns, width)
  return singles(print.rows, height).flatMap((row) => columns.map((column) => row * width + column))
}

function singles(size: number, side: number): number[] {
  return Array.from({ length: side }, (_, at) => at).filter((at) => at + side >= size)
}
