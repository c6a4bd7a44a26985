import { inner, rowsOfBlocks, sumBlocks } from '../kernel/algebra.ts'
import { BLOCK_ROWS, SKETCH_SIDE } from '../kernel/kernel.ts'
import type { Weight } from './subject.ts'

/** The cosine of the rows that both have must stand this many deviations of chance above 0. */
const MIN_Z = 5

/** Fewer cells cannot tell. */
const MIN_CELLS = 128

/**
 * How alike two matrices of one width are in the rows that both have: the cosine over the cells of the sketches that no other row
 * reaches. Those are the whole blocks of 4,096 rows that both have, or within the first block the sketch rows that stand for none
 * of the rows that only one has; where these are 64 and more, all cells, blurred by what the others add. Null where chance would do.
 */
export function prefixCosine(a: Weight, b: Weight): number | null {
  if (!a.print.sketch || !b.print.sketch || a.print.columns !== b.print.columns) return null
  const common = Math.min(a.print.rows, b.print.rows)
  const blocks = Math.floor(common / BLOCK_ROWS)
  const [x, y] = [a, b].map(({ print }) => sumBlocks(print.sketch!, Math.max(1, blocks)))
  if (a.height !== b.height) return null
  const longer = Math.max(a.print.rows, b.print.rows)
  const cells = blocks > 0 ? null : cellsOf(common, Math.min(longer, rowsOfBlocks(longer, 1)), a)
  const cosine = cosineOver(x!, y!, cells)
  const count = cells?.length ?? x!.length
  return count >= MIN_CELLS && cosine * Math.sqrt(count) > MIN_Z ? cosine : null
}

/** The positions in the sketch that rows from `from` to `to` do not reach; null for all where they reach every one. */
function cellsOf(from: number, to: number, { height, width }: Weight): number[] | null {
  if (to - from >= SKETCH_SIDE) return null
  const reached = new Set(Array.from({ length: to - from }, (_, i) => (from + i) % SKETCH_SIDE))
  const rows = Array.from({ length: height }, (_, row) => row).filter((row) => !reached.has(row))
  return rows.flatMap((row) => Array.from({ length: width }, (_, column) => row * width + column))
}

function cosineOver(x: Float32Array, y: Float32Array, cells: number[] | null): number {
  const [u, v] = cells ? [x, y].map((values) => Float64Array.from(cells, (at) => values[at]!)) : [x, y]
  const size = Math.sqrt(inner(u!, u!) * inner(v!, v!))
  return size === 0 ? 0 : inner(u!, v!) / size
}
