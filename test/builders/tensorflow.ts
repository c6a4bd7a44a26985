import type { ModelFile } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { readTfCheckpoint } from '../../src/read/tf-checkpoint.ts'
import { readFrozenGraph, readSavedModel } from '../../src/read/tf-saved-model.ts'
import { memorySiblings } from './memory-siblings.ts'
import { type Bytes, bytesField, join, textField, varint, varintField } from './protobuf.ts'

const MAGIC = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb)

export interface TableParts {
  entries: [key: string, value: Bytes][]
  /** What the index says of the one block: its offset and size. */
  handle?: [offset: number, size: number]
  compression?: number
  magic?: Bytes
}

function block(entries: [key: string, value: Bytes][], compression: number): Bytes {
  const stored = entries.map(([key, value]) => {
    const name = Buffer.from(key, 'latin1')
    return join(varint(0), varint(name.length), varint(value.length), name, value)
  })
  // One restart, at 0; then the compression and a checksum.
  return join(...stored, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, compression, 0, 0, 0, 0))
}

/** A LevelDB table of one block. */
export function table({ entries, handle, compression = 0, magic = MAGIC }: TableParts): Bytes {
  const data = block(entries, compression)
  const [offset, size] = handle ?? [0, data.length - 5]
  const index = block([['~', join(varint(offset), varint(size))]], 0)
  const handles = join(varint(0), varint(0), varint(data.length), varint(index.length - 5))
  return join(data, index, handles, new Uint8Array(40 - handles.length), magic)
}

/** A TensorShapeProto. */
export function shapeOf(...lengths: (number | bigint)[]): Bytes {
  return join(...lengths.map((length) => bytesField(2, varintField(1, length))))
}

export interface EntryParts {
  type?: number
  shape?: (number | bigint)[]
  shard?: number
  offset?: number | bigint
  size?: number | bigint
}

/** A BundleEntryProto; float32 at the beginning of the first shard unless said otherwise. */
export function entry({ type = 1, shape = [2], shard = 0, offset = 0, size = 8 }: EntryParts): Bytes {
  return join(
    varintField(1, type),
    bytesField(2, shapeOf(...shape)),
    varintField(3, shard),
    varintField(4, offset),
    varintField(5, size),
  )
}

export function bundleHeader(shards = 1): Bytes {
  return varintField(1, shards)
}

/** A checkpoint's index with one tensor, `w`. */
export function oneEntry(parts: EntryParts): Bytes {
  return table({
    entries: [
      ['', bundleHeader()],
      ['w', entry(parts)],
    ],
  })
}

export function readIndex(index: Bytes, data: Bytes = new Uint8Array(16), closed: string[] = []): ModelFile {
  return readTfCheckpoint(memorySource('x.index', index), memorySiblings({ 'x.data-00000-of-00001': data }, closed))
}

/** A NodeDef. */
export function node(name: string, op: string, inputs: string[] = [], attributes: Record<string, Bytes> = {}): Bytes {
  const entries = Object.entries(attributes).map(([key, value]) =>
    bytesField(5, textField(1, key), bytesField(2, value)),
  )
  return join(textField(1, name), textField(2, op), ...inputs.map((input) => textField(3, input)), ...entries)
}

/** A Const node of a TensorProto: a data type, a shape, and fields of elements. */
export function constant(name: string, type: number, shape: (number | bigint)[], ...elements: Bytes[]): Bytes {
  const tensor = join(varintField(1, type), bytesField(2, shapeOf(...shape)), ...elements)
  return node(name, 'Const', [], { value: bytesField(8, tensor) })
}

export function graph(...nodes: Bytes[]): Bytes {
  return join(...nodes.map((one) => bytesField(1, one)))
}

export function readGraph(bytes: Bytes): ModelFile {
  return readFrozenGraph(memorySource('graph.pb', bytes), memorySiblings({}))
}

export function savedModel(graphDef: Bytes): Bytes {
  return join(varintField(1, 1), bytesField(2, bytesField(2, graphDef)))
}

export function readSaved(bytes: Bytes, files: Record<string, Bytes> = {}): ModelFile {
  return readSavedModel(memorySource('saved_model.pb', bytes), memorySiblings(files))
}
