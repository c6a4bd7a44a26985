import {
  addressOrNull,
  expectSignature,
  type Fields,
  fieldsAt,
  type Hdf5File,
  malformed,
  u8,
  u16,
  within,
} from './hdf5-file.ts'

/** B-trees of version 1: of what their nodes point to. */
export const TREE = { group: 0, chunks: 1 } as const

/** A tree of fan-out 16 or more holds 2⁶⁴ things in as many levels. */
const MAX_LEVELS = 16

/** A leaf's child: the key before it, and its address. */
export interface TreeEntry {
  key: Fields
  child: number
}

/**
 * The entries of all leaves of a B-tree of version 1, in order. Each node is read once, one level below the node that
 * names it: a tree that leads back to itself is `malformed`.
 */
export function* treeEntries(file: Hdf5File, root: number, type: number, keyBytes: number): Generator<TreeEntry> {
  const visited = new Set<number>()
  const pending: { at: number; level: number | null }[] = [{ at: root, level: null }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const node = readNode(file, next.at, type, keyBytes, visited)
    if (next.level !== null && node.level !== next.level) throw malformed(node.fields, 'a node of another level')
    if (node.level === 0) yield* node.entries
    else for (const { child } of node.entries.toReversed()) pending.push({ at: child, level: node.level - 1 })
  }
}

function readNode(file: Hdf5File, at: number, type: number, keyBytes: number, visited: Set<number>) {
  const prefixBytes = 8 + 2 * file.offsetBytes
  const prefix = fieldsAt(file, at, prefixBytes, 'B-tree')
  expectSignature(prefix, 'TREE')
  if (u8(prefix) !== type) throw malformed(prefix, 'a node of another type')
  const level = u8(prefix)
  if (level > MAX_LEVELS) throw malformed(prefix, `level ${level}`)
  if (visited.has(at)) throw malformed(prefix, 'a node that stands twice in it')
  visited.add(at)
  const count = u16(prefix)
  const fields = fieldsAt(file, at + prefixBytes, count * (keyBytes + file.offsetBytes), 'B-tree')
  const entries: TreeEntry[] = []
  for (let i = 0; i < count; i++) {
    const key = within(fields, keyBytes, 'B-tree key')
    const child = addressOrNull(fields)
    if (child === null) throw malformed(fields, 'a child without an address')
    entries.push({ key, child })
  }
  return { level, fields, entries }
}
