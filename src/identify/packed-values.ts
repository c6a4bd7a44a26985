import type { PackedQuantisation, StoredScales, StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { float8Values } from './decode.ts'
import type { RawDigest } from './digest.ts'
import { codeRows, numberRows, type Rows } from './packed-rows.ts'

/** The values of a packed tensor, row by row, and what of it is known only at the end. */
export interface PackedValues {
  /** The next row of the walk; the array is used again. */
  next(): Float32Array
  rows: number
  columns: number
  /** Root mean square of the distance between neighbouring codes' values, given that of the values themselves. */
  step(size: number): number
}

/**
 * 8-bit floats have no even grid: neighbours of a value are |value| · 2⁻ᵐ/x apart, with m mantissa bits and x its mantissa in [1, 2), of which
 * √(E[1/x²]) = .7355 is the root mean square for values spread evenly over an octave's logarithm.
 */
const FLOAT8_SPACING: Record<string, number> = { f8e4m3: 0.7355 * 2 ** -3, f8e5m2: 0.7355 * 2 ** -2 }

export type PackedTensor = StoredTensor & { quantisation: PackedQuantisation }

/**
 * Reads codes and scales side by side, a strip of each at a time. `digest` takes, for every row, the numbers that are new there (scales, zero
 * points, biases as binary32), then its codes.
 */
export function packedValues(tensor: PackedTensor, files: readonly ByteSource[], digest: RawDigest): PackedValues {
  const { name, element, data, quantisation } = tensor
  const { walk, block, packing, words, bits } = quantisation
  const groups = Math.max(1, quantisation.scales.view.shape[1]!)
  const indexed = columnGroups(tensor, files)
  const decoded = decodedCodes(tensor)
  const codes = codeRows(name, { element, data, view: words }, packing, walk.columns, files)
  const scales = scaleRows(name, quantisation.scales, groups, files)
  const { numbers: stored, add } = quantisation.zeroPoints
  const zeroPoints = stored && numberRows(name, stored, groups, files)
  const biases = quantisation.biases && numberRows(name, quantisation.biases, groups, files)
  const zeros = new Float32Array(groups).fill(add)
  const values = new Float32Array(walk.columns)
  const none = new Float32Array(groups)
  let scale: Float32Array = none
  let bias: Float32Array = none
  let row = 0
  let squares = 0
  let counted = 0

  const nextBlock = () => {
    scale = scales()
    take(digest, scale)
    if (zeroPoints) {
      const raw = zeroPoints()
      take(digest, raw)
      for (let group = 0; group < groups; group++) zeros[group] = (raw[group]! + add) % 2 ** bits
    }
    if (biases) {
      bias = biases()
      take(digest, bias)
    }
    for (let group = 0; group < groups; group++) squares += scale[group]! ** 2
    counted += groups
  }
  return {
    rows: walk.rows,
    columns: walk.columns,
    next() {
      if (row++ % block[0] === 0) nextBlock()
      const code = codes()
      digest.update(code)
      if (indexed) scaleIndexed(values, decoded, code, indexed, scale, zeros, bias)
      else scaleBlocks(values, decoded, code, block[1], scale, zeros, bias)
      return values
    },
    step(size) {
      const spacing = FLOAT8_SPACING[element]
      return spacing ? spacing * size : Math.sqrt(squares / Math.max(1, counted)) * codeStep(quantisation)
    },
  }
}

function take(digest: RawDigest, numbers: Float32Array): void {
  digest.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
}

/** Blocks of columns that follow one another. */
function scaleBlocks(
  values: Float32Array,
  decoded: Float32Array,
  code: Uint8Array,
  width: number,
  scale: Float32Array,
  zeros: Float32Array,
  bias: Float32Array,
): void {
  for (let column = 0, block = 0; column < values.length; block++) {
    const end = Math.min(values.length, column + width)
    const [by, zero, shift] = [scale[block]!, zeros[block]!, bias[block]!]
    for (; column < end; column++) values[column] = (decoded[code[column]!]! - zero) * by + shift
  }
}

/** Columns that each say which block is theirs. One that does not exist gives no number: the values show as such. */
function scaleIndexed(
  values: Float32Array,
  decoded: Float32Array,
  code: Uint8Array,
  blocks: Int32Array,
  scale: Float32Array,
  zeros: Float32Array,
  bias: Float32Array,
): void {
  for (let column = 0; column < values.length; column++) {
    const block = blocks[column]!
    values[column] = (decoded[code[column]!]! - zeros[block]!) * scale[block]! + bias[block]!
  }
}

/** The block of each column of the walk where columns say so themselves; null where they only say what holds anyway. */
function columnGroups({ name, quantisation }: PackedTensor, files: readonly ByteSource[]): Int32Array | null {
  const { walk, block, columnGroups: stored, scales } = quantisation
  if (stored === null) return null
  const count = scales.view.shape[1]!
  const groups = Int32Array.from(numberRows(name, stored, walk.columns, files)(), (at) => (at < count ? at : -1))
  return groups.every((group, column) => group === Math.floor(column / block[1])) ? null : groups
}

/** What each code stands for before scaling. */
function decodedCodes({ element, quantisation: { book, packing } }: PackedTensor): Float32Array {
  const bytes = Uint8Array.from({ length: 256 }, (_, code) => code)
  if (book) return Float32Array.from(bytes, (code) => book[code] ?? Number.NaN)
  if (packing) return Float32Array.from(bytes)
  if (element === 'f8e4m3' || element === 'f8e5m2') return float8Values(bytes, element)
  return Float32Array.from(element === 'i8' ? new Int8Array(bytes.buffer) : bytes)
}

/** The mean distance between neighbouring codes, before scaling: 1 for whole numbers. */
function codeStep({ book, bits }: PackedQuantisation): number {
  return book ? (Math.max(...book) - Math.min(...book)) / (2 ** bits - 1) : 1
}

function scaleRows(
  name: string,
  scales: StoredScales,
  groups: number,
  files: readonly ByteSource[],
): Rows<Float32Array> {
  const stored = numberRows(name, scales, groups, files)
  const row = new Float32Array(groups)
  const { book, nested, factor, offset } = scales
  const outer = nested && numberRows(name, { ...nested.numbers }, 1, files)
  let seen = 0
  let above = 1
  return () => {
    const raw = stored()
    for (let group = 0; group < groups; group++) {
      if (nested && seen++ % nested.block === 0) above = outer!()[0]!
      const value = book ? (book[raw[group]!] ?? Number.NaN) : raw[group]!
      row[group] = Math.fround(Math.fround(value * above) * factor) + offset
    }
    return row
  }
}
