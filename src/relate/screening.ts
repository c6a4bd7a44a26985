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
  /** By weight: what its sketch has for the square of its length, which rounding moved off `UNIT`². Made when it is asked for. */
  squares(): Int32Array
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
  const shapes = new Float64Array(rows.length)
  const variances = new Float64Array(rows.length)
  let usable = 0
  let size = 0
  for (let k = 0; k < rows.length; k++) {
    const [height, width] = [rows[k]!, columns[k]!]
    variances[k] = 1 / (Math.min(height, cells.side) * Math.min(width, cells.side))
    if (!isUsable(height, width, cells.norms[k]!)) continue
    shapes[k] = shapeNumber(height, width)
    usable++
    size += height * width
  }
  let squares: Int32Array | null = null
  return {
    glance,
    cells,
    groups: groupsOf(glance, cells, shapes),
    usable,
    size,
    shapes,
    variances,
    squares() {
      squares ??= Int32Array.from(rows, (_, k) => productAt(cells, k, cells, k))
      return squares
    },
  }
}

function isUsable(rows: number, columns: number, norm: number): boolean {
  return norm > 0 && rows > 1 && Math.min(rows, SKETCH_SIDE) * Math.min(columns, SKETCH_SIDE) >= MIN_CELLS
}

function groupsOf({ rows, columns }: Glance, { side, values }: Cells, shapes: Float64Array): Group[] {
  const size = side * side
  const groups = new Map<number, Group & { isSquare: boolean; side: number }>()
  for (let k = 0; k < shapes.length; k++) {
    const shape = shapes[k]!
    if (shape === 0) continue
    const group = groups.get(shape) ?? emptyGroup(rows[k]!, columns[k]!, side)
    groups.set(shape, group)
    const { sum } = group
    for (let at = 0, from = k * size; at < size; at++, from++) sum[at]! += values[from]!
  }
  for (const group of groups.values()) {
    if (group.isSquare) addTranspose(group.sum, group.side)
    for (let at = 0; at < size; at++) {
      const value = group.sum[at]! / UNIT
      group.sum[at] = value
      group.square += value * value
    }
  }
  return [...groups.values()]
}

function emptyGroup(rows: number, columns: number, side: number) {
  const [height, width] = [Math.min(rows, side), Math.min(columns, side)]
  const isSquare = rows === columns
  // what a square matrix has in common with its own transpose is the same however it stands
  const cells = isSquare ? (height * (height + 1)) / 2 : height * width
  return {
    shape: shapeNumber(rows, columns),
    sum: new Float32Array(side * side),
    square: 0,
    cells,
    isSquare,
    side: height,
  }
}

/** Half of the sum with the transpose. */
function addTranspose(sum: Float32Array, side: number): void {
  for (let row = 0; row < side; row++)
    for (let column = 0; column <= row; column++) {
      const both = (sum[row * side + column]! + sum[column * side + row]!) / 2
      sum[row * side + column] = both
      sum[column * side + row] = both
    }
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
  const height = Math.min(rows, a.side)
  const [from, to] = [i * a.side * a.side, j * a.side * a.side]
  let sum = 0
  for (let row = 0; row < height; row++)
    for (let column = 0; column < height; column++)
      sum = (sum + Math.imul(a.values[from + row * height + column]!, b.values[to + column * height + row]!)) | 0
  return sum / (UNIT * UNIT)
}
