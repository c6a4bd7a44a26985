import { COARSE, type Glance, UNIT } from './glance.ts'
import { shapeNumber } from './screening.ts'

/**
 * Models with fewer matrices than this can be related only by near equality, or as parents of a merge, which a coarse sketch shows in
 * any one of their weights.
 */
const FEW_MATRICES = 8

/** Of unrelated pairs of matrices one in four hundred is more alike than that; a parent with half of a merge has .7. */
const MIN_COSINE = 0.35

/** Vectors of strangers look alike; copies rounded to 4 bits are nearer than this. */
const MIN_VECTOR_COSINE = 0.95

const CELLS = COARSE * COARSE

export function isSmall({ rows, coarse }: Glance): boolean {
  return rows.reduce((count, height, k) => count + (height > 1 && coarse.norms[k]! > 0 ? 1 : 0), 0) < FEW_MATRICES
}

/** All weights of one shape, one after the other. */
interface Shelf {
  rows: number
  columns: number
  owners: Int32Array
  values: Int16Array
}

/**
 * Pairs of models, by their numbers, of which one at least is small and any two weights of one shape look alike: an exact search over flat
 * arrays, for ten thousand small models make fifty million pairs. A pair may come more than once. Of models without matrices
 * the vectors are looked at.
 */
export function* smallPairs(
  glances: readonly Glance[],
  isFresh: (model: number) => boolean,
): Generator<[number, number]> {
  const small = Uint8Array.from(glances, (glance) => (isSmall(glance) ? 1 : 0))
  const fresh = Uint8Array.from(glances, (_, model) => (isFresh(model) ? 1 : 0))
  if (!small.includes(1)) return
  for (const shelf of shelvesOf(glances)) yield* alikeOn(shelf, small, fresh)
}

function* alikeOn({ rows, columns, owners, values }: Shelf, small: Uint8Array, fresh: Uint8Array) {
  const least = (rows === 1 ? MIN_VECTOR_COSINE : MIN_COSINE) * UNIT * UNIT
  const isSquare = rows === columns
  const mine = new Int16Array(CELLS)
  const turned = new Int16Array(CELLS)
  for (let i = 0; i < owners.length; i++) {
    const owner = owners[i]!
    if (!small[owner]) continue
    mine.set(values.subarray(i * CELLS, (i + 1) * CELLS))
    if (isSquare) turn(mine, Math.min(rows, COARSE), turned)
    for (let j = 0; j < owners.length; j++) {
      const other = owners[j]!
      if ((j <= i && small[other]) || other === owner || !(fresh[owner] || fresh[other])) continue
      if (inner(mine, values, j * CELLS) >= least || (isSquare && inner(turned, values, j * CELLS) >= least))
        yield owner < other ? ([owner, other] as [number, number]) : ([other, owner] as [number, number])
    }
  }
}

function shelvesOf(glances: readonly Glance[]): Shelf[] {
  const places = new Map<number, { model: number; k: number }[]>()
  glances.forEach(({ rows, columns, coarse }, model) => {
    const hasMatrices = rows.some((height, k) => height > 1 && coarse.norms[k]! > 0)
    rows.forEach((height, k) => {
      if (coarse.norms[k] === 0 || (hasMatrices && height === 1)) return
      const shape = shapeNumber(height, columns[k]!)
      const list = places.get(shape)
      if (list) list.push({ model, k })
      else places.set(shape, [{ model, k }])
    })
  })
  return [...places.values()].map((list) => {
    const first = list[0]!
    const values = new Int16Array(list.length * CELLS)
    list.forEach(({ model, k }, i) => {
      values.set(glances[model]!.coarse.values.subarray(k * CELLS, (k + 1) * CELLS), i * CELLS)
    })
    const { rows, columns } = glances[first.model]!
    return {
      rows: rows[first.k]!,
      columns: columns[first.k]!,
      owners: Int32Array.from(list, ({ model }) => model),
      values,
    }
  })
}

function turn(values: Int16Array, side: number, turned: Int16Array): void {
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) turned[column * side + row] = values[row * side + column]!
}

function inner(x: Int16Array, y: Int16Array, from: number): number {
  let [even, odd] = [0, 0]
  for (let at = 0; at < CELLS; at += 2) {
    even = (even + Math.imul(x[at]!, y[from + at]!)) | 0
    odd = (odd + Math.imul(x[at + 1]!, y[from + at + 1]!)) | 0
  }
  return even + odd
}
