import { INLET, ROW_SQUARES } from './layout'

/** Cells of 16 bits in a row. */
const CELLS: i32 = 64
const ROW_BYTES: usize = 2 * CELLS

/**
 * Which of the rows behind the first have an inner product with it of at least `least`, from row `from` on: their numbers, counted from the first
 * behind it, as i32 at `rowSquares()`, which has room for all that fit in the inlet. Gives how many.
 */
export function alike(rows: i32, from: i32, least: i32): i32 {
  const query = INLET
  let hits: i32 = 0
  for (let row = from; row < rows; row++) {
    const at = INLET + ROW_BYTES * (<usize>row + 1)
    let sum = i32x4.splat(0)
    for (let cell: usize = 0; cell < ROW_BYTES; cell += 32) {
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(query + cell), v128.load(at + cell)))
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(query + cell, 16), v128.load(at + cell, 16)))
    }
    const product =
      i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
    if (product < least) continue
    store<i32>(ROW_SQUARES + 4 * <usize>hits, row)
    hits++
  }
  return hits
}

/** Behind half of the inlet: the second of two lists of rows. */
const SECOND: usize = INLET + (1 << 19)

/** Inner products of the rows of two lists, one by one, as i32 at `rowSquares()`. Cells are 16 bits each, a multiple of 16 of them a row. */
export function products(rows: i32, cells: i32): void {
  const bytes: usize = 2 * <usize>cells
  for (let row = 0; row < rows; row++) {
    const first: usize = INLET + bytes * <usize>row
    const second: usize = SECOND + bytes * <usize>row
    let sum = i32x4.splat(0)
    for (let at: usize = 0; at < bytes; at += 32) {
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(first + at), v128.load(second + at)))
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(first + at, 16), v128.load(second + at, 16)))
    }
    const product =
      i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
    store<i32>(ROW_SQUARES + 4 * <usize>row, product)
  }
}
