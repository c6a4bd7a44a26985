import { inflateSync } from 'node:zlib'
import { type Fields, type Hdf5File, malformed, skip, u8, u16, unsupported } from './hdf5-file.ts'
import { type HeaderMessage, MESSAGE, messageOf } from './hdf5-header.ts'
import type { Located } from './hdf5-located.ts'

const DEFLATE = 1
const SHUFFLE = 2
const FLETCHER32 = 3

/** HDF5's own limit. */
const MAX_FILTERS = 32

/** Numbers of the filters in the order in which a writer applied them. */
export type Filters = readonly number[]

export function filterPlan(messages: readonly HeaderMessage[]): Filters {
  const fields = messageOf(messages, MESSAGE.filters)
  if (fields === null) return []
  const version = u8(fields)
  const count = u8(fields)
  if (version !== 1 && version !== 2) throw unsupported(fields.file, 'HDF5 filter version', version)
  if (count > MAX_FILTERS) throw malformed(fields, `${count} filters`)
  if (version === 1) skip(fields, 6)
  return Array.from({ length: count }, () => readFilter(fields, version))
}

function readFilter(fields: Fields, version: 1 | 2): number {
  const id = u16(fields)
  const nameBytes = version === 1 || id >= 256 ? u16(fields) : 0
  skip(fields, 2)
  const values = u16(fields)
  skip(fields, version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes)
  skip(fields, 4 * values)
  if (version === 1 && values % 2 === 1) skip(fields, 4)
  return id
}

/** The elements of a chunk, `bytes` long. Throws `unsupported` for filters that Keras and h5py do not use by themselves. */
export function unfiltered(
  { file, type, what }: Located,
  filters: Filters,
  mask: number,
  stored: Uint8Array,
  bytes: number,
): Uint8Array {
  let data = stored
  for (let index = filters.length - 1; index >= 0; index--) {
    if ((mask >>> index) & 1) continue
    switch (filters[index]) {
      case DEFLATE:
        data = inflated(file, data, bytes, what)
        break
      case SHUFFLE:
        data = unshuffled(data, type.bytes)
        break
      case FLETCHER32:
        data = data.subarray(0, Math.max(0, data.length - 4))
        break
      default:
        throw unsupported(file, 'HDF5 filter', filters[index]!)
    }
  }
  if (data.length !== bytes)
    throw malformed(noWhere(file, what), `a chunk has ${data.length} bytes instead of ${bytes}`)
  return data
}

/** A checksum may stand behind the elements; anything beyond that is refused before it takes memory. */
function inflated(file: Hdf5File, data: Uint8Array, bytes: number, what: string): Uint8Array {
  try {
    return inflateSync(data, { maxOutputLength: bytes + 4 })
  } catch {
    throw malformed(noWhere(file, what), 'a chunk does not inflate to its size')
  }
}

function noWhere(file: Hdf5File, what: string): Fields {
  return { file, view: new DataView(new ArrayBuffer(0)), at: 0, offset: 0, what }
}

/** Byte k of all elements stands before byte k + 1 of all; a rest is left as it is. */
function unshuffled(data: Uint8Array, elementBytes: number): Uint8Array {
  const count = Math.floor(data.length / elementBytes)
  const plain = new Uint8Array(data.length)
  for (let byte = 0; byte < elementBytes; byte++)
    for (let i = 0; i < count; i++) plain[i * elementBytes + byte] = data[byte * count + i]!
  plain.set(data.subarray(count * elementBytes), count * elementBytes)
  return plain
}
