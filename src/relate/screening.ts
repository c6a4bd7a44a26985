import type { Kernel } from '../kernel/kernel.ts'
import { type Cells, type Glance, UNIT } from './glance.ts'

/** Sketches with fewer cells say too little of a tensor to make it kin (`MIN_CELLS` of kinship.ts). */
const MIN_CELLS = 64
const SKETCH_SIDE = 64

/** A glance at one of its two finenesses, ready to be held against others. */
export interface Look {
  glance: Glance
  cells: Cells
  /** The groups of weights of one shape, transposes included. Made when they are asked for. */
  groups(): Group[]
  /** The usable weights, and their elements together. */
  usable: number
  size: number
  /** By weight: its shape, or 0 where it is not usable. */
  shapes: Float64Array
  /** By weight: what its sketch has for the square of its length, which rounding moved off `UNIT`². Made when it is asked for. */
  squares(): Int32Array
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
  /** Share of the smaller model's usable weights that have one with the same values, as far as the extremes tell, in whatever order. */
  equal: number
}

/** Equal for a shape and its transpose; exact up to sides of 2²¹. */
export function shapeNumber(rows: number, columns: number): number {
  return Math.min(rows, columns) * 2 ** 32 + Math.max(rows, columns)
}

export function lookOf(glance: Glance, cells: Cells): Look {
  const { rows, columns } = glance
  const shapes = new Float64Array(rows.length)
  let usable = 0
  let size = 0
  for (let k = 0; k < rows.length; k++) {
    const [height, width] = [rows[k]!, columns[k]!]
    if (!isUsable(height, width, cells.norms[k]!)) continue
    shapes[k] = shapeNumber(height, width)
    usable++
    size += height * width
  }
  let squares: Int32Array | null = null
  let groups: Group[] | null = null
  return {
    glance,
    cells,
    usable,
    size,
    shapes,
    groups() {
      groups ??= groupsOf(glance, cells, shapes)
      return groups
    },
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
  const members = new Map<number, number[]>()
  shapes.forEach((shape, k) => {
    if (shape === 0) return
    const known = members.get(shape)
    if (known) known.push(k)
    else members.set(shape, [k])
  })
  return [...members.values()].map((weights) => {
    const { isSquare, height, ...group } = emptyGroup(rows[weights[0]!]!, columns[weights[0]!]!, side)
    const sums = sumsOf(values, weights, size)
    if (isSquare) addTranspose(sums, height)
    for (let at = 0; at < size; at++) {
      const value = sums[at]! / UNIT
      group.sum[at] = value
      group.square += value * value
    }
    return group
  })
}

/** Sums of weights' cells, place by place. */
function sumsOf(values: Int16Array, weights: readonly number[], size: number): Float64Array {
  const sums = new Float64Array(size)
  for (const k of weights) {
    const from = k * size
    for (let at = 0; at < size; at++) sums[at]! += values[from + at]!
  }
  return sums
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
    height,
  }
}

/** Half of the sum with the transpose. */
function addTranspose(sum: Float64Array, side: number): void {
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
    equals.add(look.glance.extremes[k]!)
  })
  return { ...look, byRole, equals, bySum: new Map(look.groups().map((group) => [group.shape, group])) }
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
  const { rows, columns, extremes } = other.glance
  const { side } = other.cells
  for (let k = 0; k < extremes.length; k++) {
    if (other.shapes[k] === 0) continue
    if (query.equals.has(extremes[k]!)) equal++
    if (counterparts[k]! < 0) continue
    sum += products[k]!
    // what the cosine of strangers varies by
    variance += 1 / (Math.min(rows[k]!, side) * Math.min(columns[k]!, side))
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

function byShape({ bySum }: Query, other: Look): number {
  let sum = 0
  let variance = 0
  for (const group of other.groups()) {
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
