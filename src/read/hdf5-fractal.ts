import {
  addressOrNull,
  expectSignature,
  type Fields,
  fieldsAt,
  type Hdf5File,
  lengthField,
  malformed,
  skip,
  u8,
  u16,
  u32,
  unsigned,
  unsupported,
  within,
} from './hdf5-file.ts'

/** HDF5's own writer makes blocks of at most 64 KiB. */
const MAX_BLOCK_BYTES = 1 << 24

/** The doubling table of the specification has at most this many rows: heaps of 2⁶⁴ bytes. */
const MAX_ROWS = 64

/** A heap of small objects in blocks whose sizes double from row to row ("Fractal Heap" in the specification). */
export interface FractalHeap {
  file: Hdf5File
  /** Bytes of an object's offset and length in its id. */
  offsetBytes: number
  lengthBytes: number
  /** Blocks in a row, and bytes of those in the first. */
  width: number
  start: number
  /** The largest block that holds objects itself. */
  direct: number
  root: number | null
  /** Rows of the root; 0 when the root is a block of objects. */
  rows: number
  blocks: Map<number, Fields>
}

export function openFractalHeap(file: Hdf5File, at: number): FractalHeap {
  const { offsetBytes, lengthBytes } = file
  const header = fieldsAt(file, at, 22 + 12 * lengthBytes + 3 * offsetBytes, 'fractal heap')
  expectSignature(header, 'FRHP')
  const version = u8(header)
  if (version !== 0) throw unsupported(file, 'HDF5 fractal heap version', version)
  skip(header, 2)
  if (u16(header) !== 0) throw unsupported(file, 'HDF5 fractal heap', 'filtered')
  skip(header, 1)
  const largest = u32(header)
  skip(header, 10 * lengthBytes + 2 * offsetBytes)
  const width = u16(header)
  const start = lengthField(header)
  const direct = lengthField(header)
  const offsetBits = u16(header)
  skip(header, 2)
  const root = addressOrNull(header)
  const rows = u16(header)
  const sizes = isPower(width) && isPower(start) && isPower(direct) && start <= direct && direct <= MAX_BLOCK_BYTES
  if (!sizes || offsetBits > 64 || rows > MAX_ROWS) throw malformed(header, 'sizes that no heap has')
  const lengthBits = Math.floor(Math.log2(Math.max(1, Math.min(direct, largest)))) + 1
  return {
    file,
    offsetBytes: Math.ceil(offsetBits / 8),
    lengthBytes: Math.ceil(lengthBits / 8),
    width,
    start,
    direct,
    root,
    rows,
    blocks: new Map(),
  }
}

/** The object that an id, at the fields' place, stands for. */
export function fractalObject(heap: FractalHeap, id: Fields): Fields {
  const flags = u8(id)
  if (flags >> 4 !== 0) throw unsupported(heap.file, 'HDF5 fractal heap object', flags >> 4)
  const offset = unsigned(id, heap.offsetBytes)
  const length = unsigned(id, heap.lengthBytes)
  if (heap.root === null) throw malformed(id, 'an object of an empty heap')
  const { fields, offset: blockOffset } = blockOf(heap, id, offset)
  const object = { ...fields, at: offset - blockOffset }
  return within(object, length, 'fractal heap object')
}

interface Block {
  fields: Fields
  /** Of its first byte in the heap. */
  offset: number
}

/** The block of objects that holds an offset, found from the root down. */
function blockOf(heap: FractalHeap, id: Fields, offset: number): Block {
  if (heap.rows === 0) return { fields: directBlock(heap, heap.root!, heap.start), offset: 0 }
  let at = heap.root!
  let rows = heap.rows
  let begin = 0
  // Each step leads into a block that is smaller than the one before.
  for (;;) {
    const place = placeOf(heap, rows, offset - begin)
    if (place === null) throw malformed(id, 'an object beyond its heap')
    const child = childOf(heap, at, rows, place.index)
    if (child === null) throw malformed(id, 'an object in a block that is not there')
    begin += place.offset
    if (place.bytes <= heap.direct) return { fields: directBlock(heap, child, place.bytes), offset: begin }
    at = child
    rows = Math.log2(place.bytes) - Math.log2(heap.start * heap.width) + 1
  }
}

/** Rows 0 and 1 have blocks of the first size; each later row doubles it. */
function rowBytes(heap: FractalHeap, row: number): number {
  return heap.start * 2 ** Math.max(0, row - 1)
}

function placeOf(heap: FractalHeap, rows: number, offset: number) {
  let begin = 0
  for (let row = 0; row < rows; row++) {
    const bytes = rowBytes(heap, row)
    if (offset < begin + bytes * heap.width) {
      const column = Math.floor((offset - begin) / bytes)
      return { index: row * heap.width + column, bytes, offset: begin + column * bytes }
    }
    begin += bytes * heap.width
  }
  return null
}

/** Signature, version, the heap's address and the block's offset stand before a block's contents. */
function prefixBytes(heap: FractalHeap): number {
  return 5 + heap.file.offsetBytes + heap.offsetBytes
}

/** Objects' offsets count from the block's first byte, its own prefix included. */
function directBlock(heap: FractalHeap, at: number, bytes: number): Fields {
  const known = heap.blocks.get(at)
  if (known !== undefined) return known
  const fields = fieldsAt(heap.file, at, bytes, 'fractal heap block')
  expectSignature(fields, 'FHDB')
  heap.blocks.set(at, fields)
  return fields
}

function childOf(heap: FractalHeap, at: number, rows: number, index: number): number | null {
  let fields = heap.blocks.get(at)
  if (fields === undefined) {
    const bytes = prefixBytes(heap) + rows * heap.width * heap.file.offsetBytes
    fields = fieldsAt(heap.file, at, bytes, 'fractal heap block')
    expectSignature(fields, 'FHIB')
    heap.blocks.set(at, fields)
  }
  return addressOrNull({ ...fields, at: prefixBytes(heap) + index * heap.file.offsetBytes })
}

function isPower(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value))
}
