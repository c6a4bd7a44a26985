import {
  address,
  bytesOf,
  expectSignature,
  type Fields,
  fieldsAt,
  type Hdf5File,
  left,
  lengthField,
  malformed,
  skip,
  spendMetadata,
  u8,
  u16,
  u32,
  unsupported,
} from './hdf5-file.ts'
import { MAX_HEADER_BYTES, MAX_NAME_BYTES } from './limits.ts'

const TEXT = new TextDecoder()

/** The names of a group of old form. */
export function readLocalHeap(file: Hdf5File, at: number): (offset: number) => string {
  const header = fieldsAt(file, at, 8 + 2 * file.lengthBytes + file.offsetBytes, 'local heap')
  expectSignature(header, 'HEAP')
  skip(header, 4)
  const size = lengthField(header)
  skip(header, file.lengthBytes)
  const names = fieldsAt(file, address(header), size, 'local heap')
  return (offset) => {
    if (offset >= size) throw malformed(names, 'a name outside its heap')
    return nullTerminated(new Uint8Array(names.view.buffer).subarray(offset, offset + MAX_NAME_BYTES))
  }
}

export function nullTerminated(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return TEXT.decode(end < 0 ? bytes : bytes.subarray(0, end))
}

/** The collections of variable-length values of one file, read as they are asked for. */
export interface GlobalHeap {
  file: Hdf5File
  collections: Map<number, Map<number, Fields>>
}

/** A variable-length string as an element refers to it: its length, its collection and its number there. */
export function variableString(heap: GlobalHeap, element: Fields): string {
  const length = u32(element)
  const collection = address(element)
  const index = u32(element)
  if (length === 0) return ''
  const object = collectionAt(heap, collection, element).get(index)
  if (object === undefined || length > left(object)) throw malformed(element, 'it refers to nothing in the global heap')
  // Many elements may refer to one string; what that takes is counted like reading it again.
  spendMetadata(heap.file, length)
  return TEXT.decode(bytesOf({ ...object }, length))
}

function collectionAt(heap: GlobalHeap, at: number, element: Fields): Map<number, Fields> {
  const known = heap.collections.get(at)
  if (known !== undefined) return known
  const { file } = heap
  const prefixBytes = 8 + file.lengthBytes
  const prefix = fieldsAt(file, at, prefixBytes, 'global heap')
  expectSignature(prefix, 'GCOL')
  const version = u8(prefix)
  if (version !== 1) throw unsupported(file, 'HDF5 global heap version', version)
  skip(prefix, 3)
  const size = lengthField(prefix)
  if (size < prefixBytes || size > MAX_HEADER_BYTES) throw malformed(element, `a global heap of ${size} bytes`)
  const objects = collectionObjects(fieldsAt(file, at + prefixBytes, size - prefixBytes, 'global heap'))
  heap.collections.set(at, objects)
  return objects
}

function collectionObjects(fields: Fields): Map<number, Fields> {
  const objects = new Map<number, Fields>()
  const prefixBytes = 8 + fields.file.lengthBytes
  while (left(fields) >= prefixBytes) {
    const index = u16(fields)
    skip(fields, 6)
    const size = lengthField(fields)
    // Object 0 is the free space, which is the last.
    if (index === 0) break
    const start = fields.at
    skip(fields, size)
    const view = new DataView(fields.view.buffer, fields.view.byteOffset + start, size)
    objects.set(index, { ...fields, view, at: 0, offset: fields.offset + start })
    skip(fields, Math.min(left(fields), (8 - (size % 8)) % 8))
  }
  return objects
}
