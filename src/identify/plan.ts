import { ELEMENT_BITS, type ModelFile, type StoredTensor } from '../read/model-file.ts'
import { isContiguous, product } from './canonical.ts'
import { storedSize } from './stored-size.ts'

/** A tensor whose canonical bytes are one range of a file, and so can be printed while the file is hashed. */
export interface InPlace {
  index: number
  offset: number
  length: number
}

/** A part of reading an artifact that one thread does in one go. */
export type Task =
  /** One pass over one file: its SHA-256 and the prints of the tensors that lie there in canonical order. */
  | { kind: 'file'; file: number }
  /** Only its SHA-256. */
  | { kind: 'hash'; file: number }
  /** Only prints of these tensors, wherever their elements lie. */
  | { kind: 'tensors'; indices: number[] }

/** A file larger than this is worth two threads: one for its SHA-256, which is a single chain, the others for its prints. */
const SHARED_FILE_BYTES = 256 * 1024 * 1024

/** Prints of one task when a large file is shared; small enough to spread evenly. */
const TASK_BYTES = 128 * 1024 * 1024

/** Files of an artifact that are worth sharing between threads. */
export function largeFiles(model: ModelFile): number[] {
  return [...model.files.keys()].filter((file) => isLarge(model.files[file]!))
}

/** Bytes that lie in other files of the artifact are read with those. */
function isLarge({ size, virtual }: ModelFile['files'][number]): boolean {
  return size > SHARED_FILE_BYTES && !virtual
}

/**
 * How many files to share in each of several artifacts that have so many large ones: as long as every thread has a large file of its own,
 * one pass over each costs least; of those left over, which all threads but a few would watch, each is shared by role. The last ones.
 */
export function sharedFiles(large: readonly number[], threads: number): number[] {
  let left = threads < 2 ? 0 : large.reduce((sum, count) => sum + count, 0) % threads
  const shared = large.toReversed().map((count) => {
    const taken = Math.min(count, left)
    left -= taken
    return taken
  })
  return shared.reverse()
}

/**
 * How to read an artifact: every file is passed once; tensors that a pass cannot print (transposed, sparse, spread over files) follow.
 * The last `shared` of its large files are shared by role instead: one thread takes the SHA-256, others the prints.
 */
export function planTasks(model: ModelFile, shared: number): Task[] {
  const byRole = new Set(shared > 0 ? largeFiles(model).slice(-shared) : [])
  const shares = (file: number) => byRole.has(file)
  const tasks: Task[] = []
  const left = new Set(model.tensors.keys())
  for (const file of model.files.keys()) {
    if (model.files[file]!.virtual) continue
    tasks.push(shares(file) ? { kind: 'hash', file } : { kind: 'file', file })
    if (!shares(file)) for (const { index } of tensorsInPlace(model, file)) left.delete(index)
  }
  return [...tasks, ...inGroups(model, [...left])]
}

function inGroups(model: ModelFile, indices: number[]): Task[] {
  const tasks: { kind: 'tensors'; indices: number[] }[] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const index of indices) {
    if (bytes > TASK_BYTES) {
      tasks.push({ kind: 'tensors', indices: [] })
      bytes = 0
    }
    tasks.at(-1)!.indices.push(index)
    bytes += bytesOf(model.tensors[index]!)
  }
  return tasks
}

/** Tensors of a file that one pass can print, in file order. Where two overlap, the second is left to be printed apart. */
export function tensorsInPlace(model: ModelFile, file: number): InPlace[] {
  const places = model.tensors
    .map((tensor, index) => (fileOf(tensor) === file ? placeOf(tensor, index) : null))
    .filter((place) => place !== null)
    .sort((a, b) => a.offset - b.offset)
  let end = 0
  return places.filter((place) => {
    if (place.offset < end) return false
    end = place.offset + place.length
    return true
  })
}

function fileOf({ data }: StoredTensor): number | null {
  return data.kind === 'ranges' && data.ranges.length === 1 ? data.ranges[0]!.file : null
}

export function placeOf(tensor: StoredTensor, index: number): InPlace | null {
  if (tensor.data.kind === 'inline' || tensor.data.ranges.length !== 1 || tensor.quantisation?.kind === 'packed')
    return null
  if (ELEMENT_BITS[tensor.element] < 8 || !isContiguous(tensor.view)) return null
  const offset = tensor.data.ranges[0]!.offset + storedSize(tensor, tensor.view.start)
  return { index, offset, length: storedSize(tensor, product(tensor.view.shape)) }
}

function bytesOf(tensor: StoredTensor): number {
  return storedSize(tensor, product(tensor.view.shape))
}
