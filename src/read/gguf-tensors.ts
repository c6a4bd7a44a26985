import { type GgmlType, ggmlType, layoutOf } from './ggml-types.ts'
import { readName } from './gguf-metadata.ts'
import type { HeaderCursor } from './header-cursor.ts'
import { MAX_TENSORS } from './limits.ts'
import { type Finding, plainView, type StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'
import { type ByteSource, checkRange } from './source.ts'

/** GGML_MAX_DIMS of ggml.h. */
const MAX_DIMENSIONS = 4

/** One entry of the tensor list. */
export interface TensorInfo {
  name: string
  /** As NumPy has it: ggml's numbers of elements backwards. */
  shape: number[]
  type: GgmlType
  /** In the file. */
  offset: number
  /** Null for a type whose size is not known. */
  bytes: number | null
}

/** The tensor list; offsets still count from the start of the data. Throws `malformed` for a name that comes twice. */
export function readTensorInfos(path: string, cursor: HeaderCursor, count: number): TensorInfo[] {
  if (count > MAX_TENSORS)
    throw readError(path, 'limit', { what: 'tensors', value: String(count), limit: String(MAX_TENSORS) })
  const infos: TensorInfo[] = []
  const names = new Set<string>()
  for (let index = 0; index < count; index++) {
    const at = cursor.position
    const info = readInfo(path, cursor)
    if (names.has(info.name))
      throw readError(path, 'malformed', { what: info.name, reason: 'it comes twice', offset: at })
    names.add(info.name)
    infos.push(info)
  }
  return infos
}

function readInfo(path: string, cursor: HeaderCursor): TensorInfo {
  const at = cursor.position
  const name = readName(path, cursor, 'tensor name')
  const dimensions = cursor.u32(name)
  if (dimensions > MAX_DIMENSIONS)
    throw readError(path, 'limit', { what: `axes of ${name}`, value: `${dimensions}`, limit: `${MAX_DIMENSIONS}` })
  const shape = Array.from({ length: dimensions }, () => cursor.u64(name)).reverse()
  const type = ggmlType(cursor.u32(name))
  const offset = cursor.u64(name)
  return { name, shape, type, offset, bytes: tensorBytes(path, name, shape, type, at) }
}

/** Bytes of a tensor of a ggml type; null where the type's size is not known. Throws unless rows are whole blocks. */
export function tensorBytes(path: string, name: string, shape: number[], type: GgmlType, at: number): number | null {
  const elements = countElements(path, shape, name, at)
  const layout = layoutOf(type)
  if (layout === null) return null
  if ((shape.at(-1) ?? 1) % layout.elements !== 0)
    throw readError(path, 'malformed', {
      what: name,
      reason: `a row of ${shape.at(-1)} is no whole number of ${type.name} blocks`,
      offset: at,
    })
  return (elements / layout.elements) * layout.bytes
}

/**
 * Checks every tensor against the file and the others, and says what bytes after the header belong to none. ggml refuses
 * a file whose tensors do not follow one another in the order of the list; here that is only told, as it hides nothing.
 */
export function checkPlaces(source: ByteSource, dataStart: number, alignment: number, infos: TensorInfo[]): Finding[] {
  const sorted = [...infos].sort((a, b) => a.offset - b.offset)
  let end = dataStart
  let unclaimed = 0
  for (const { name, offset, bytes } of sorted) {
    const reason =
      offset < end ? 'it overlaps another tensor' : (offset - dataStart) % alignment ? 'it is not aligned' : null
    if (reason !== null) throw readError(source.path, 'malformed', { what: name, reason, offset })
    checkRange(source, offset, bytes ?? 0, name)
    unclaimed += offset - aligned(end, alignment)
    // what follows a tensor of unknown size may all be its own
    end = bytes === null ? nextStart(sorted, offset, source.size) : offset + bytes
  }
  unclaimed += Math.max(0, source.size - aligned(end, alignment))
  return unclaimed === 0 ? [] : [unclaimedBytes(source, unclaimed)]
}

function nextStart(sorted: readonly TensorInfo[], offset: number, size: number): number {
  return sorted.find((info) => info.offset > offset)?.offset ?? size
}

export function aligned(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment
}

function unclaimedBytes(source: ByteSource, count: number): Finding {
  return {
    code: 'unclaimed-bytes',
    severity: 'medium',
    message: `${count} bytes of ${source.path} belong to no tensor; loaders pass over them`,
  }
}

/** The tensors that can be read, as stored; `file` is the source's place in `ModelFile.files`. */
export function storedTensors(infos: readonly TensorInfo[], file: number): StoredTensor[] {
  return infos.flatMap(({ name, shape, type, offset, bytes }) => {
    if (type.kind === 'unread' || bytes === null) return []
    return {
      name,
      element: type.kind === 'plain' ? type.element : 'u8',
      view: plainView(shape),
      data: { kind: 'ranges', ranges: [{ file, offset, length: bytes }] },
      quantisation: type.kind === 'plain' ? null : type.quantisation,
    }
  })
}

/** One finding for each type that is not read here; the rest of the file is. */
export function unreadTypes(infos: readonly { name: string; type: GgmlType }[]): Finding[] {
  const byType = new Map<string, string[]>()
  for (const { name, type } of infos)
    if (type.kind === 'unread') byType.set(type.name, [...(byType.get(type.name) ?? []), name])
  return [...byType].map(([type, names]) => ({
    code: 'unsupported-tensor-type',
    severity: 'medium',
    message: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''} stored as ${type}, which is not read: left out`,
  }))
}
