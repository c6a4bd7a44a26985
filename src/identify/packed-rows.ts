import { decoders } from '../kernel/decode.ts'
import {
  ELEMENT_BITS,
  type ElementType,
  type Packing,
  type StoredNumbers,
  type StoredTensor,
} from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { elementWidth, float8Values } from './decode.ts'
import { gather } from './gather.ts'

/** Gives the next row of a matrix each time; the array is used again for the row after it. */
export type Rows<T> = () => T

/** What a tensor's words are called when they cannot be read. */
type Place = Pick<StoredNumbers, 'element' | 'view' | 'data'>

/** Rows of stored elements as bytes, read strip by strip. */
function storedRows(name: string, place: Place, files: readonly ByteSource[]): Rows<Uint8Array<ArrayBuffer>> {
  const tensor: StoredTensor = { name, quantisation: null, ...place }
  const width = elementWidth(place.element)
  const strips = gather(tensor, files, width)
  const row = new Uint8Array(place.view.shape[1]! * width)
  let strip: Uint8Array = new Uint8Array(0)
  let done = 0
  return () => {
    for (let filled = 0; filled < row.length; ) {
      if (done === strip.length) {
        strip = strips.next().value as Uint8Array
        done = 0
      }
      const piece = strip.subarray(done, done + row.length - filled)
      row.set(piece, filled)
      filled += piece.length
      done += piece.length
    }
    return row
  }
}

/** Rows of `columns` whole numbers below 2⁸: bit fields of words, or stored bytes where nothing is packed. */
export function codeRows(
  name: string,
  words: Place,
  packing: Packing | null,
  columns: number,
  files: readonly ByteSource[],
): Rows<Uint8Array> {
  const next = storedRows(name, words, files)
  if (packing === null) return next
  return packing.along === 'columns'
    ? alongColumns(next, words.element, packing, columns)
    : alongRows(next, words.element, packing, columns)
}

/** Each row of words is one row of codes, first code in the lowest bits. */
function alongColumns(
  next: Rows<Uint8Array<ArrayBuffer>>,
  element: ElementType,
  packing: Packing,
  columns: number,
): Rows<Uint8Array> {
  const codes = new Uint8Array(columns)
  const fields = fieldsOf(packing, element)
  const mask = 2 ** packing.bits - 1
  return () => {
    const words = wordsOf(next(), element)
    if (fields === null) unpackStream(words, packing.bits, codes)
    else
      for (let at = 0, word = 0; at < columns; word++) {
        const value = words[word]!
        for (let k = 0; k < fields.length && at < columns; k++) codes[at++] = (value >>> fields[k]!) & mask
      }
    return codes
  }
}

/** Codes that run on from one 32-bit word into the next. */
function unpackStream(words: ArrayLike<number>, bits: number, codes: Uint8Array): void {
  const mask = 2 ** bits - 1
  for (let at = 0, bit = 0; at < codes.length; at++, bit += bits) {
    const word = Math.floor(bit / 32)
    const shift = bit % 32
    const high = shift + bits > 32 ? (words[word + 1] ?? 0) << (32 - shift) : 0
    codes[at] = ((words[word]! >>> shift) | high) & mask
  }
}

/** Each column of words is a column of codes; so many word rows at a time as hold a whole number of code rows. */
function alongRows(
  next: Rows<Uint8Array<ArrayBuffer>>,
  element: ElementType,
  packing: Packing,
  columns: number,
): Rows<Uint8Array> {
  const width = ELEMENT_BITS[element]
  const period = packing.bits / greatestCommonDivisor(packing.bits, width)
  const perPeriod = (period * width) / packing.bits
  const codes = new Uint8Array(columns)
  const mask = 2 ** packing.bits - 1
  let words: ArrayLike<number>[] = []
  let row = perPeriod
  return () => {
    if (row === perPeriod) {
      words = Array.from({ length: period }, () => wordsOf(next().slice(), element))
      row = 0
    }
    const bit = (packing.fields?.[row] ?? row) * packing.bits
    const [low, high] = [words[Math.floor(bit / width)]!, words[Math.floor(bit / width) + 1]]
    const shift = bit % width
    const isCut = shift + packing.bits > width
    for (let at = 0; at < columns; at++)
      codes[at] = ((low[at]! >>> shift) | (isCut ? high![at]! << (width - shift) : 0)) & mask
    row++
    return codes
  }
}

/** Where the codes of one word begin; null for codes that run across words. */
function fieldsOf({ bits, fields }: Packing, element: ElementType): number[] | null {
  const count = ELEMENT_BITS[element] / bits
  if (!Number.isInteger(count)) return null
  return Array.from({ length: count }, (_, k) => (fields?.[k] ?? k) * bits)
}

function wordsOf(bytes: Uint8Array<ArrayBuffer>, element: ElementType): ArrayLike<number> {
  return elementWidth(element) === 4 ? new Uint32Array(bytes.buffer) : bytes
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** Rows of numbers as they are stored, or of the whole numbers packed in them. */
export function numberRows(
  name: string,
  numbers: StoredNumbers,
  columns: number,
  files: readonly ByteSource[],
): Rows<Float32Array> {
  const row = new Float32Array(columns)
  if (numbers.packing !== null) {
    const next = codeRows(name, numbers, numbers.packing, columns, files)
    return () => {
      row.set(next())
      return row
    }
  }
  const next = storedRows(name, numbers, files)
  return () => {
    decodeInto(row, next(), numbers.element)
    return row
  }
}

function decodeInto(row: Float32Array, bytes: Uint8Array<ArrayBuffer>, element: ElementType): void {
  if (element === 'f8e4m3' || element === 'f8e5m2') row.set(float8Values(bytes, element))
  else if (element === 'i64') row.set(Array.from(new BigInt64Array(bytes.buffer), Number))
  else {
    const view = new DataView(bytes.buffer)
    const decode = element in decoders ? decoders[element as keyof typeof decoders] : decoders.u8
    for (let at = 0; at < row.length; at++) row[at] = decode(view, at)
  }
}
