import type { Kernel } from '../kernel/kernel.ts'
import { type Cells, type Glance, UNIT } from './glance.ts'

/** Sketches with fewer cells say too little of a tensor to make it kin (`MIN_CELLS` of kinship.ts). */
const MIN_CELLS = 64
const SKETCH_SIDE = 64

/** A glance at one of its two finenesses, ready to be held against others. */
export interface Look {
  glance: Glance
  cells: Cells
  /** The groups of weights of one shape, transposes included. */
  groups: Group[]
  /** The usable weights, and their elements together. */
  usable: number
  size: number
  /** By weight: its shape, or 0 where it is not usable. */
  shapes: Float64Array
  /** By weight: what its sketch has for the square of its length, which rounding moved off `UNIT`². */
  squares: Int32Array
  /** By weight: what the cosine of strangers varies by; 1 ÷ cells. */
  variances: Float64Array
}

/** The sum of the sketches of one shape: what two models have in common there, whichever layer corresponds to which. */
interface Group {
  shape: number
  sum: Float32Array
  square: number
  cells: number
}

/** What two models' glances say for their being related. */
export interface Evidence {
  /** Sum of the cosines of weights of one role and shape, in deviations of what strangers have. */
  byRole: number
  /** The same of all weights of one shape together, whatever they are called. */
  byShape: number
  /** Share of the smaller model's usable weights that have an equal one. */
  equal: number
}

/** Equal for a shape and its transpose; exact up to sides of 2²¹. */
export function shapeNumber(rows: number, columns: number): number {
  return Math.min(rows, columns) * 2 ** 32 + Math.max(rows, columns)
}

export function lookOf(glance: Glance, cells: Cells): Look {
  const { rows, columns } = glance
  const shapes = Float64Array.from(rows, (height, k) =>
    isUsable(glance, cells, k) ? shapeNumber(height, columns[k]!) : 0,
  )
  const variances = Float64Array.from(rows, (height, k) => 1 / (low(height, cells) * low(columns[k]!, cells)))
  const usable = shapes.reduce((count, shape) => count + (shape > 0 ? 1 : 0), 0)
  const size = shapes.reduce((sum, shape, k) => sum + (shape > 0 ? rows[k]! * columns[k]! : 0), 0)
  return {
    glance,
    cells,
    groups: groupsOf(glance, cells, shapes),
    usable,
    size,
    shapes,
    squares: squaresOf(cells),
    variances,
  }
}

function squaresOf({ side, norms, values }: Cells): Int32Array {
  const size = side * side
  const squares = new Int32Array(norms.length)
  for (let k = 0; k < norms.length; k++) {
    let sum = 0
    for (let at = k * size; at < (k + 1) * size; at++) sum += values[at]! * values[at]!
    squares[k] = sum
  }
  return squares
}

function isUsable({ rows, columns }: Glance, { norms }: Cells, k: number): boolean {
  const cells = Math.min(rows[k]!, SKETCH_SIDE) * Math.min(columns[k]!, SKETCH_SIDE)
  return norms[k]! > 0 && rows[k]! > 1 && cells >= MIN_CELLS
}

function low(length: number, { side }: Cells): number {
  return Math.min(length, side)
}

function groupsOf({ rows, columns }: Glance, cells: Cells, shapes: Float64Array): Group[] {
  const { side, values } = cells
  const size = side * side
  const groups = new Map<number, Group>()
  shapes.forEach((shape, k) => {
    if (shape === 0) return
    const [height, width] = [rows[k]!, columns[k]!].sort((x, y) => x - y).map((length) => low(length, cells))
    // a square matrix may stand either way: what it has in common with its own transpose is the same for both
    const isSquare = rows[k] === columns[k]
    const count = isSquare ? (height! * (height! + 1)) / 2 : height! * width!
    const group = groups.get(shape) ?? { shape, sum: new Float32Array(size), square: 0, cells: count }
    groups.set(shape, group)
    for (let at = 0; at < size; at++) {
      const turned = isSquare && at < height! * width! ? (at % width!) * width! + Math.floor(at / width!) : at
      group.sum[at]! += (values[k * size + at]! + values[k * size + turned]!) / (2 * UNIT)
    }
  })
  for (const group of groups.values()) group.square = group.sum.reduce((sum, value) => sum + value * value, 0)
  return [...groups.values()]
}

/** A look that many others are held against. */
export interface Query extends Look {
  /** Usable weights by role; of several of one role the first. */
  byRole: Map<number, number>
  equals: Set<number>
  bySum: Map<number, Group>
}

export function queryOf(look: Look): Query {
  const byRole = new Map<number, number>()
  const equals = new Set<number>()
  look.shapes.forEach((shape, k) => {
    if (shape === 0) return
    const role = look.glance.roles[k]!
    if (!byRole.has(role)) byRole.set(role, k)
    equals.add(look.glance.digests[k]!)
  })
  return { ...look, byRole, equals, bySum: new Map(look.groups.map((group) => [group.shape, group])) }
}

/** Two models held against each other, weight by weight of the second. */
export interface Pairing {
  query: Query
  other: Look
  /** The first model's weight of the same role and shape; −1 where there is none, or it is not usable. */
  counterparts: Int32Array
  /** ⟨a, b⟩ of the two sketches, both at length `UNIT`. */
  products: Int32Array
}

export function pairingOf(query: Query, other: Look, kernel: Kernel): Pairing {
  const { roles } = other.glance
  const counterparts = new Int32Array(roles.length)
  let isAligned = roles.length === query.glance.roles.length
  for (let k = 0; k < roles.length; k++) {
    const shape = other.shapes[k]!
    const mine = shape === 0 ? undefined : namesake(query, roles[k]!, k)
    counterparts[k] = mine !== undefined && query.shapes[mine] === shape ? mine : -1
    if (counterparts[k] !== k && counterparts[k] !== -1) isAligned = false
  }
  const rows = isAligned ? query.cells.values : gathered(query.cells, counterparts)
  return { query, other, counterparts, products: kernel.products(rows, other.cells.values, other.cells.side ** 2) }
}

function gathered({ side, values }: Cells, rows: Int32Array): Int16Array {
  const size = side * side
  const result = new Int16Array(rows.length * size)
  rows.forEach((row, k) => {
    if (row >= 0) result.set(values.subarray(row * size, (row + 1) * size), k * size)
  })
  return result
}

export function evidenceOf({ query, other, counterparts, products }: Pairing): Evidence {
  let equal = 0
  let sum = 0
  let variance = 0
  const { digests } = other.glance
  for (let k = 0; k < digests.length; k++) {
    if (other.shapes[k] === 0) continue
    if (query.equals.has(digests[k]!)) equal++
    if (counterparts[k]! < 0) continue
    sum += products[k]!
    variance += other.variances[k]!
  }
  const smaller = Math.min(query.usable, other.usable)
  return {
    byRole: variance === 0 ? 0 : sum / (UNIT * UNIT * Math.sqrt(variance)),
    byShape: byShape(query, other),
    equal: smaller === 0 ? 0 : equal / smaller,
  }
}

/** Models of one make list their weights in one order. */
export function namesake({ glance, byRole }: Query, role: number, k: number): number | undefined {
  return glance.roles[k] === role ? k : byRole.get(role)
}

function byShape({ bySum }: Query, { groups }: Look): number {
  let sum = 0
  let variance = 0
  for (const group of groups) {
    const mine = bySum.get(group.shape)
    if (!mine) continue
    sum += inner(mine.sum, group.sum)
    variance += (mine.square * group.square) / group.cells
  }
  return variance === 0 ? 0 : sum / Math.sqrt(variance)
}

function inner(x: Float32Array, y: Float32Array): number {
  let [even, odd] = [0, 0]
  for (let at = 0; at + 1 < x.length; at += 2) {
    even += x[at]! * y[at]!
    odd += x[at + 1]! * y[at + 1]!
  }
  return even + odd
}

/** ⟨a, b⟩ of two weights of one shape; a square one as it stands. */
export function productAt(a: Cells, i: number, b: Cells, j: number): number {
  const size = a.side * a.side
  const [from, to] = [i * size, j * size]
  let sum = 0
  for (let at = 0; at < size; at++) sum = (sum + Math.imul(a.values[from + at]!, b.values[to + at]!)) | 0
  return sum
}

/** The cosine with the second one transposed; for square matrices. */
export function turnedCosineAt(a: Cells, i: number, b: Cells, j: number, rows: number): number {
  const height = low(rows, a)
  const [from, to] = [i * a.side * a.side, j * a.side * a.side]
  let sum = 0
  for (let row = 0; row < height; row++)
    for (let column = 0; column < height; column++)
      sum = (sum + Math.imul(a.values[from + row * height + column]!, b.values[to + column * height + row]!)) | 0
  return sum / (UNIT * UNIT)
}
