import { MAX_NAME_BYTES } from './limits.ts'
import type { ByteRange } from './model-file.ts'
import { fieldsOf, inside, type Message, textOf, type Wire, wireOf } from './protobuf.ts'
import { type ByteSource, readBytes } from './source.ts'

/** The length of a string stands before it as a varint, and a checksum of the length. */
const CHECKSUM_BYTES = 4

/**
 * The names that variables had in the program, by checkpoint key: TrackableObjectGraph
 * (tensorflow/core/protobuf/trackable_object_graph.proto), kept in the checkpoint as a tensor of one string.
 */
export function objectNames(source: ByteSource, { offset, length }: ByteRange): Map<string, string> {
  const head = readBytes(source, offset, Math.min(length, 10), 'object graph')
  const prefix = head.findIndex((byte) => byte < 0x80) + 1 + CHECKSUM_BYTES
  const wire = wireOf(source)
  const names = new Map<string, string>()
  if (prefix > length) return names
  const graph: Message = { start: offset + prefix, end: offset + length, depth: 0 }
  for (const field of fieldsOf(wire, graph, 'object graph')) {
    if (field.number !== 1) continue
    const object = inside(wire, graph, field, 'object')
    for (const one of fieldsOf(wire, object, 'object'))
      if (one.number === 2) addName(wire, inside(wire, object, one, 'attribute'), names)
  }
  return names
}

/** SerializedTensor: `full_name` and `checkpoint_key`. */
function addName(wire: Wire, attribute: Message, names: Map<string, string>): void {
  let name = ''
  let key = ''
  for (const field of fieldsOf(wire, attribute, 'attribute')) {
    if (field.number === 2) name = textOf(wire, field, MAX_NAME_BYTES, 'variable name')
    if (field.number === 3) key = textOf(wire, field, MAX_NAME_BYTES, 'checkpoint key')
  }
  if (name !== '' && key !== '') names.set(key, name)
}
