import {
  address,
  expectSignature,
  type Fields,
  fieldsAt,
  type Hdf5File,
  left,
  lengthField,
  limit,
  malformed,
  skip,
  u8,
  u16,
  u32,
  unsigned,
  unsupported,
  within,
} from './hdf5-file.ts'

/** Header messages read here, by their number in the specification. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const

/** A group of 92,000 links in compact form; other objects have under 20 messages. */
const MAX_MESSAGES = 262_144

/** A message is kept elsewhere, shared by several objects. */
const SHARED = 0b10

const NIL = 0

export interface HeaderMessage {
  type: number
  fields: Fields
}

/** A piece of an object header: its messages, in the form of the header's version. */
interface Block {
  fields: Fields
  version: 1 | 2
  /** Version 2: messages carry a creation order. */
  ordered: boolean
}

/**
 * The messages of the object header at an address, continuation blocks included. Every block is read once: a header that
 * leads back to itself is `malformed`.
 */
export function readHeader(file: Hdf5File, at: number): HeaderMessage[] {
  const visited = new Set<number>([at])
  const pending = [firstBlock(file, at)]
  const messages: HeaderMessage[] = []
  for (let block = pending.pop(); block !== undefined; block = pending.pop())
    for (const message of messagesOf(block)) {
      if (message.type === MESSAGE.continuation) pending.push(continuation(message.fields, block, visited))
      else if (messages.push(message) > MAX_MESSAGES)
        throw limit(file, 'messages of an HDF5 object', `over ${MAX_MESSAGES}`, MAX_MESSAGES)
    }
  return messages
}

/** The only message of a type; null where there is none. */
export function messageOf(messages: readonly HeaderMessage[], type: number): Fields | null {
  const found = messages.filter((message) => message.type === type)
  if (found.length > 1) throw malformed(found[1]!.fields, 'it stands twice in one object')
  return found[0] === undefined ? null : { ...found[0].fields, at: 0 }
}

function firstBlock(file: Hdf5File, at: number): Block {
  const prefix = fieldsAt(file, at, Math.min(32, Math.max(0, file.source.size - at)), 'object header')
  if (prefix.view.byteLength >= 4 && prefix.view.getUint32(0, false) === 0x4f484452) return newBlock(prefix)
  const version = u8(prefix)
  if (version !== 1) throw malformed(prefix, `object header version ${version}`)
  skip(prefix, 7)
  const size = u32(prefix)
  return { fields: fieldsAt(file, at + 16, size, 'object header'), version: 1, ordered: false }
}

/** `OHDR`: the sizes of its own fields depend on flags. */
function newBlock(prefix: Fields): Block {
  expectSignature(prefix, 'OHDR')
  const version = u8(prefix)
  if (version !== 2) throw unsupported(prefix.file, 'HDF5 object header version', version)
  const flags = u8(prefix)
  if (flags & 0x20) skip(prefix, 16)
  if (flags & 0x10) skip(prefix, 4)
  const size = unsigned(prefix, 1 << (flags & 3))
  const fields = fieldsAt(prefix.file, prefix.offset + prefix.at, size, 'object header')
  return { fields, version: 2, ordered: (flags & 0x04) !== 0 }
}

function continuation(fields: Fields, owner: Block, visited: Set<number>): Block {
  const at = address(fields)
  const length = lengthField(fields)
  if (visited.has(at)) throw malformed(fields, 'an object header leads back to itself')
  visited.add(at)
  const block = fieldsAt(fields.file, at, length, 'object header continuation')
  if (owner.version === 1) return { ...owner, fields: block }
  expectSignature(block, 'OCHK')
  // The block ends with a checksum of 4 bytes.
  return { ...owner, fields: within(block, Math.max(0, left(block) - 4), 'object header continuation') }
}

function* messagesOf({ fields, version, ordered }: Block): Generator<HeaderMessage> {
  const prefixBytes = version === 1 ? 8 : ordered ? 6 : 4
  // What is left can be a gap too small for a message.
  while (left(fields) >= prefixBytes) {
    const type = version === 1 ? u16(fields) : u8(fields)
    const size = u16(fields)
    const flags = u8(fields)
    skip(fields, prefixBytes - (version === 1 ? 5 : 4))
    const body = within(fields, size, 'header message')
    if (type === NIL) continue
    if (flags & SHARED && type !== MESSAGE.attribute) throw unsupported(fields.file, 'HDF5 shared message', type)
    yield { type, fields: body }
  }
}
