import { checkpointModel } from './checkpoint.ts'
import { isObject, type JsonBounds, readJsonObject } from './json.ts'
import { MAX_HEADER_BYTES, MAX_NAME_BYTES, MAX_TENSORS } from './limits.ts'
import { ELEMENT_BITS, type ElementType, type ModelFile, plainView, type StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'
import { type ByteSource, checkRange, readBytes, type Siblings } from './source.ts'

/** A u64 with the header's length stands before the header. */
const LENGTH_BYTES = 8

/** Tensors and `__metadata__`; of each tensor dtype, shape, data_offsets. */
const HEADER_BOUNDS: JsonBounds = {
  depth: 3,
  keys: [
    { what: 'tensors', limit: MAX_TENSORS + 1 },
    { what: 'tensor fields', limit: 4 * (MAX_TENSORS + 1) },
  ],
}

const ELEMENTS: Readonly<Record<string, ElementType>> = {
  F64: 'f64',
  F32: 'f32',
  F16: 'f16',
  BF16: 'bf16',
  F8_E4M3: 'f8e4m3',
  F8_E5M2: 'f8e5m2',
  I64: 'i64',
  U64: 'u64',
  I32: 'i32',
  U32: 'u32',
  I16: 'i16',
  U16: 'u16',
  I8: 'i8',
  U8: 'u8',
  BOOL: 'bool',
}

/** How a print file begins (src/contract/print.ts): tensors, too, but of sketches and not of weights. */
const PRINT_HEAD = '{"__metadata__":{"yukue":"yukue.print/'

/** By content: a header length and the beginning of a JSON object of named things. */
export function looksLikeSafetensors(_name: string, head: Uint8Array): boolean {
  if (head.length < LENGTH_BYTES + 2) return false
  const isLength = headerLength(head) < 2n ** 53n
  const beginning = String.fromCharCode(...head.subarray(LENGTH_BYTES, LENGTH_BYTES + PRINT_HEAD.length))
  return isLength && /^\{\s*(["}]|$)/.test(beginning) && beginning !== PRINT_HEAD
}

/** One safetensors file. Refuses what the reference implementation refuses (huggingface/safetensors, tensor.rs). */
export function readSafetensors(source: ByteSource, siblings: Siblings): ModelFile {
  const { tensors, metadata } = readTensorDirectory(source, 0)
  return checkpointModel({ format: 'safetensors', files: [source], tensors, findings: [], metadata }, siblings)
}

export interface TensorDirectory {
  /** As stored, in the order of their bytes. */
  tensors: StoredTensor[]
  /** Free text of the file's maker. */
  metadata: Record<string, string>
}

/** What a file's header lists; `file` is the source's place in `ModelFile.files`. */
export function readTensorDirectory(source: ByteSource, file: number): TensorDirectory {
  const length = readHeaderLength(source)
  const { __metadata__: metadata, ...entries } = readJsonObject(source, LENGTH_BYTES, length, 'header', HEADER_BOUNDS)
  const notes = checkMetadata(source, metadata)
  const listed = Object.entries(entries).map(([name, entry]) => readEntry(source, name, entry))
  listed.sort((a, b) => a.begin - b.begin || a.end - b.end)
  checkCoverage(source, LENGTH_BYTES + length, listed)
  const tensors = listed.map(
    (entry): StoredTensor => ({
      name: entry.name,
      element: entry.element,
      view: plainView(entry.shape),
      data: { kind: 'ranges', ranges: [byteRange(entry, file, LENGTH_BYTES + length)] },
      quantisation: null,
    }),
  )
  return { tensors, metadata: notes }
}

function readHeaderLength(source: ByteSource): number {
  const length = headerLength(readBytes(source, 0, LENGTH_BYTES, 'header length'))
  if (length > BigInt(MAX_HEADER_BYTES))
    throw readError(source.path, 'limit', {
      what: 'header bytes',
      value: String(length),
      limit: String(MAX_HEADER_BYTES),
    })
  checkRange(source, LENGTH_BYTES, Number(length), 'header')
  return Number(length)
}

function headerLength(head: Uint8Array): bigint {
  return new DataView(head.buffer, head.byteOffset, LENGTH_BYTES).getBigUint64(0, true)
}

interface Entry {
  name: string
  element: ElementType
  shape: number[]
  /** Byte offsets after the header. */
  begin: number
  end: number
}

function readEntry(source: ByteSource, name: string, entry: unknown): Entry {
  if (name.length > MAX_NAME_BYTES)
    throw readError(source.path, 'limit', {
      what: 'tensor name',
      value: String(name.length),
      limit: String(MAX_NAME_BYTES),
    })
  if (!isObject(entry)) throw malformed(source, name, 'its entry is not an object')
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string') throw malformed(source, name, 'no dtype')
  if (!isCounts(shape)) throw malformed(source, name, 'its shape is not a list of whole numbers')
  if (!isCounts(offsets) || offsets.length !== 2)
    throw malformed(source, name, 'its data_offsets are not two whole numbers')
  const element = Object.hasOwn(ELEMENTS, dtype) ? ELEMENTS[dtype] : undefined
  if (element === undefined) throw readError(source.path, 'unsupported', { what: 'dtype', value: dtype.slice(0, 40) })
  const [begin, end] = offsets as [number, number]
  const bytes = (countElements(source.path, shape, name, LENGTH_BYTES) * ELEMENT_BITS[element]) / 8
  if (end - begin !== bytes)
    throw malformed(source, name, `its shape takes ${bytes} bytes, its data_offsets give ${end - begin}`)
  return { name, element, shape, begin, end }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}

/**
 * The tensors must cover everything after the header, one after the other: a hole, a byte shared by two tensors or one
 * after the last is where something else can hide (`Metadata::validate` and `MetadataIncompleteBuffer` of tensor.rs).
 */
function checkCoverage(source: ByteSource, dataStart: number, sorted: readonly Entry[]): void {
  let covered = 0
  for (const { name, begin, end } of sorted) {
    if (begin > covered)
      throw malformed(source, name, `a hole of ${begin - covered} bytes before it`, dataStart + covered)
    if (begin < covered) throw malformed(source, name, 'it overlaps another tensor', dataStart + begin)
    covered = end
  }
  checkRange(source, dataStart, covered, 'tensor data')
  const rest = source.size - dataStart - covered
  if (rest > 0)
    throw readError(source.path, 'malformed', {
      what: 'tensor data',
      reason: `${rest} bytes after the last tensor`,
      offset: dataStart + covered,
    })
}

/** The format has strings only. */
function checkMetadata(source: ByteSource, metadata: unknown): Record<string, string> {
  if (metadata === undefined || metadata === null) return {}
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
    throw malformed(source, '__metadata__', 'not an object of strings')
  return metadata as Record<string, string>
}

function byteRange(entry: Entry, file: number, dataStart: number) {
  return { file, offset: dataStart + entry.begin, length: entry.end - entry.begin }
}

function malformed(source: ByteSource, name: string, reason: string, offset = LENGTH_BYTES) {
  return readError(source.path, 'malformed', { what: name.slice(0, MAX_NAME_BYTES), reason, offset })
}
