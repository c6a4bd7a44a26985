import { headerCursor } from './header-cursor.ts'
import { MAX_INLINE_BYTES } from './limits.ts'
import { type Dimensions, isPlausible, type Part, partsOf, sizeOf } from './llama2c-layout.ts'
import { type AffineQuantisation, type ModelFile, plainView, type StoredTensor, type TensorView } from './model-file.ts'
import { readError } from './read-error.ts'
import { halvesOfHeads } from './rotary-order.ts'
import { type ByteSource, memorySource, readBytes } from './source.ts'

/** `ak42`, as one number. */
const MAGIC = 0x616b3432

const LEGACY_HEADER = 28
const HEADER = 256

interface Header {
  dimensions: Dimensions
  /** 0: the legacy layout without a magic number. */
  version: number
  /** Of version 2: weights that share one scale. */
  group: number
}

/** Versions 1 and 2 by their magic number; the legacy layout, which has none, only perhaps. */
export function looksLikeLlama2c(_name: string, head: Uint8Array): boolean {
  if (head.length < LEGACY_HEADER) return false
  const header = readHeader(memorySource('head', head))
  return header !== null && (header.version !== 0 || isPlausible(header.dimensions))
}

/** A file of the legacy layout is taken for one only if the seven numbers at its start ask for exactly its size. */
export function isLlama2c(source: ByteSource): boolean {
  const header = readHeader(source)
  return header !== null && (header.version !== 0 || source.size === expectedSize(header))
}

/** A llama2.c checkpoint: f32 (legacy, version 1), or int8 in groups with their scales behind each matrix (version 2). */
export function readLlama2c(source: ByteSource): ModelFile {
  const header = readHeader(source)
  if (header === null) throw readError(source.path, 'truncated', { what: 'header', need: HEADER, size: source.size })
  if (header.version < 0 || header.version > 2)
    throw readError(source.path, 'unsupported', { what: 'version of llama2.c', value: String(header.version) })
  checkHeader(source, header)
  const parts = partsOf(header.dimensions, header.version === 0 ? 'legacy' : 'norms-first')
  const tensors: StoredTensor[] = []
  const budget = { bytes: MAX_INLINE_BYTES }
  let offset = header.version === 0 ? LEGACY_HEADER : HEADER
  for (const part of parts)
    for (let layer = 0; layer < part.layers; layer++) {
      const scaled = header.version === 2 && !part.isNorm
      const range = { file: 0, offset, length: scaled ? sizeOf(part) : 4 * sizeOf(part) }
      const view = viewOf(part)
      tensors.push({
        name: part.name.replace('{}', String(layer)),
        element: scaled ? 'i8' : 'f32',
        view,
        data: { kind: 'ranges', ranges: [range] },
        quantisation: scaled ? groupsOf(source, part, view, offset + range.length, header.group, budget) : null,
      })
      offset += partBytes(part, header)
    }
  return { format: 'llama2c', files: [source], tensors, findings: [] }
}

/** wq and wk stand in Meta's order: export.py turns Hugging Face's back (`permute_reverse`). */
function viewOf({ shape, heads }: Part): TensorView {
  const stored = plainView(shape)
  return (heads && halvesOfHeads(stored, heads)) || stored
}

/** Null where the file ends before it. */
function readHeader(source: ByteSource): Header | null {
  if (source.size < LEGACY_HEADER) return null
  const cursor = headerCursor(source)
  const hasMagic = cursor.u32('magic') === MAGIC
  if (hasMagic && source.size < HEADER) return null
  if (!hasMagic) return { dimensions: readDimensions(source, 0, null), version: 0, group: 0 }
  const version = cursor.i32('version')
  const [shared] = readBytes(source, 8 + LEGACY_HEADER, 1, 'header')
  const group = version === 2 ? headerCursor(source, 9 + LEGACY_HEADER).i32('group size') : 0
  return { dimensions: readDimensions(source, 8, shared !== 0), version, group }
}

/** `shared` null: a negative vocabulary says that the output head is a matrix of its own. */
function readDimensions(source: ByteSource, at: number, shared: boolean | null): Dimensions {
  const cursor = headerCursor(source, at)
  const [width, hidden, layers, heads, keyHeads, vocabulary, sequence] = Array.from({ length: 7 }, () =>
    cursor.i32('header'),
  ) as [number, number, number, number, number, number, number]
  return {
    width,
    hidden,
    layers,
    heads,
    keyHeads,
    vocabulary: shared === null ? Math.abs(vocabulary) : vocabulary,
    sequence,
    shared: shared ?? vocabulary > 0,
  }
}

function checkHeader(source: ByteSource, header: Header): void {
  const { dimensions, version, group } = header
  const malformed = (reason: string) => readError(source.path, 'malformed', { what: 'header', reason, offset: 0 })
  if (!isPlausible(dimensions)) throw malformed('its numbers make no network')
  // a group that crossed rows could not be told apart from one that the file got wrong
  const isWhole = dimensions.width % group === 0 && dimensions.hidden % group === 0
  if (version === 2 && !(group > 0 && isWhole)) throw malformed(`rows are no whole number of groups of ${group}`)
  const need = expectedSize(header)
  if (source.size < need) throw readError(source.path, 'truncated', { what: 'weights', need, size: source.size })
  if (source.size > need) throw malformed(`${source.size - need} bytes after the last tensor`)
}

function expectedSize(header: Header): number {
  const parts = partsOf(header.dimensions, header.version === 0 ? 'legacy' : 'norms-first')
  const data = parts.reduce((sum, part) => sum + part.layers * partBytes(part, header), 0)
  return (header.version === 0 ? LEGACY_HEADER : HEADER) + data
}

function partBytes(part: Part, { version, group }: Header): number {
  const size = sizeOf(part)
  return version === 2 && !part.isNorm ? size + 4 * (size / group) : 4 * size
}

/** The scales stand behind the matrix, in its order; the view's rows take theirs along. */
function groupsOf(
  source: ByteSource,
  { shape, heads }: Part,
  view: TensorView,
  offset: number,
  group: number,
  budget: { bytes: number },
): AffineQuantisation {
  const [rows = 1, columns = 1] = shape
  const perRow = columns / group
  budget.bytes -= 4 * rows * perRow
  if (budget.bytes < 0)
    throw readError(source.path, 'limit', { what: 'bytes of scales', value: 'more', limit: String(MAX_INLINE_BYTES) })
  const bytes = readBytes(source, offset, 4 * rows * perRow, 'scales')
  const stored = new Float32Array(bytes.buffer)
  const scales = new Float32Array(stored.length)
  const half = heads ? rows / heads / 2 : 0
  for (let row = 0; row < rows; row++) {
    const within = heads ? row % (2 * half) : 0
    const from = heads ? row - within + 2 * (within % half) + Math.floor(within / half) : row
    scales.set(stored.subarray(from * perRow, (from + 1) * perRow), row * perRow)
  }
  const ones = view.shape.slice(0, -1).map(() => 1)
  return { kind: 'affine', scheme: 'int8', bits: 8, group: [...ones, group], scales, zeroPoints: null }
}
