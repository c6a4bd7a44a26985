/**
 * All eigenvalues of a symmetric matrix (row-major size × size; destroyed), greatest first: Householder's reduction to three
 * diagonals, then QL with implicit shifts (Golub and Van Loan, Matrix Computations, 4th ed., 8.3). Absolute error about 10⁻¹⁵ of the
 * greatest; 4/3 · size³ operations.
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix, size)
  implicitQl(diagonal, beside)
  return diagonal.sort().reverse()
}

/** Squares of all min(height, width) singular values, greatest first, by the smaller of the two Gram matrices. */
export function squaredSingularValues(values: ArrayLike<number>, height: number, width: number): Float64Array {
  const size = Math.min(height, width)
  const eigenvalues = symmetricEigenvalues(
    height <= width ? rowGram(values, height, width) : columnGram(values, height, width),
    size,
  )
  return eigenvalues.map((value) => Math.max(0, value))
}

function rowGram(values: ArrayLike<number>, height: number, width: number): Float64Array {
  const gram = new Float64Array(height * height)
  for (let i = 0; i < height; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0, a = i * width, b = j * width; k < width; k++) sum += values[a++]! * values[b++]!
      gram[i * height + j] = sum
      gram[j * height + i] = sum
    }
  return gram
}

function columnGram(values: ArrayLike<number>, height: number, width: number): Float64Array {
  const turned = new Float64Array(height * width)
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) turned[j * height + i] = values[i * width + j]!
  return rowGram(turned, width, height)
}

/** Reflections from the last row up; only the lower triangle is used. `beside[i]` stands between i − 1 and i. */
function tridiagonal(a: Float64Array, size: number): { diagonal: Float64Array; beside: Float64Array } {
  const diagonal = new Float64Array(size)
  const beside = new Float64Array(size)
  const product = new Float64Array(size)
  for (let i = size - 1; i > 0; i--) {
    const row = a.subarray(i * size, i * size + i)
    let square = 0
    for (let k = 0; k < i; k++) square += row[k]! * row[k]!
    const last = row[i - 1]!
    if (square === last * last) {
      beside[i] = last
      continue
    }
    const length = last > 0 ? -Math.sqrt(square) : Math.sqrt(square)
    beside[i] = length
    const half = square - last * length
    row[i - 1] = last - length
    reflect(a, size, i, row, half, product)
  }
  for (let i = 0; i < size; i++) diagonal[i] = a[i * size + i]!
  return { diagonal, beside }
}

/** A − uqᵀ − quᵀ of the leading part, with u the row, p = Au/h and q = p − u(uᵀp)/2h. */
function reflect(
  a: Float64Array,
  size: number,
  count: number,
  u: Float64Array,
  half: number,
  product: Float64Array,
): void {
  product.fill(0, 0, count)
  for (let j = 0; j < count; j++) {
    const at = j * size
    const own = u[j]!
    let sum = a[at + j]! * own
    for (let k = 0; k < j; k++) {
      const value = a[at + k]!
      sum += value * u[k]!
      product[k]! += value * own
    }
    product[j]! += sum
  }
  let along = 0
  for (let j = 0; j < count; j++) {
    product[j]! /= half
    along += product[j]! * u[j]!
  }
  const share = along / (2 * half)
  for (let j = 0; j < count; j++) product[j]! -= share * u[j]!
  for (let j = 0; j < count; j++) {
    const at = j * size
    const [own, other] = [u[j]!, product[j]!]
    for (let k = 0; k <= j; k++) a[at + k]! -= own * product[k]! + other * u[k]!
  }
}

/** Each eigenvalue takes two or three steps; so many never occur. */
const MAX_STEPS = 60

function implicitQl(d: Float64Array, beside: Float64Array): void {
  const size = d.length
  const e = Float64Array.from({ length: size }, (_, i) => beside[i + 1] ?? 0)
  for (let l = 0; l < size; l++) {
    for (let step = 0; step < MAX_STEPS; step++) {
      let m = l
      while (m < size - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++
      if (m === l) break
      qlStep(d, e, l, m)
    }
  }
}

function qlStep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const slope = (d[l + 1]! - d[l]!) / (2 * e[l]!)
  const length = Math.hypot(slope, 1)
  let g = d[m]! - d[l]! + e[l]! / (slope + (slope >= 0 ? length : -length))
  let [s, c, p] = [1, 1, 0]
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!
    const b = c * e[i]!
    const r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1]! -= p
      e[m] = 0
      return
    }
    s = f / r
    c = g / r
    const next = d[i + 1]! - p
    const t = (d[i]! - next) * s + 2 * c * b
    p = s * t
    d[i + 1] = next + p
    g = c * t - b
  }
  d[l]! -= p
  e[l] = g
  e[m] = 0
}
