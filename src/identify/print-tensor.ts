import { canonicalise, type ExactElement } from '../kernel/exact.ts'
import { CHUNK_BYTES, type Kernel, SKETCH_SIDE, type TensorRun } from '../kernel/kernel.ts'
import { quantiles } from '../kernel/statistics.ts'
import type { AffineQuantisation, BlockQuantisation, StoredTensor } from '../read/model-file.ts'
import { canonicalMatrix, type Matrix } from './canonical.ts'
import { looksClosedForm } from './closed-form.ts'
import { elementWidth, float8Values, integers, isFloat } from './decode.ts'
import { dequantiser } from './dequantise.ts'
import { type FloatElement, floatDigest, rawDigest } from './digest.ts'
import type { Encoding, Standing, TensorPrint } from './print.ts'
import { roleOf } from './role.ts'
import { isRopeTable } from './rope-table.ts'
import { rootMeanSquareStep } from './scale-runs.ts'

/**
 * Fills the start of `target` with the next stored elements in canonical row-major order and returns the bytes filled; 0 at the
 * end. Nibbles arrive spread to bytes.
 */
export type Pull = (target: Uint8Array) => number

/** Tensors below this many elements say nothing about a model and are only listed. */
const MIN_WEIGHT_ELEMENTS = 16

/** Quantiles kept of the row and column norms. */
const NORM_QUANTILES = 33

/** What one pass over a tensor's values gave. `digest` is null when it must be taken again with `exact` known. */
export interface Pass {
  exact: ExactElement | null
  digest: string | null
  run: TensorRun
  closedForm: boolean
  /** Of packed storage, whose scales only the pass has seen; takes the root mean square of the values. */
  step?(size: number): number
}

/** Prints one tensor. `pull` gives its bytes once; `again` starts over, for the rare tensor that needs a second look. */
export function printTensor(kernel: Kernel, tensor: StoredTensor, pull: Pull, again: () => Pull): TensorPrint {
  const matrix = canonicalMatrix(tensor.view)
  return tensorPrint(tensor, matrix, passOver(kernel, tensor, matrix, pull), again)
}

/** What a pass over a tensor's values comes to. */
export function tensorPrint(tensor: StoredTensor, matrix: Matrix, pass: Pass, again: () => Pull): TensorPrint {
  const { exact, digest, run, closedForm } = pass
  const { moments, rowNorms, columnNorms, sketch, step } = run.finish()
  const count = matrix.rows * matrix.columns
  const finite = count - moments.nonFinite
  const constant = finite > 0 ? moments.min === moments.max : true
  const computed = constant || isRopeTable(tensor.name, matrix, moments)
  return {
    name: tensor.name,
    role: roleOf(tensor.name),
    ...matrix,
    element: tensor.element,
    exact,
    encoding: encodingOf(tensor, pass.step?.(Math.sqrt(moments.sumSquares / Math.max(1, finite))) ?? step),
    standing: standingOf(tensor, count, computed || (closedForm && confirmClosedForm(tensor, matrix, again()))),
    digest: digest ?? digestAs(tensor, matrix, exact!, again()),
    invariants: {
      count,
      zeros: moments.zeros,
      nonFinite: moments.nonFinite,
      min: finite > 0 ? moments.min : 0,
      max: finite > 0 ? moments.max : 0,
      mean: finite > 0 ? moments.sum / finite : 0,
      sumSquares: moments.sumSquares,
      sumFourth: moments.sumFourth,
      rowNorms: Float32Array.from(quantiles(rowNorms, NORM_QUANTILES)),
      columnNorms: Float32Array.from(quantiles(columnNorms, NORM_QUANTILES)),
    },
    sketch: {
      height: Math.min(matrix.rows, SKETCH_SIDE),
      width: Math.min(matrix.columns, SKETCH_SIDE),
      values: sketch,
    },
  }
}

function standingOf(tensor: StoredTensor, count: number, closedForm: boolean): Standing {
  if (!isFloat(tensor.element) && !tensor.quantisation) return 'integer'
  if (count < MIN_WEIGHT_ELEMENTS) return 'small'
  return closedForm ? 'closed-form' : 'weight'
}

/** `seenStep`: of blocks and packed storage, whose scales are seen only while they are read. */
function encodingOf({ quantisation }: StoredTensor, seenStep: number | null): Encoding | null {
  if (!quantisation) return null
  const { scheme, bits } = quantisation
  return { scheme, bits, step: quantisation.kind === 'affine' ? rootMeanSquareStep(quantisation) : (seenStep ?? 0) }
}

function passOver(kernel: Kernel, tensor: StoredTensor, matrix: Matrix, pull: Pull): Pass {
  const { element, quantisation } = tensor
  if (quantisation?.kind === 'packed') throw new TypeError(`${tensor.name} is packed: see printPacked`)
  if (quantisation?.kind === 'blocks') return blockPass(kernel, quantisation, matrix, pull)
  if (quantisation || !isFloat(element)) return integerPass(kernel, tensor, quantisation, matrix, pull)
  return floatPass(kernel, tensor, matrix, pull)
}

/** Float tensors go through the kernel as stored, so that a file is read straight into its memory. */
function floatPass(kernel: Kernel, tensor: StoredTensor, matrix: Matrix, pull: Pull): Pass {
  const element = floatElement(tensor)
  const run = kernel.start(matrix.rows, matrix.columns, element)
  const digest = floatDigest(matrix, element)
  const width = elementWidth(element)
  let closedForm: boolean | undefined
  for (let bytes = pullFloats(tensor, pull, run.inlet); bytes.length > 0; bytes = pullFloats(tensor, pull, run.inlet)) {
    run.canonicalise(bytes.length / width)
    digest.update(bytes)
    closedForm ??= looksClosedForm(bytes, element, matrix)
    run.push(bytes.length / width)
  }
  return { ...digest.finish(), run, closedForm: closedForm ?? false }
}

/** 8-bit floats are widened on the way: each is a bfloat16, and so binary32, value. */
function floatElement({ element }: StoredTensor): FloatElement {
  return element === 'f8e4m3' || element === 'f8e5m2' ? 'f32' : (element as FloatElement)
}

function pullFloats(tensor: StoredTensor, pull: Pull, target: Uint8Array): Uint8Array {
  if (tensor.element !== 'f8e4m3' && tensor.element !== 'f8e5m2') return target.subarray(0, pull(target))
  const stored = new Uint8Array(target.length / 4)
  const values = float8Values(stored.subarray(0, pull(stored)), tensor.element)
  target.set(new Uint8Array(values.buffer))
  return target.subarray(0, values.byteLength)
}

/** Blocks go through the kernel as stored: the digest is of their bytes, the sketch of the values they stand for. */
function blockPass(
  kernel: Kernel,
  { scheme, blockBytes, blockElements }: BlockQuantisation,
  matrix: Matrix,
  pull: Pull,
): Pass {
  const run = kernel.start(matrix.rows, matrix.columns, scheme)
  const digest = rawDigest(`${scheme} ${matrix.rows}x${matrix.columns}`)
  const inlet = run.inlet.subarray(0, run.inlet.length - (run.inlet.length % blockBytes))
  for (let length = pull(inlet); length > 0; length = pull(inlet)) {
    digest.update(inlet.subarray(0, length))
    run.push((length / blockBytes) * blockElements)
  }
  return { exact: null, digest: digest.finish(), run, closedForm: false }
}

/** Integer storage: the digest is of the stored integers and their scales, the sketch of the values they stand for. */
function integerPass(
  kernel: Kernel,
  tensor: StoredTensor,
  quantisation: AffineQuantisation | null,
  matrix: Matrix,
  pull: Pull,
): Pass {
  const width = elementWidth(tensor.element)
  const run = kernel.start(matrix.rows, matrix.columns, 'f32')
  const digest = rawDigest(`${quantisation?.scheme ?? tensor.element} ${matrix.rows}x${matrix.columns}`)
  if (quantisation) digestScales(digest, tensor.view.shape, quantisation)
  const toValues = quantisation ? dequantiser(tensor.view.shape, quantisation) : plainNumbers
  const stored = new Uint8Array((run.inlet.length / 4) * width)
  let closedForm: boolean | undefined
  for (let length = pull(stored); length > 0; length = pull(stored)) {
    const bytes = stored.subarray(0, length)
    digest.update(bytes)
    const values = new Float32Array(run.inlet.buffer, run.inlet.byteOffset, length / width)
    toValues(integers(bytes, tensor.element), values)
    closedForm ??= looksClosedForm(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 'f32', matrix)
    run.push(values.length)
  }
  return { exact: null, digest: digest.finish(), run, closedForm: closedForm ?? false }
}

function plainNumbers(stored: ArrayLike<number | bigint>, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Number(stored[i])
}

/** Along which axes the scales stand is part of the head: a square matrix may have one a row or one a column. */
function digestScales(
  digest: { update(bytes: Uint8Array): void },
  shape: readonly number[],
  { group, scales, zeroPoints }: AffineQuantisation,
): void {
  const blocks = shape.map((size, axis) => Math.ceil(size / group[axis]!)).filter((_, axis) => shape[axis] !== 1)
  const along = blocks.slice(0, blocks.findLastIndex((count) => count > 1) + 1)
  digest.update(new TextEncoder().encode(`${along.join('x') || '1'} scales\n`))
  digest.update(new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength))
  if (zeroPoints) digest.update(new Uint8Array(zeroPoints.buffer, zeroPoints.byteOffset, zeroPoints.byteLength))
}

/** The digest in a type that is known to hold every value. */
function digestAs(tensor: StoredTensor, matrix: Matrix, exact: ExactElement, pull: Pull): string {
  const element = floatElement(tensor)
  const digest = floatDigest(matrix, element, exact)
  const chunk = new Uint8Array(CHUNK_BYTES)
  for (let bytes = pullFloats(tensor, pull, chunk); bytes.length > 0; bytes = pullFloats(tensor, pull, chunk)) {
    canonicalise(bytes, element)
    digest.update(bytes)
  }
  return digest.finish().digest!
}

/** Looks at every chunk's start, now that the first one looked like a formula's values. */
function confirmClosedForm(tensor: StoredTensor, matrix: Matrix, pull: Pull): boolean {
  if (tensor.quantisation || !isFloat(tensor.element)) return true
  const element = floatElement(tensor)
  const chunk = new Uint8Array(CHUNK_BYTES)
  let seen = 0
  for (let bytes = pullFloats(tensor, pull, chunk); bytes.length > 0; bytes = pullFloats(tensor, pull, chunk)) {
    if (!looksClosedForm(bytes, element, matrix, seen)) return false
    seen += bytes.length / elementWidth(element)
  }
  return true
}
