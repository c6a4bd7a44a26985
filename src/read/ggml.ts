import { type GgmlType, ggmlType } from './ggml-types.ts'
import { tensorBytes, unreadTypes } from './gguf-tensors.ts'
import { type HeaderCursor, headerCursor } from './header-cursor.ts'
import { MAX_NAME_BYTES, MAX_TENSORS } from './limits.ts'
import { type ModelFile, plainView, type StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange } from './source.ts'

/** `ggml` as one number; stored little-endian, so the file begins with `lmgg`. */
const MAGIC = 'lmgg'

/** LLaMA files of 2023 that GGUF took the place of: ggmf, ggjt, ggla. */
const OLDER_MAGICS = ['fmgg', 'tjgg', 'algg']

export function looksLikeGgml(_name: string, head: Uint8Array): boolean {
  const magic = String.fromCharCode(...head.subarray(0, 4))
  return head.length >= 48 && (magic === MAGIC || OLDER_MAGICS.includes(magic))
}

/** whisper.cpp: GGML_QNT_VERSION times GGML_QNT_VERSION_FACTOR is added to the file's type. */
const QUANTISATION_VERSION = 2
const VERSION_FACTOR = 1_000

/** Whisper's are 80 or 128 mel bands of 201 frequencies, and 51,866 tokens at most. */
const MAX_FILTERS = 65_536
const MAX_TOKENS = 1_048_576

/** A Whisper model as whisper.cpp keeps it (models/convert-pt-to-ggml.py): numbers, mel filters, tokens, tensors. */
export function readGgml(source: ByteSource): ModelFile {
  const cursor = headerCursor(source)
  const magic = cursor.text(4, 'magic')
  if (magic !== MAGIC) throw unsupported(source, 'file format', [...magic].reverse().join(''))
  const header = readNumbers(source, cursor)
  const filters = readFilters(source, cursor, header.bands)
  passTokens(source, cursor)
  const infos: Info[] = []
  const tensors = [filters]
  while (cursor.position < source.size) {
    if (tensors.length > MAX_TENSORS) throw limit(source, 'tensors', tensors.length, MAX_TENSORS)
    const info = readTensor(source, cursor)
    infos.push(info)
    if (info.type.kind === 'blocks' && header.quantisation !== QUANTISATION_VERSION)
      throw unsupported(source, 'version of block quantisation', String(header.quantisation))
    if (info.tensor) tensors.push(info.tensor)
  }
  return { format: 'ggml', files: [source], tensors, findings: unreadTypes(infos) }
}

/** Other models have used the same magic number with other numbers behind it; Whisper's are told by how they agree. */
function readNumbers(source: ByteSource, cursor: HeaderCursor): { bands: number; quantisation: number } {
  const numbers = Array.from({ length: 11 }, () => cursor.i32('header'))
  const [tokens = 0, , audioWidth = 0, audioHeads = 0, , , textWidth = 0, textHeads = 0, , bands = 0, type = 0] =
    numbers
  const isWhisper =
    numbers.slice(0, 10).every((number) => number > 0 && number < MAX_TOKENS) &&
    tokens > 256 &&
    audioWidth % audioHeads === 0 &&
    textWidth % textHeads === 0
  if (!isWhisper) throw unsupported(source, 'file format', 'ggml, but not of Whisper')
  return { bands, quantisation: Math.floor(type / VERSION_FACTOR) }
}

function readFilters(source: ByteSource, cursor: HeaderCursor, bands: number): StoredTensor {
  const [rows, columns] = [cursor.i32('mel filters'), cursor.i32('mel filters')]
  if (rows !== bands || columns <= 0 || rows * columns > MAX_FILTERS)
    throw unsupported(source, 'file format', 'ggml, but not of Whisper')
  const offset = cursor.position
  cursor.skip(4 * rows * columns, 'mel filters')
  return {
    name: 'mel_filters',
    element: 'f32',
    view: plainView([rows, columns]),
    data: { kind: 'ranges', ranges: [{ file: 0, offset, length: 4 * rows * columns }] },
    quantisation: null,
  }
}

function passTokens(source: ByteSource, cursor: HeaderCursor): void {
  const count = cursor.u32('tokens')
  if (count > MAX_TOKENS) throw limit(source, 'tokens', count, MAX_TOKENS)
  for (let token = 0; token < count; token++) cursor.skip(cursor.u32('token'), 'token')
}

interface Info {
  name: string
  type: GgmlType
  /** Null for a type that is not read. */
  tensor: StoredTensor | null
}

function readTensor(source: ByteSource, cursor: HeaderCursor): Info {
  const at = cursor.position
  const [dimensions, nameBytes, type] = [cursor.u32('tensor'), cursor.u32('tensor'), ggmlType(cursor.u32('tensor'))]
  if (dimensions > 4) throw limit(source, 'axes of a tensor', dimensions, 4)
  if (nameBytes > MAX_NAME_BYTES) throw limit(source, 'tensor name', nameBytes, MAX_NAME_BYTES)
  const shape = Array.from({ length: dimensions }, () => cursor.u32('tensor')).reverse()
  const name = cursor.text(nameBytes, 'tensor name')
  const length = tensorBytes(source.path, name, shape, type, at)
  // without its size the next tensor cannot be found
  if (length === null) throw unsupported(source, `type of ${name}`, type.name)
  const offset = cursor.position
  checkRange(source, offset, length, name)
  cursor.skip(length, name)
  if (type.kind === 'unread') return { name, type, tensor: null }
  const tensor: StoredTensor = {
    name,
    element: type.kind === 'plain' ? type.element : 'u8',
    view: plainView(shape),
    data: { kind: 'ranges', ranges: [{ file: 0, offset, length }] },
    quantisation: type.kind === 'plain' ? null : type.quantisation,
  }
  return { name, type, tensor }
}

function unsupported(source: ByteSource, what: string, value: string) {
  return readError(source.path, 'unsupported', { what, value })
}

function limit(source: ByteSource, what: string, value: number, most: number) {
  return readError(source.path, 'limit', { what, value: String(value), limit: String(most) })
}
