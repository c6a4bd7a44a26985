import {
  address,
  addressOrNull,
  expectSignature,
  type Fields,
  fieldsAt,
  lengthField,
  limit,
  MAX_DECODED_BYTES,
  malformed,
  skip,
  u8,
  u32,
  unsigned,
  unsupported,
} from './hdf5-file.ts'
import { type Filters, filterPlan, unfiltered } from './hdf5-filters.ts'
import type { Located } from './hdf5-located.ts'
import { TREE, treeEntries } from './hdf5-tree.ts'
import { MAX_AXES } from './limits.ts'
import { checkRange, readBytes } from './source.ts'

/** One chunk: where it stands in the dataset, in elements, and its bytes in the file. */
interface Chunk {
  origin: number[]
  address: number
  bytes: number
  /** Bit k: filter k was not applied. */
  filterMask: number
}

/** h5py makes chunks of 1 MiB at most; a whole one is held beside the dataset. */
const MAX_CHUNK_BYTES = 64 * 1024 * 1024

/** HDF5's writers make chunks of 8 KiB or more; a million of them is beyond what may be decoded. */
const MAX_CHUNKS = 1 << 20

interface Chunks {
  dataset: Located
  /** Elements of a chunk along each axis. */
  shape: number[]
  bytes: number
  filters: Filters
}

/** Assembles a chunked dataset into `dense`, row by row. `layout` stands behind the layout's class. */
export function chunkedBytes(dataset: Located, layout: Fields, version: 3 | 4, dense: Uint8Array): Uint8Array {
  const filters = filterPlan(dataset.messages)
  const flags = version === 4 ? u8(layout) : 0
  // The last of the lengths is the element's size.
  const rank = u8(layout) - 1
  if (rank !== dataset.shape.length || rank > MAX_AXES) throw malformed(layout, 'chunks of another rank')
  if (version === 3) {
    const index = addressOrNull(layout)
    const chunks = chunksOf(dataset, layout, rank, 4, filters)
    if (index !== null) for (const chunk of treeChunks(chunks, index)) place(chunks, chunk, dense)
    return dense
  }
  const chunks = chunksOf(dataset, layout, rank, u8(layout), filters)
  for (const chunk of indexedChunks(chunks, layout, flags)) place(chunks, chunk, dense)
  return dense
}

function chunksOf(dataset: Located, layout: Fields, rank: number, lengthBytes: number, filters: Filters): Chunks {
  const shape = Array.from({ length: rank }, () => unsigned(layout, lengthBytes))
  const elementBytes = unsigned(layout, lengthBytes)
  const bytes = shape.reduce((product, length) => product * length, dataset.type.bytes)
  if (elementBytes !== dataset.type.bytes || shape.includes(0)) throw malformed(layout, 'chunks of no size')
  if (bytes > MAX_CHUNK_BYTES) throw limit(dataset.file, 'bytes of a chunk', String(bytes), MAX_CHUNK_BYTES)
  return { dataset, shape, bytes, filters }
}

/** Layout version 3: a B-tree whose keys hold the stored size, the filter mask and the chunk's place. */
function* treeChunks({ dataset, shape }: Chunks, index: number): Generator<Chunk> {
  const rank = shape.length
  for (const { key, child } of treeEntries(dataset.file, index, TREE.chunks, 8 * (rank + 2))) {
    const bytes = u32(key)
    const filterMask = u32(key)
    yield { origin: Array.from({ length: rank }, () => unsigned(key, 8)), address: child, bytes, filterMask }
  }
}

const SINGLE = 1
const IMPLICIT = 2
const FIXED_ARRAY = 3

/** Layout version 4, for those of its indices that datasets of a fixed size have. */
function* indexedChunks(chunks: Chunks, layout: Fields, flags: number): Generator<Chunk> {
  const { file, shape } = chunks.dataset
  const origin = shape.map(() => 0)
  switch (u8(layout)) {
    case SINGLE: {
      const isFiltered = (flags & 2) !== 0
      const bytes = isFiltered ? lengthField(layout) : chunks.bytes
      const filterMask = isFiltered ? u32(layout) : 0
      const at = addressOrNull(layout)
      if (at !== null) yield { origin, address: at, bytes, filterMask }
      return
    }
    case IMPLICIT: {
      const at = addressOrNull(layout)
      if (at === null) return
      for (const [number, place] of origins(chunks).entries())
        yield { origin: place, address: at + number * chunks.bytes, bytes: chunks.bytes, filterMask: 0 }
      return
    }
    case FIXED_ARRAY:
      skip(layout, 1)
      yield* arrayChunks(chunks, addressOrNull(layout))
      return
    default:
      throw unsupported(file, 'HDF5 chunk index', 'of a dataset that can grow')
  }
}

/** Where the chunks begin, in row-major order. */
function origins({ dataset, shape: chunk }: Chunks): number[][] {
  const counts = dataset.shape.map((length, axis) => Math.ceil(length / chunk[axis]!))
  const total = counts.reduce((product, count) => product * count, 1)
  if (total > MAX_CHUNKS) throw limit(dataset.file, 'chunks of a dataset', String(total), MAX_CHUNKS)
  return Array.from({ length: total }, (_, number) => {
    let rest = number
    const origin = counts.map(() => 0)
    for (let axis = counts.length - 1; axis >= 0; axis--) {
      origin[axis] = (rest % counts[axis]!) * chunk[axis]!
      rest = Math.floor(rest / counts[axis]!)
    }
    return origin
  })
}

/** A fixed array: one entry a chunk, in row-major order, in one block while they are few. */
function* arrayChunks(chunks: Chunks, at: number | null): Generator<Chunk> {
  if (at === null) return
  const { file } = chunks.dataset
  const header = fieldsAt(file, at, 12 + file.lengthBytes + file.offsetBytes, 'fixed array')
  expectSignature(header, 'FAHD')
  skip(header, 1)
  const isFiltered = u8(header) === 1
  const entryBytes = u8(header)
  const pageBits = u8(header)
  const count = lengthField(header)
  const blockAt = addressOrNull(header)
  if (blockAt === null) return
  if (pageBits > 30 || count > 2 ** pageBits) throw unsupported(file, 'HDF5 chunk index', 'in pages')
  const sizeBytes = entryBytes - file.offsetBytes - 4
  if (isFiltered ? sizeBytes < 1 || sizeBytes > 8 : entryBytes !== file.offsetBytes)
    throw malformed(header, `entries of ${entryBytes} bytes`)
  const block = fieldsAt(file, blockAt, 6 + file.offsetBytes + count * entryBytes, 'fixed array')
  expectSignature(block, 'FADB')
  skip(block, 2)
  address(block)
  for (const origin of origins(chunks).slice(0, count)) {
    const found = addressOrNull(block)
    const bytes = isFiltered ? unsigned(block, sizeBytes) : chunks.bytes
    const filterMask = isFiltered ? u32(block) : 0
    if (found !== null) yield { origin, address: found, bytes, filterMask }
  }
}

/** Copies the part of a chunk that lies inside the dataset. */
function place(chunks: Chunks, chunk: Chunk, dense: Uint8Array): void {
  const { file, shape, type, what } = chunks.dataset
  file.decodingLeft -= chunks.bytes
  if (file.decodingLeft < 0) throw limit(file, 'bytes of chunks', `over ${MAX_DECODED_BYTES}`, MAX_DECODED_BYTES)
  checkRange(file.source, chunk.address, chunk.bytes, what)
  if (chunk.origin.some((start, axis) => start >= shape[axis]!)) return
  const stored = readBytes(file.source, chunk.address, chunk.bytes, what)
  const elements = unfiltered(chunks.dataset, chunks.filters, chunk.filterMask, stored, chunks.bytes)
  copyBox(elements, chunks.shape, dense, shape, chunk.origin, type.bytes)
}

/** `from` (of shape `box`) into `to` (of shape `whole`) at `origin`; what sticks out is cut off. */
function copyBox(
  from: Uint8Array,
  box: readonly number[],
  to: Uint8Array,
  whole: readonly number[],
  origin: readonly number[],
  elementBytes: number,
): void {
  const rank = box.length
  const inner = box.map((length, axis) => Math.min(length, whole[axis]! - origin[axis]!))
  const rowBytes = (inner[rank - 1] ?? 1) * elementBytes
  const rows = inner.slice(0, -1).reduce((product, length) => product * length, 1)
  const at = inner.map(() => 0)
  for (let row = 0; row < rows; row++) {
    let source = 0
    let target = 0
    for (let axis = 0; axis < rank; axis++) {
      source = source * box[axis]! + at[axis]!
      target = target * whole[axis]! + origin[axis]! + at[axis]!
    }
    to.set(from.subarray(source * elementBytes, source * elementBytes + rowBytes), target * elementBytes)
    for (let axis = rank - 2; axis >= 0 && ++at[axis]! === inner[axis]; axis--) at[axis] = 0
  }
}
