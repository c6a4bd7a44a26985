import { createHash } from 'node:crypto'
import { appended, edgeOf, rootFromEdge, type Tile } from '../../src/ledger/tiles.ts'

export const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex')
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** An independent root, straight from the definition in RFC 6962 §2.1: nothing kept, everything hashed again. */
export function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  const [only] = leaves
  if (only === undefined) return sha256()
  if (leaves.length === 1) return only
  let middle = 1
  while (middle * 2 < leaves.length) middle *= 2
  return sha256(Buffer.from([1]), rootByDefinition(leaves.slice(0, middle)), rootByDefinition(leaves.slice(middle)))
}

/** A tree kept in tiles, as the store keeps it. */
export interface TiledTree {
  tiles: Tile[]
  size: number
  root: Uint8Array
}

export function emptyTree(): TiledTree {
  return { tiles: [], size: 0, root: rootByDefinition([]) }
}

/** The tree after one append. */
export function grown({ tiles, size }: TiledTree, leaves: readonly Uint8Array[]): TiledTree {
  const edge = edgeOf(size).map(({ level, position }) => {
    return tiles.find((tile) => tile.level === level && tile.position === position)!
  })
  const changed = appended(size, edge, leaves)
  const isChanged = ({ level, position }: Tile) =>
    changed.some((tile) => tile.level === level && tile.position === position)
  const total = size + leaves.length
  return {
    tiles: [...tiles.filter((tile) => !isChanged(tile)), ...changed],
    size: total,
    root: rootFromEdge(total, [...changed, ...edge]),
  }
}

/** Leaf hashes that are all different. */
export function leafHashes(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, number) => createHash('sha256').update(`leaf ${number}`).digest())
}
