import { chunkedBytes } from './hdf5-chunks.ts'
import { type Hdf5Type, readDataspace, readDatatype } from './hdf5-datatype.ts'
import {
  addressOrNull,
  bytesOf,
  type Fields,
  type Hdf5File,
  lengthField,
  limit,
  malformed,
  skip,
  u8,
  u16,
  unsigned,
  unsupported,
} from './hdf5-file.ts'
import { type HeaderMessage, MESSAGE, messageOf } from './hdf5-header.ts'
import type { Located } from './hdf5-located.ts'
import { MAX_INLINE_BYTES } from './limits.ts'
import type { TensorBytes } from './model-file.ts'
import { countElements } from './shape.ts'
import { checkRange } from './source.ts'

const COMPACT = 0
const CONTIGUOUS = 1
const CHUNKED = 2

/** An array of the file, row-major. */
export interface Hdf5Dataset {
  shape: number[]
  /** Of `shape`. */
  elements: number
  type: Hdf5Type
  /** Where the elements lie; decodes those that lie in chunks. To be asked once. */
  data(): TensorBytes
}

/** Whether an object's messages are those of a dataset. */
export function isDataset(messages: readonly HeaderMessage[]): boolean {
  return messages.some(({ type }) => type === MESSAGE.layout)
}

/** Shape and type of a dataset. Throws `malformed`, `limit`, `unsupported`; `data` also `truncated`. */
export function readDataset(file: Hdf5File, messages: readonly HeaderMessage[], what: string): Hdf5Dataset {
  const space = messageOf(messages, MESSAGE.dataspace)
  const datatype = messageOf(messages, MESSAGE.datatype)
  const layout = messageOf(messages, MESSAGE.layout)
  if (space === null || datatype === null || layout === null)
    throw unsupported(file, 'HDF5 dataset', 'without dataspace, datatype or layout')
  const shape = readDataspace(space) ?? [0]
  const elements = countElements(file.source.path, shape, what, space.offset)
  const type = readDatatype(datatype)
  return { shape, elements, type, data: () => readLayout({ file, messages, shape, elements, type, what }, layout) }
}

function readLayout(dataset: Located, layout: Fields): TensorBytes {
  const { file, messages } = dataset
  const external = messageOf(messages, MESSAGE.externalFiles)
  if (external !== null) throw unsupported(file, 'HDF5 dataset', 'kept in another file')
  const version = u8(layout)
  if (version !== 3 && version !== 4) throw unsupported(file, 'HDF5 layout version', version)
  const layoutClass = u8(layout)
  const need = dataset.elements * dataset.type.bytes
  switch (layoutClass) {
    case COMPACT: {
      const size = u16(layout)
      checkSize(layout, size, need)
      return { kind: 'ranges', ranges: [{ file: 0, offset: layout.offset + layout.at, length: need }] }
    }
    case CONTIGUOUS: {
      const at = addressOrNull(layout)
      // Nothing was ever written: the fill value stands for all elements.
      if (at === null) return { kind: 'inline', bytes: filled(dataset, need) }
      checkSize(layout, lengthField(layout), need)
      checkRange(file.source, at, need, dataset.what)
      return { kind: 'ranges', ranges: [{ file: 0, offset: at, length: need }] }
    }
    case CHUNKED:
      return { kind: 'inline', bytes: chunkedBytes(dataset, layout, version, filled(dataset, need)) }
    default:
      throw unsupported(file, 'HDF5 layout class', layoutClass)
  }
}

function checkSize(layout: Fields, have: number, need: number): void {
  if (have !== need) throw malformed(layout, `a dataset has ${have} bytes, its shape needs ${need}`)
}

/** Space for all elements of a dataset, as they are where nothing was written. Counts against MAX_INLINE_BYTES. */
function filled({ file, messages }: Located, need: number): Uint8Array {
  file.inlineLeft -= need
  if (file.inlineLeft < 0) throw limit(file, 'decoded elements', `over ${MAX_INLINE_BYTES}`, MAX_INLINE_BYTES)
  const fill = messageOf(messages, MESSAGE.fillValue)
  if (fill !== null && fillValue(fill).some((byte) => byte !== 0))
    throw unsupported(file, 'HDF5 fill value', 'other than 0')
  return new Uint8Array(need)
}

function fillValue(fill: Fields): Uint8Array {
  const version = u8(fill)
  if (version === 3) {
    const isDefined = u8(fill) & 0x20
    return isDefined ? bytesOf(fill, unsigned(fill, 4)) : new Uint8Array(0)
  }
  skip(fill, 2)
  const isDefined = u8(fill)
  return version === 1 || isDefined ? bytesOf(fill, unsigned(fill, 4)) : new Uint8Array(0)
}
