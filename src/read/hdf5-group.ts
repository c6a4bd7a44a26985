import { denseObjects, LINK_RECORDS } from './hdf5-dense.ts'
import {
  address,
  addressOrNull,
  bytesOf,
  expectSignature,
  type Fields,
  fieldsAt,
  type Hdf5File,
  limit,
  malformed,
  skip,
  u8,
  u16,
  unsigned,
  unsupported,
} from './hdf5-file.ts'
import { type HeaderMessage, MESSAGE, messageOf } from './hdf5-header.ts'
import { nullTerminated, readLocalHeap } from './hdf5-heap.ts'
import { TREE, treeEntries } from './hdf5-tree.ts'
import { MAX_NAME_BYTES, MAX_TENSORS } from './limits.ts'

const HARD = 0
const EXTERNAL = 64

/** In a symbol table's entry: a soft link, whose target is a path. */
const CACHED_SOFT_LINK = 2

const TEXT = new TextDecoder()

/** A group's members by name: addresses of their object headers. */
export type Links = Map<string, number>

/** Whether an object's messages are those of a group. */
export function isGroup(messages: readonly HeaderMessage[]): boolean {
  return messages.some(({ type }) => type === MESSAGE.symbolTable || type === MESSAGE.linkInfo || type === MESSAGE.link)
}

/**
 * The members of a group by hard links, in whichever of three forms it keeps them. Soft links are passed over; files
 * that external links name are noted in `file.external`.
 */
export function readLinks(file: Hdf5File, messages: readonly HeaderMessage[]): Links {
  const links: Links = new Map()
  const table = messageOf(messages, MESSAGE.symbolTable)
  if (table !== null) readSymbolTable(file, address(table), address(table), links)
  for (const { type, fields } of messages) if (type === MESSAGE.link) takeLink(fields, links)
  const info = messageOf(messages, MESSAGE.linkInfo)
  if (info !== null) for (const fields of denseLinks(file, info)) takeLink(fields, links)
  return links
}

/** A B-tree whose leaves name nodes of sorted links, and a heap of names. */
function readSymbolTable(file: Hdf5File, tree: number, heap: number, links: Links): void {
  const nameAt = readLocalHeap(file, heap)
  for (const { child } of treeEntries(file, tree, TREE.group, file.lengthBytes)) {
    const prefix = fieldsAt(file, child, 8, 'symbol table node')
    expectSignature(prefix, 'SNOD')
    skip(prefix, 2)
    const count = u16(prefix)
    const entries = fieldsAt(file, child + 8, count * (2 * file.offsetBytes + 24), 'symbol table node')
    for (let i = 0; i < count; i++) {
      const name = nameAt(unsigned(entries, file.offsetBytes))
      const header = addressOrNull(entries)
      const cached = unsigned(entries, 4)
      skip(entries, 20)
      if (cached !== CACHED_SOFT_LINK && header !== null) add(entries, links, name, header)
    }
  }
}

function denseLinks(file: Hdf5File, info: Fields): Iterable<Fields> {
  const version = u8(info)
  if (version !== 0) throw unsupported(file, 'HDF5 link info version', version)
  if (u8(info) & 1) skip(info, 8)
  const heap = addressOrNull(info)
  const index = addressOrNull(info)
  return heap === null || index === null ? [] : denseObjects(file, heap, index, LINK_RECORDS)
}

function takeLink(fields: Fields, links: Links): void {
  const version = u8(fields)
  if (version !== 1) throw unsupported(fields.file, 'HDF5 link version', version)
  const flags = u8(fields)
  const type = flags & 0x08 ? u8(fields) : HARD
  if (flags & 0x04) skip(fields, 8)
  if (flags & 0x10) skip(fields, 1)
  const nameBytes = unsigned(fields, 1 << (flags & 3))
  if (nameBytes > MAX_NAME_BYTES) throw limit(fields.file, 'bytes of a name', String(nameBytes), MAX_NAME_BYTES)
  const name = TEXT.decode(bytesOf(fields, nameBytes))
  if (type === HARD) add(fields, links, name, address(fields))
  if (type === EXTERNAL) {
    // A flag byte, then the file's name.
    const target = bytesOf(fields, Math.min(u16(fields), MAX_NAME_BYTES))
    fields.file.external.add(nullTerminated(target.subarray(1)))
  }
}

function add(fields: Fields, links: Links, name: string, header: number): void {
  if (links.has(name)) throw malformed(fields, 'a name stands twice in one group')
  links.set(name, header)
  if (links.size > MAX_TENSORS) throw limit(fields.file, 'members of a group', `over ${MAX_TENSORS}`, MAX_TENSORS)
}
