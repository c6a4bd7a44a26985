import { UNIT } from './glance.ts'
import { cosineAt, type Look, namesake, type Query, shapeNumber, turnedCosineAt } from './screening.ts'

/** As in comparison.ts: a model wholly contained in another was cut out of it. */
const CONTAINED = 0.1

/** What a comparison calls `difference`, estimated over the matrices. */
export function differenceAtAGlance(query: Query, other: Look): number {
  let different = 0
  let shared = 0
  let sharedMine = 0
  for (let k = 0; k < other.shapes.length; k++) {
    const mine = other.shapes[k] === 0 ? undefined : counterpart(query, other, k)
    if (mine === undefined) continue
    const count = countAt(other, k)
    different += isEqual(query, mine, other, k) ? 0 : count * Math.min(1, apart(query, mine, other, k).distance)
    shared += count
    sharedMine += countAt(query, mine)
  }
  const aloneHere = Math.max(0, total(query) - sharedMine)
  const aloneThere = Math.max(0, total(other) - shared)
  const isContained = different === 0 && (aloneHere === 0 || aloneThere === 0)
  const alone = aloneHere + aloneThere
  return shared + alone === 0 ? 0 : (different + alone * (isContained ? CONTAINED : 1)) / (shared + alone)
}

/** What a comparison calls `similarity`, estimated over the matrices. */
export function similarityAtAGlance(query: Query, other: Look): number {
  const cosines: { cosine: number; count: number }[] = []
  for (let k = 0; k < other.shapes.length; k++) {
    const mine = other.shapes[k] === 0 ? undefined : counterpart(query, other, k)
    if (mine === undefined) continue
    const cosine = isEqual(query, mine, other, k) ? 1 : apart(query, mine, other, k).cosine
    cosines.push({ cosine, count: countAt(other, k) })
  }
  return weightedMedian(cosines)
}

type Sketches = Pick<Look, 'glance' | 'cells'>

/** The greatest cosine of any two weights of one shape. */
export function mostAlike(a: Sketches, b: Sketches): number {
  let most = -1
  for (let i = 0; i < a.glance.rows.length; i++)
    for (let k = 0; k < b.glance.rows.length; k++)
      if (a.cells.norms[i]! > 0 && b.cells.norms[k]! > 0 && shapeAt(a, i) === shapeAt(b, k))
        most = Math.max(most, apart(a, i, b, k).cosine)
  return most
}

function shapeAt({ glance: { rows, columns } }: Sketches, k: number): number {
  return shapeNumber(rows[k]!, columns[k]!)
}

function isEqual(query: Query, i: number, other: Look, k: number): boolean {
  return query.glance.digests[i] === other.glance.digests[k]
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
    const cosine = apart(query, i, other, k).cosine
    if (cosine > most) [best, most] = [i, cosine]
  })
  return best
}

/** More alike than this as they stand, two square matrices are not the transposes of each other. */
const ALIKE = 0.5

/** Whether of two weights of one shape the first is more like the second's transpose. */
export function isTurned(query: Sketches, i: number, other: Sketches, k: number): boolean {
  const { rows, columns } = query.glance
  const straight = cosineAt(query.cells, i, other.cells, k)
  const mayBe = rows[i] === columns[i] && straight < ALIKE
  return mayBe && turnedCosineAt(query.cells, i, other.cells, k, rows[i]!) > straight
}

/** ‖A − B‖² = (‖A‖ − ‖B‖)² + ‖A‖ ‖B‖ ‖a − b‖², a and b being the two at length one: near zero nothing cancels. */
function apart(query: Sketches, i: number, other: Sketches, k: number): { cosine: number; distance: number } {
  const { rows, columns } = query.glance
  const straight = cosineAt(query.cells, i, other.cells, k)
  const mayBeTurned = rows[i] === columns[i] && straight < ALIKE
  const turned = mayBeTurned ? turnedCosineAt(query.cells, i, other.cells, k, rows[i]!) : Number.NEGATIVE_INFINITY
  const [x, y] = [query.cells.norms[i]!, other.cells.norms[k]!]
  const unit = turned > straight ? 2 - 2 * turned : squaresApart(query, i, other, k)
  return {
    cosine: Math.max(straight, turned),
    distance: Math.sqrt((x - y) ** 2 + x * y * Math.max(0, unit)) / Math.max(x, y),
  }
}

function squaresApart({ cells: a }: Sketches, i: number, { cells: b }: Sketches, k: number): number {
  const size = a.side * a.side
  let sum = 0
  for (let at = 0; at < size; at++) {
    const difference = a.values[i * size + at]! - b.values[k * size + at]!
    sum += difference * difference
  }
  return sum / (UNIT * UNIT)
}

function countAt({ glance: { rows, columns } }: Look, k: number): number {
  return rows[k]! * columns[k]!
}

function total(look: Look): number {
  return look.shapes.reduce((sum, shape, k) => sum + (shape > 0 ? countAt(look, k) : 0), 0)
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
