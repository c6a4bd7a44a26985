import { BLOCK_ROWS, SKETCH_SIDE } from './kernel.ts'
import { sign } from './sign.ts'

/** Row-major height × width values. Where two meet in one function they have the same shape. */
export type Values = Float32Array | Float64Array

export interface Matrix<V extends Values = Values> {
  height: number
  width: number
  values: V
}

/** The sketch of the whole tensor, or of its first `blocks` × 4,096 rows: sums the matrices that stand one after the other. */
export function sumBlocks(
  { height, width, values }: Matrix<Float32Array>,
  blocks = Number.POSITIVE_INFINITY,
): Float32Array {
  const size = height * width
  const end = Math.min(values.length, blocks * size)
  if (end <= size) return values.slice(0, size)
  const sum = new Float64Array(size)
  for (let at = 0; at < end; at++) sum[at % size]! += values[at]!
  return Float32Array.from(sum)
}

/** The sketch that K = `side` would have given (`side` divides 64): index i goes to i mod `side`. */
export function fold<V extends Values>(values: V, height: number, width: number, side: number): Matrix<V> {
  const low = Math.min(height, side)
  const narrow = Math.min(width, side)
  const folded = emptyLike(values, low * narrow)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      folded[(row % side) * narrow + (column % side)]! += values[row * width + column]!
  return { height: low, width: narrow, values: folded }
}

/** P(Wᵀ) = P(W)ᵀ. The result is width × height. */
export function transpose<V extends Values>(values: V, height: number, width: number): V {
  const turned = emptyLike(values, values.length)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) turned[column * height + row] = values[row * width + column]!
  return turned
}

function emptyLike<V extends Values>(values: V, length: number): V {
  return (values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)) as V
}

/** ⟨P(A), P(B)⟩, which estimates ⟨A, B⟩. */
export function inner(a: Values, b: Values): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}

/** Euclidean (Frobenius) norm. */
export function norm(values: Values): number {
  return Math.sqrt(inner(values, values))
}

/** 0 where either is 0. For unrelated m × n tensors it has a deviation of about 1/√(min(m,64)·min(n,64)) about 0. */
export function cosine(a: Values, b: Values): number {
  const size = norm(a) * norm(b)
  return size === 0 ? 0 : inner(a, b) / size
}

/** A − B. */
export function subtract(a: Values, b: Values): Float64Array {
  return combine([1, -1], [a, b])
}

/** Σ weightₖ · matrixₖ, of at least one matrix. */
export function combine(weights: readonly number[], matrices: readonly Values[]): Float64Array {
  const sum = new Float64Array(matrices[0]!.length)
  matrices.forEach((matrix, k) => {
    const weight = weights[k]!
    for (let at = 0; at < sum.length; at++) sum[at]! += weight * matrix[at]!
  })
  return sum
}

/**
 * P(1), the sketch of the rows × columns matrix of ones, with which a sketch is centred: P(W − μ) = P(W) − μ·P(1). For the
 * first k blocks of a tall tensor pass k · 4,096 rows. Time grows with rows + columns, once for each length.
 */
export function ones(rows: number, columns: number): Float64Array {
  const down = signSums(rows)
  const across = signSums(columns)
  const height = Math.min(rows, SKETCH_SIDE)
  const width = Math.min(columns, SKETCH_SIDE)
  return Float64Array.from({ length: height * width }, (_, at) => down[Math.floor(at / width)]! * across[at % width]!)
}

/** Rows of the first `blocks` blocks of a tensor of `rows` rows. */
export function rowsOfBlocks(rows: number, blocks: number): number {
  return Math.min(rows, blocks * BLOCK_ROWS)
}

/** Σ σ(i) over i < length with i ≡ a (mod 64), for each a. */
function signSums(length: number): Float64Array {
  const known = signSumsOf.get(length)
  if (known) return known
  const sums = new Float64Array(SKETCH_SIDE)
  for (let index = 0; index < length; index++) sums[index % SKETCH_SIDE]! += sign(index)
  // An estate has a few hundred axis lengths; one made to have more must not fill memory.
  if (signSumsOf.size >= 4_096) signSumsOf.clear()
  signSumsOf.set(length, sums)
  return sums
}

const signSumsOf = new Map<number, Float64Array>()

/** All min(height, width) singular values, greatest first, by one-sided Jacobi rotations (Hestenes 1958). */
export function singularValues(values: Values, height: number, width: number): Float64Array {
  const vectors = height >= width ? columnsOf(transpose(values, height, width), width) : columnsOf(values, height)
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) if (!rotateAll(vectors)) break
  return Float64Array.from(vectors, norm).sort().reverse()
}

/** Convergence is quadratic: 64 × 64 matrices take 6 to 10 sweeps. */
const MAX_SWEEPS = 40

function columnsOf(values: Values, count: number): Float64Array[] {
  const length = values.length / count
  return Array.from({ length: count }, (_, k) => Float64Array.from(values.subarray(k * length, (k + 1) * length)))
}

/** Makes each pair of vectors orthogonal once. False when all were so already. */
function rotateAll(vectors: Float64Array[]): boolean {
  let rotated = false
  for (let j = 0; j < vectors.length; j++)
    for (let k = j + 1; k < vectors.length; k++) rotated = rotate(vectors[j]!, vectors[k]!) || rotated
  return rotated
}

function rotate(a: Float64Array, b: Float64Array): boolean {
  const product = inner(a, b)
  const aa = inner(a, a)
  const bb = inner(b, b)
  if (Math.abs(product) <= 1e-15 * Math.sqrt(aa * bb) || product === 0) return false
  const zeta = (bb - aa) / (2 * product)
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
  const cos = 1 / Math.hypot(1, tangent)
  const sin = cos * tangent
  for (let at = 0; at < a.length; at++) {
    const x = a[at]!
    const y = b[at]!
    a[at] = cos * x - sin * y
    b[at] = sin * x + cos * y
  }
  return true
}

/**
 * The weights that bring Σ weightₖ · columnₖ nearest to `target`, and the distance left over. Modified Gram–Schmidt with
 * pivoting (Björck 1967); a column that depends on the others gets weight 0.
 */
export function leastSquares(
  columns: readonly ArrayLike<number>[],
  target: ArrayLike<number>,
): { weights: number[]; residual: number } {
  const rest = columns.map((column) => Float64Array.from(column))
  const left = Float64Array.from(target)
  const negligible = 1e-14 * Math.max(0, ...rest.map(norm))
  const order: number[] = []
  const unused = new Set(rest.keys())
  /** Row p: the coefficients of pivot p's direction in each column; then its coefficient in the target. */
  const rows: { coefficients: Float64Array; target: number }[] = []
  while (unused.size > 0) {
    const pivot = [...unused].reduce((best, k) => (norm(rest[k]!) > norm(rest[best]!) ? k : best))
    const size = norm(rest[pivot]!)
    if (size <= negligible) break
    unused.delete(pivot)
    const direction = rest[pivot]!.map((value) => value / size)
    const coefficients = new Float64Array(rest.length)
    coefficients[pivot] = size
    for (const k of unused) coefficients[k] = removeDirection(rest[k]!, direction)
    rows.push({ coefficients, target: removeDirection(left, direction) })
    order.push(pivot)
  }
  const weights = new Array<number>(columns.length).fill(0)
  for (let p = order.length - 1; p >= 0; p--) {
    const { coefficients, target: wanted } = rows[p]!
    const done = order.slice(p + 1).reduce((sum, k) => sum + coefficients[k]! * weights[k]!, 0)
    weights[order[p]!] = (wanted - done) / coefficients[order[p]!]!
  }
  return { weights, residual: norm(left) }
}

/** Removes the part of `vector` along a unit direction, and returns its length. */
function removeDirection(vector: Float64Array, direction: Float64Array): number {
  const along = inner(vector, direction)
  for (let at = 0; at < vector.length; at++) vector[at]! -= along * direction[at]!
  return along
}

export interface AffineFit {
  /** One a point; they sum to one. */
  weights: number[]
  /** Squared distance of the combination from the target. */
  squared: number
}

/**
 * Weights summing to one that bring Σ weightₖ · pointₖ nearest to a target, of which only the inner products of the
 * differences are needed: gram[k][l] = ⟨pointₖ − target, pointₗ − target⟩, so that they may be summed over many tensors.
 * Null when the points depend on each other affinely.
 */
export function affineWeights(gram: readonly (readonly number[])[]): AffineFit | null {
  if (gram.length === 2) return affineOfTwo(gram[0]![0]!, gram[0]![1]!, gram[1]![1]!)
  if (gram.length === 3) return affineOfThree(gram)
  const g = (k: number, l: number): number => gram[k]![l]!
  const others = gram.length - 1
  if (others < 0) return null
  // With weight₀ = 1 − Σ others, what is left is an ordinary least-squares problem in pointₖ − point₀.
  const normal = Array.from({ length: others }, (_, k) =>
    Array.from({ length: others }, (_, l) => g(k + 1, l + 1) - g(k + 1, 0) - g(0, l + 1) + g(0, 0)),
  )
  const solved = solvePositive(
    normal,
    Array.from({ length: others }, (_, k) => g(0, 0) - g(k + 1, 0)),
  )
  if (!solved) return null
  const weights = [1 - solved.reduce((sum, weight) => sum + weight, 0), ...solved]
  const squared = weights.reduce(
    (sum, weight, k) => sum + weight * weights.reduce((row, other, l) => row + g(k, l) * other, 0),
    0,
  )
  return { weights, squared: Math.max(0, squared) }
}

/** In closed form: merges are looked for among ten thousands of twos and threes. */
function affineOfTwo(xx: number, xy: number, yy: number): AffineFit | null {
  const apart = xx - 2 * xy + yy
  if (!(apart > SINGULAR * (xx + yy))) return null
  const second = (xx - xy) / apart
  const first = 1 - second
  const squared = first * first * xx + 2 * first * second * xy + second * second * yy
  return { weights: [first, second], squared: Math.max(0, squared) }
}

/** Cramer's rule in point₁ − point₀ and point₂ − point₀. */
function affineOfThree([x, y, z]: readonly (readonly number[])[]): AffineFit | null {
  const [xx, xy, xz, yy, yz, zz] = [x![0]!, x![1]!, x![2]!, y![1]!, y![2]!, z![2]!]
  const [a, b, c] = [yy - 2 * xy + xx, yz - xy - xz + xx, zz - 2 * xz + xx]
  const determinant = a * c - b * b
  if (!(a > SINGULAR * (xx + yy)) || !(determinant > SINGULAR * a * c)) return null
  const [p, q] = [xx - xy, xx - xz]
  const second = (p * c - q * b) / determinant
  const third = (a * q - b * p) / determinant
  const first = 1 - second - third
  const squared =
    first * (first * xx + 2 * second * xy + 2 * third * xz) +
    second * (second * yy + 2 * third * yz) +
    third * third * zz
  return { weights: [first, second, third], squared: Math.max(0, squared) }
}

/** Points that depend on each other to 12 digits. */
const SINGULAR = 1e-12

/** Solves A x = b for a symmetric positive definite A by Cholesky; null when A is singular to 12 digits. */
function solvePositive(a: readonly (readonly number[])[], b: readonly number[]): number[] | null {
  const size = b.length
  const lower = Array.from({ length: size }, () => new Float64Array(size))
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const rest = a[row]![column]! - dotTo(lower[row]!, lower[column]!, column)
      if (column < row) lower[row]![column] = rest / lower[column]![column]!
      else if (!(rest > SINGULAR * a[row]![row]!)) return null
      else lower[row]![row] = Math.sqrt(rest)
    }
  }
  const x = [...b]
  for (let row = 0; row < size; row++) x[row] = (x[row]! - dotTo(lower[row]!, x, row)) / lower[row]![row]!
  for (let row = size - 1; row >= 0; row--) {
    for (let below = row + 1; below < size; below++) x[row]! -= lower[below]![row]! * x[below]!
    x[row]! /= lower[row]![row]!
  }
  return x
}

function dotTo(a: ArrayLike<number>, b: ArrayLike<number>, end: number): number {
  let sum = 0
  for (let at = 0; at < end; at++) sum += a[at]! * b[at]!
  return sum
}
