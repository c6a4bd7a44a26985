import type { Hdf5Type } from './hdf5-datatype.ts'
import type { Hdf5File } from './hdf5-file.ts'
import type { HeaderMessage } from './hdf5-header.ts'

/** A dataset whose elements are being located. */
export interface Located {
  file: Hdf5File
  messages: readonly HeaderMessage[]
  shape: readonly number[]
  elements: number
  type: Hdf5Type
  what: string
}
