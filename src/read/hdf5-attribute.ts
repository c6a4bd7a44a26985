import { readDataspace, readDatatype } from './hdf5-datatype.ts'
import { ATTRIBUTE_RECORDS, denseObjects } from './hdf5-dense.ts'
import {
  addressOrNull,
  bytesOf,
  type Fields,
  type Hdf5File,
  limit,
  skip,
  u8,
  u16,
  unsupported,
  within,
} from './hdf5-file.ts'
import { type HeaderMessage, MESSAGE, messageOf } from './hdf5-header.ts'
import { type GlobalHeap, nullTerminated, variableString } from './hdf5-heap.ts'
import { MAX_TENSORS } from './limits.ts'
import { countElements } from './shape.ts'

/**
 * The strings of an attribute, one for a scalar; null where no attribute of that name holds strings. Throws `limit`
 * for more strings than a model has tensors.
 */
export function attributeStrings(
  heap: GlobalHeap,
  messages: readonly HeaderMessage[],
  wanted: string,
): string[] | null {
  for (const fields of attributesOf(heap.file, messages)) {
    const strings = readAttribute(heap, { ...fields, at: 0 }, wanted)
    if (strings !== null) return strings
  }
  return null
}

function* attributesOf(file: Hdf5File, messages: readonly HeaderMessage[]): Generator<Fields> {
  for (const { type, fields } of messages) if (type === MESSAGE.attribute) yield fields
  const info = messageOf(messages, MESSAGE.attributeInfo)
  if (info === null) return
  skip(info, 1)
  if (u8(info) & 1) skip(info, 2)
  const dense = addressOrNull(info)
  const index = addressOrNull(info)
  if (dense !== null && index !== null) yield* denseObjects(file, dense, index, ATTRIBUTE_RECORDS)
}

function readAttribute(heap: GlobalHeap, fields: Fields, wanted: string): string[] | null {
  const version = u8(fields)
  if (version < 1 || version > 3) throw unsupported(fields.file, 'HDF5 attribute version', version)
  const shared = u8(fields) & (version === 1 ? 0 : 3)
  const sizes = [u16(fields), u16(fields), u16(fields)]
  if (version === 3) skip(fields, 1)
  const [name, type, space] = sizes.map((size) => {
    const part = within(fields, size, 'attribute')
    if (version === 1) skip(fields, (8 - (size % 8)) % 8)
    return part
  }) as [Fields, Fields, Fields]
  if (nullTerminated(bytesOf(name, sizes[0]!)) !== wanted || shared !== 0) return null
  return readStrings(heap, type, space, fields)
}

function readStrings(heap: GlobalHeap, type: Fields, space: Fields, values: Fields): string[] | null {
  const element = readDatatype(type)
  if (element.kind !== 'string' && element.kind !== 'variable-string') return null
  const shape = readDataspace(space) ?? [0]
  const count = countElements(heap.file.source.path, shape, 'attribute', space.offset)
  if (count > MAX_TENSORS) throw limit(heap.file, 'strings of an attribute', String(count), MAX_TENSORS)
  return Array.from({ length: count }, () => {
    const stored = within(values, element.bytes, 'attribute')
    return element.kind === 'string' ? nullTerminated(bytesOf(stored, element.bytes)) : variableString(heap, stored)
  })
}
