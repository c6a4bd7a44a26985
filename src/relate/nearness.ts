import { UNIT } from './glance.ts'
import { type Look, namesake, type Pairing, productAt, type Query, shapeNumber, turnedCosineAt } from './screening.ts'

/** As in comparison.ts: a model wholly contained in another was cut out of it. */
const CONTAINED = 0.1

/** What a comparison calls `difference`, estimated over the matrices. */
export function differenceAtAGlance(pairing: Pairing): number {
  const { query, other } = pairing
  let different = 0
  let shared = 0
  let sharedMine = 0
  for (let k = 0; k < other.shapes.length; k++) {
    if (other.shapes[k] === 0) continue
    const found = likenessAt(pairing, k)
    if (!found) continue
    const count = countAt(other, k)
    different += count * Math.min(1, found.distance)
    shared += count
    sharedMine += countAt(query, found.mine)
  }
  const aloneHere = Math.max(0, query.size - sharedMine)
  const aloneThere = Math.max(0, other.size - shared)
  const isContained = different === 0 && (aloneHere === 0 || aloneThere === 0)
  const alone = aloneHere + aloneThere
  return shared + alone === 0 ? 0 : (different + alone * (isContained ? CONTAINED : 1)) / (shared + alone)
}

/** What a comparison calls `similarity`, estimated over the matrices. */
export function similarityAtAGlance(pairing: Pairing): number {
  const cosines: { cosine: number; count: number }[] = []
  for (let k = 0; k < pairing.other.shapes.length; k++) {
    const found = pairing.other.shapes[k] === 0 ? null : likenessAt(pairing, k)
    if (found) cosines.push({ cosine: found.cosine, count: countAt(pairing.other, k) })
  }
  return weightedMedian(cosines)
}

/** How like its counterpart the second model's weight is. */
function likenessAt({ query, other, counterparts, products }: Pairing, k: number) {
  const named = counterparts[k]!
  const mine = named >= 0 ? named : counterpart(query, other, k)
  if (mine === undefined) return null
  if (query.glance.digests[mine] === other.glance.digests[k]) return { mine, cosine: 1, distance: 0 }
  const product = named >= 0 ? products[k]! : productAt(query.cells, mine, other.cells, k)
  return { mine, ...apart(query, mine, other, k, product) }
}

type Sketches = Pick<Look, 'glance' | 'cells'>

/** The greatest cosine of any two weights of one shape. */
export function mostAlike(a: Sketches, b: Sketches): number {
  let most = -1
  for (let i = 0; i < a.glance.rows.length; i++)
    for (let k = 0; k < b.glance.rows.length; k++)
      if (a.cells.norms[i]! > 0 && b.cells.norms[k]! > 0 && shapeAt(a, i) === shapeAt(b, k))
        most = Math.max(most, cosineEitherWay(a, i, b, k))
  return most
}

function shapeAt({ glance: { rows, columns } }: Sketches, k: number): number {
  return shapeNumber(rows[k]!, columns[k]!)
}

/** The weight of the same role and shape, else the most alike one of the shape. */
export function counterpart(query: Query, other: Look, k: number): number | undefined {
  const shape = other.shapes[k]!
  const named = namesake(query, other.glance.roles[k]!, k)
  if (named !== undefined && query.shapes[named] === shape) return named
  let best: number | undefined
  let most = Number.NEGATIVE_INFINITY
  query.shapes.forEach((candidate, i) => {
    if (candidate !== shape) return
    const cosine = cosineEitherWay(query, i, other, k)
    if (cosine > most) [best, most] = [i, cosine]
  })
  return best
}

/** More alike than this as they stand, two square matrices are not the transposes of each other. */
const ALIKE = 0.5

/** Whether of two weights of one shape the first is more like the second's transpose. */
export function isTurned(query: Sketches, i: number, other: Sketches, k: number): boolean {
  const { rows, columns } = query.glance
  const straight = productAt(query.cells, i, other.cells, k) / (UNIT * UNIT)
  const mayBe = rows[i] === columns[i] && straight < ALIKE
  return mayBe && turnedCosineAt(query.cells, i, other.cells, k, rows[i]!) > straight
}

/**
 * ‖A − B‖² = (‖A‖ − ‖B‖)² + ‖A‖ ‖B‖ ‖a − b‖², a and b being the two at length one. ‖a − b‖² is made of whole numbers, rounded
 * lengths included, so that nothing cancels near zero. `product`: ⟨a, b⟩ as they stand.
 */
function apart(query: Look, i: number, other: Look, k: number, product: number): { cosine: number; distance: number } {
  const { rows, columns } = query.glance
  const straight = product / (UNIT * UNIT)
  const mayBeTurned = rows[i] === columns[i] && straight < ALIKE
  const turned = mayBeTurned ? turnedCosineAt(query.cells, i, other.cells, k, rows[i]!) : Number.NEGATIVE_INFINITY
  const most = turned > straight ? turned * UNIT * UNIT : product
  const [x, y] = [query.cells.norms[i]!, other.cells.norms[k]!]
  const unit = Math.max(0, query.squares()[i]! + other.squares()[k]! - 2 * most) / (UNIT * UNIT)
  return {
    cosine: Math.max(straight, turned),
    distance: Math.sqrt((x - y) ** 2 + x * y * unit) / Math.max(x, y),
  }
}

function cosineEitherWay(a: Sketches, i: number, b: Sketches, k: number): number {
  const { rows, columns } = a.glance
  const straight = productAt(a.cells, i, b.cells, k) / (UNIT * UNIT)
  return rows[i] === columns[i] ? Math.max(straight, turnedCosineAt(a.cells, i, b.cells, k, rows[i]!)) : straight
}

function countAt({ glance: { rows, columns } }: Look, k: number): number {
  return rows[k]! * columns[k]!
}

function weightedMedian(items: { cosine: number; count: number }[]): number {
  const sorted = items.sort((x, y) => x.cosine - y.cosine)
  const half = sorted.reduce((sum, { count }) => sum + count, 0) / 2
  let seen = 0
  for (const { cosine, count } of sorted) {
    seen += count
    if (seen >= half) return cosine
  }
  return 0
}
