import { type Kernel, SEARCH_CELLS, SEARCH_ROWS } from '../kernel/kernel.ts'
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

const CELLS = SEARCH_CELLS

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
  kernel: Kernel,
): Generator<[number, number]> {
  const small = Uint8Array.from(glances, (glance) => (isSmall(glance) ? 1 : 0))
  const fresh = Uint8Array.from(glances, (_, model) => (isFresh(model) ? 1 : 0))
  if (!small.includes(1)) return
  for (const shelf of shelvesOf(glances)) yield* alikeOn(shelf, small, fresh, kernel)
}

function* alikeOn(
  { rows, columns, owners, values }: Shelf,
  small: Uint8Array,
  fresh: Uint8Array,
  kernel: Kernel,
): Generator<[number, number]> {
  const hasLarge = owners.some((owner) => !small[owner])
  const least = Math.ceil((rows === 1 ? MIN_VECTOR_COSINE : MIN_COSINE) * UNIT * UNIT)
  for (let start = 0; start < owners.length; start += SEARCH_ROWS) {
    const search = kernel.search(values.subarray(start * CELLS, (start + SEARCH_ROWS) * CELLS))
    for (let i = 0; i < owners.length; i++) {
      const owner = owners[i]!
      if (!small[owner]) continue
      const mine = values.subarray(i * CELLS, (i + 1) * CELLS)
      // of two small models each finds the other; the rows before are the other's to find
      const from = hasLarge ? 0 : Math.max(0, i + 1 - start)
      const turned = rows === columns ? [turn(mine, Math.min(rows, COARSE))] : []
      for (const query of [mine, ...turned])
        for (const row of search(query, from, least)) {
          const other = owners[start + row]!
          if (other !== owner && (fresh[owner] || fresh[other])) yield owner < other ? [owner, other] : [other, owner]
        }
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

function turn(values: Int16Array, side: number): Int16Array {
  const turned = new Int16Array(CELLS)
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) turned[column * side + row] = values[row * side + column]!
  return turned
}
