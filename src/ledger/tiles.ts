import { HASH_BYTES, type Node, nodeHash, nodesOf, type Range, rootOver } from './merkle.ts'

/**
 * The tree is kept in tiles of 256 hashes, as C2SP tlog-tiles has them: level 0 holds the hashes of leaves, every level above
 * one hash for each full tile below. An append touches the last tile of each level and a proof a few tiles of each,
 * both O(log n); what lies between is computed when asked for.
 */
export const TILE_HASHES = 256

/** Levels of the tree that one tile spans. */
const TILE_HEIGHT = 8

export interface TileKey {
  level: number
  position: number
}

export interface Tile extends TileKey {
  /** Hashes one after the other; fewer than 256 at the right edge. */
  hashes: Uint8Array
}

/** The last tile of each level that is not full, lowest level first: all that an append needs of the tree. */
export function edgeOf(size: number): TileKey[] {
  const edge: TileKey[] = []
  for (let level = 0, hashes = size; hashes > 0; level++) {
    if (hashes % TILE_HASHES > 0) edge.push({ level, position: Math.floor(hashes / TILE_HASHES) })
    hashes = Math.floor(hashes / TILE_HASHES)
  }
  return edge
}

/** The tiles that a tree of `size` leaves gains or has changed by new leaves; `edge` are those of `edgeOf`. */
export function appended(size: number, edge: readonly Tile[], leaves: readonly Uint8Array[]): Tile[] {
  const changed: Tile[] = []
  let fresh = leaves
  let before = size
  for (let level = 0; fresh.length > 0; level++) {
    const partial = edge.find((tile) => tile.level === level)
    const held = Buffer.concat(partial ? [partial.hashes, ...fresh] : fresh)
    let position = Math.floor(before / TILE_HASHES)
    const full: Uint8Array[] = []
    for (let at = 0; at < held.length; at += TILE_HASHES * HASH_BYTES) {
      const hashes = held.subarray(at, at + TILE_HASHES * HASH_BYTES)
      changed.push({ level, position, hashes })
      if (hashes.length === TILE_HASHES * HASH_BYTES) full.push(rootOfComplete(hashes))
      position++
    }
    fresh = full
    before = Math.floor(before / TILE_HASHES)
  }
  return changed
}

/** The root of a tree from its edge: the complete subtrees of each level's last tile are what the root is made of. */
export function rootFromEdge(size: number, edge: readonly Tile[]): Uint8Array {
  return rootOver(nodesOf({ from: 0, to: size }).map((node) => hashIn(edge, node)))
}

/** The tile in which a node's hash, or the hashes it is made of, stand. */
function tileOf({ level, index }: Node): TileKey {
  const tile = Math.floor(level / TILE_HEIGHT)
  return { level: tile, position: Math.floor((index * 2 ** (level % TILE_HEIGHT)) / TILE_HASHES) }
}

/** Every tile that the roots over these ranges take, each once. */
export function tilesFor(ranges: readonly Range[]): TileKey[] {
  const keys = new Map<string, TileKey>()
  for (const range of ranges)
    for (const node of nodesOf(range)) {
      const key = tileOf(node)
      keys.set(`${key.level}/${key.position}`, key)
    }
  return [...keys.values()]
}

/** The roots over ranges; `tiles` are at least those of `tilesFor`. Throws `RangeError` where one is missing or too short. */
export function rootsOver(ranges: readonly Range[], tiles: readonly Tile[]): Uint8Array[] {
  return ranges.map((range) => rootOver(nodesOf(range).map((node) => hashIn(tiles, node))))
}

function hashIn(tiles: readonly Tile[], node: Node): Uint8Array {
  const { level, position } = tileOf(node)
  const tile = tiles.find((candidate) => candidate.level === level && candidate.position === position)
  const count = 2 ** (node.level % TILE_HEIGHT)
  const first = (node.index * count) % TILE_HASHES
  const hashes = tile?.hashes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES)
  if (hashes?.length !== count * HASH_BYTES) throw new RangeError(`tile ${level}/${position} is missing or too short`)
  return rootOfComplete(hashes)
}

/** Of a power of two of hashes. */
export function rootOfComplete(hashes: Uint8Array): Uint8Array {
  let row: Uint8Array[] = []
  for (let at = 0; at < hashes.length; at += HASH_BYTES) row.push(hashes.subarray(at, at + HASH_BYTES))
  while (row.length > 1) row = row.flatMap((left, at) => (at % 2 === 0 ? [nodeHash(left, row[at + 1]!)] : []))
  return row[0]!
}
