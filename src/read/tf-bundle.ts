import { MAX_FILES, MAX_TENSORS } from './limits.ts'
import { type ByteRange, ELEMENT_BITS, type ElementType } from './model-file.ts'
import { expectWire, fieldsOf, type Message, type Wire, wireOf } from './protobuf.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, type Siblings } from './source.ts'
import { readShape, type TfShape } from './tf-shape.ts'
import { readTable, type TableEntry } from './tf-table.ts'
import { tfType } from './tf-types.ts'

/** A tensor of a checkpoint. */
export interface BundleTensor {
  key: string
  element: ElementType
  /** As stored, row-major; complex numbers have their two parts along a last axis. */
  shape: number[]
  ranges: ByteRange[]
}

/** A checkpoint's tensors, and where in which file the description of its objects lies. */
export interface Bundle {
  tensors: BundleTensor[]
  objectGraph: ByteRange | null
}

/** Shards are opened when a tensor needs them, and stand in `files` in that order. */
export interface BundleFiles {
  siblings: Siblings
  files: ByteSource[]
  /** Of the shards, up to `.data-`; relative to the main file. */
  prefix: string
  known: Map<number, number>
}

/** A BundleEntryProto (tensorflow/core/protobuf/tensor_bundle.proto). */
interface Entry {
  key: string
  type: number
  shape: TfShape
  shard: number
  offset: number
  size: number
  isSliced: boolean
}

const OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH'

/** Reads a TensorBundle from its index. Throws `malformed`, `limit`, `unsupported`, `truncated`, and what opening shards throws. */
export function readBundle(index: ByteSource, files: BundleFiles): Bundle {
  const [first, ...rest] = readTable(index)
  const wire = wireOf(index)
  const shards = readBundleHeader(wire, first)
  const bundle: Bundle = { tensors: [], objectGraph: null }
  const slices = new Map<string, Entry[]>()
  for (const stored of rest) {
    const entry = readEntry(wire, stored)
    // Keys of slices begin with the number 0 in an order-preserving code.
    if (entry.key.startsWith('\0')) addSlice(slices, entry)
  }
  for (const stored of rest) {
    if (stored.key.startsWith('\0')) continue
    const entry = readEntry(wire, stored)
    const type = tfType(entry.type)
    if (entry.key === OBJECT_GRAPH) bundle.objectGraph = rangeOf(index.path, files, entry, shards)
    if (type === 'no-numbers') continue
    if (type === 'unknown')
      throw readError(index.path, 'unsupported', { what: 'TensorFlow data type', value: String(entry.type) })
    const bytes = (entry.shape.elements * type.parts * ELEMENT_BITS[type.element]) / 8
    if (bytes === 0) continue
    const parts = entry.isSliced ? slicesOf(index.path, entry, slices) : [entry]
    checkBytes(wire, stored, parts, bytes)
    bundle.tensors.push({
      key: decodeKey(entry.key),
      element: type.element,
      shape: type.parts === 2 ? [...entry.shape.shape, 2] : entry.shape.shape,
      ranges: parts.map((part) => rangeOf(index.path, files, part, shards)),
    })
    if (bundle.tensors.length > MAX_TENSORS)
      throw readError(index.path, 'limit', {
        what: 'tensors',
        value: `over ${MAX_TENSORS}`,
        limit: String(MAX_TENSORS),
      })
  }
  return bundle
}

/** BundleHeaderProto, under the empty key: the number of shards. */
function readBundleHeader(wire: Wire, entry: TableEntry | undefined): number {
  if (entry === undefined || entry.key !== '')
    throw readError(wire.source.path, 'malformed', { what: 'checkpoint index', reason: 'no header', offset: 0 })
  let shards = 0
  for (const field of fieldsOf(wire, messageOf(entry), 'checkpoint header')) {
    if (field.number === 1) shards = field.value
    if (field.number === 2 && field.value !== 0)
      throw readError(wire.source.path, 'unsupported', { what: 'checkpoint', value: 'big-endian' })
  }
  if (shards > MAX_FILES)
    throw readError(wire.source.path, 'limit', { what: 'shards', value: String(shards), limit: String(MAX_FILES) })
  return shards
}

function messageOf({ offset, length }: TableEntry): Message {
  return { start: offset, end: offset + length, depth: 0 }
}

function readEntry(wire: Wire, stored: TableEntry): Entry {
  const message = messageOf(stored)
  const entry: Entry = {
    key: stored.key,
    type: 0,
    shape: { shape: [], elements: 1 },
    shard: 0,
    offset: 0,
    size: 0,
    isSliced: false,
  }
  for (const field of fieldsOf(wire, message, 'checkpoint entry')) {
    if ([1, 3, 4, 5].includes(field.number)) expectWire(wire, field, 'varint', 'checkpoint entry')
    if (field.number === 1) entry.type = field.value
    if (field.number === 2) entry.shape = readShape(wire, message, field)
    if (field.number === 3) entry.shard = field.value
    if (field.number === 4) entry.offset = field.value
    if (field.number === 5) entry.size = field.value
    if (field.number === 7) entry.isSliced = true
  }
  return entry
}

/**
 * A slice's key is 0, the tensor's name, its rank, then where the slice begins and how long it is along each axis. The
 * code keeps order: slices of one tensor stand in the order in which they begin.
 */
function addSlice(slices: Map<string, Entry[]>, entry: Entry): void {
  const end = entry.key.indexOf('\0\u0001', 1)
  if (end < 0) return
  const name = entry.key.slice(1, end)
  const known = slices.get(name)
  if (known === undefined) slices.set(name, [entry])
  else known.push(entry)
}

/** The slices of a tensor that is cut along its first axis only, first to last. Throws `unsupported` for other cuts. */
function slicesOf(path: string, entry: Entry, slices: ReadonlyMap<string, Entry[]>): Entry[] {
  const escaped = entry.key.replace(/\0|\xff/g, (byte) => (byte === '\0' ? '\0\xff' : '\xff\0'))
  const parts = slices.get(escaped) ?? []
  const [rows, ...rest] = entry.shape.shape
  const fits = parts.every(({ shape }) => String(shape.shape.slice(1)) === String(rest) && shape.shape.length > 0)
  const covered = parts.reduce((sum, { shape }) => sum + (shape.shape[0] ?? 0), 0)
  if (parts.length === 0 || !fits || covered !== rows || parts.some(({ type }) => type !== entry.type))
    throw readError(path, 'unsupported', { what: 'checkpoint', value: 'slices other than of whole rows' })
  return parts
}

function checkBytes(wire: Wire, stored: TableEntry, parts: readonly Entry[], need: number): void {
  const have = parts.reduce((sum, { size }) => sum + size, 0)
  if (have === need) return
  const reason = `${have} bytes where its shape takes ${need}`
  throw readError(wire.source.path, 'malformed', { what: 'checkpoint entry', reason, offset: stored.offset })
}

function rangeOf(path: string, files: BundleFiles, { shard, offset, size, key }: Entry, shards: number): ByteRange {
  if (!(shard >= 0 && shard < shards))
    throw readError(path, 'malformed', { what: 'checkpoint entry', reason: `shard ${shard} of ${shards}`, offset: 0 })
  const file = openShard(files, shard, shards)
  checkRange(files.files[file]!, offset, size, decodeKey(key).slice(0, 200))
  return { file, offset, length: size }
}

function openShard(files: BundleFiles, shard: number, shards: number): number {
  const known = files.known.get(shard)
  if (known !== undefined) return known
  const digits = (number: number) => String(number).padStart(5, '0')
  const source = files.siblings.open(`${files.prefix}.data-${digits(shard)}-of-${digits(shards)}`)
  const number = files.files.push(source) - 1
  files.known.set(shard, number)
  return number
}

/** Keys are UTF-8, read byte by byte. */
function decodeKey(key: string): string {
  return new TextDecoder().decode(Uint8Array.from(key, (byte) => byte.charCodeAt(0)))
}
