import { attributeStrings } from './hdf5-attribute.ts'
import { type Hdf5Dataset, isDataset, readDataset } from './hdf5-dataset.ts'
import { type Hdf5File, openHdf5, unsupported } from './hdf5-file.ts'
import { isGroup, type Links, readLinks } from './hdf5-group.ts'
import { type HeaderMessage, readHeader } from './hdf5-header.ts'
import type { GlobalHeap } from './hdf5-heap.ts'
import type { Finding } from './model-file.ts'
import { ReadError } from './read-error.ts'
import type { ByteSource } from './source.ts'

/** An object of the file, its header read once. */
export interface H5Object {
  messages: HeaderMessage[]
  /** Null for what is no group. */
  links: Links | null
}

/** A Keras weights file and the objects read so far. */
export interface KerasHdf5 {
  file: Hdf5File
  heap: GlobalHeap
  objects: Map<number, H5Object>
}

export function openKerasHdf5(source: ByteSource): KerasHdf5 {
  const file = openHdf5(source)
  return { file, heap: { file, collections: new Map() }, objects: new Map() }
}

export function objectAt(h5: KerasHdf5, at: number): H5Object {
  const known = h5.objects.get(at)
  if (known !== undefined) return known
  const messages = readHeader(h5.file, at)
  const object = { messages, links: isGroup(messages) ? readLinks(h5.file, messages) : null }
  h5.objects.set(at, object)
  return object
}

export function rootOf(h5: KerasHdf5): H5Object {
  return objectAt(h5, h5.file.root)
}

/** The member of a group by a path like `dense/kernel:0`; null when there is none. */
export function memberAt(h5: KerasHdf5, group: H5Object, path: string): H5Object | null {
  let object = group
  for (const part of path.split('/')) {
    if (part === '') continue
    const at = object.links?.get(part)
    if (at === undefined) return null
    object = objectAt(h5, at)
  }
  return object
}

export function stringsOf(h5: KerasHdf5, object: H5Object, attribute: string): string[] | null {
  return attributeStrings(h5.heap, object.messages, attribute)
}

/**
 * A list that Keras cuts in pieces `name0`, `name1` … where it would not fit an object header of 64 KiB. Null when it is
 * not there in either form.
 */
export function listOf(h5: KerasHdf5, object: H5Object, attribute: string): string[] | null {
  const whole = stringsOf(h5, object, attribute)
  if (whole !== null) return whole
  const list: string[] = []
  for (let piece = 0; ; piece++) {
    const strings = stringsOf(h5, object, `${attribute}${piece}`)
    if (strings === null) return piece === 0 ? null : list
    list.push(...strings)
  }
}

/** The dataset that an object is, null for a group or for strings. Throws `unsupported` for numbers that are not read. */
export function datasetOf(h5: KerasHdf5, object: H5Object, name: string): Hdf5Dataset | null {
  if (!isDataset(object.messages)) return null
  const dataset = readDataset(h5.file, object.messages, name)
  if (dataset.type.kind === 'other') throw unsupported(h5.file, 'HDF5 datatype', dataset.type.name)
  return dataset.type.kind === 'number' ? dataset : null
}

/** Links into other files, which loading the model with HDF5 would open. */
export function externalFindings(h5: KerasHdf5): Finding[] {
  return [...h5.file.external].map((name) => ({
    code: 'external-path',
    severity: 'high',
    message: `The file links into another file, "${name.slice(0, 200)}".`,
  }))
}

/** Whether an HDF5 file has what Keras writes; true also for one too broken to tell, which the reader will refuse. */
export function hasKerasWeights(source: ByteSource): boolean {
  try {
    const h5 = openKerasHdf5(source)
    const root = rootOf(h5)
    const marks = ['model_weights', 'layers', '_layer_checkpoint_dependencies', 'vars']
    return marks.some((mark) => root.links?.has(mark) === true) || listOf(h5, root, 'layer_names') !== null
  } catch (error) {
    if (error instanceof ReadError) return true
    throw error
  }
}
