import { HASH_BYTES } from './merkle.ts'
import { rootFromEdge, rootOfComplete, TILE_HASHES, type Tile, type TileKey } from './tiles.ts'

/** What `coveredLeaves` takes of a tree of `size` leaves for these tiles of level 0: they, those above them, and the tree's edge. */
export function tilesAbove(positions: Iterable<number>, size: number): TileKey[] {
  const keys = new Map<string, TileKey>()
  for (const { level, count } of levelsOf(size)) {
    const edge = Math.floor(count / TILE_HASHES)
    if (count % TILE_HASHES > 0) keys.set(`${level}/${edge}`, { level, position: edge })
    for (const leaf of positions) {
      const position = Math.floor(leaf / TILE_HASHES ** level)
      if (position < edge) keys.set(`${level}/${position}`, { level, position })
    }
  }
  return [...keys.values()]
}

/**
 * The leaves in tiles of level 0 that a root vouches for, by the tile's position: those whose hashes, recomputed from level to level, come
 * out at that root. A tile that is missing, or that somebody changed, is left out; every one is where the edge does not give the root.
 */
export function coveredLeaves(
  positions: Iterable<number>,
  { size, root }: { size: number; root: Uint8Array },
  tiles: readonly Tile[],
): Map<number, Uint8Array> {
  const held = new Map(tiles.map(({ level, position, hashes }) => [`${level}/${position}`, hashes]))
  const counts = levelsOf(size).map(({ count }) => count)
  const covered = new Map<string, Uint8Array | null>()
  if (!isRoot(root, size, tiles)) return new Map()
  const at = (level: number, position: number): Uint8Array | null => {
    const key = `${level}/${position}`
    const known = covered.get(key)
    if (known !== undefined) return known
    const found = hashesAt(level, position)
    covered.set(key, found)
    return found
  }
  const hashesAt = (level: number, position: number): Uint8Array | null => {
    const count = counts[level] ?? 0
    const hashes = held.get(`${level}/${position}`) ?? null
    // what stands at the edge is what the root was made of
    if (position >= Math.floor(count / TILE_HASHES))
      return hashes?.subarray(0, (count % TILE_HASHES) * HASH_BYTES) ?? null
    const above = at(level + 1, Math.floor(position / TILE_HASHES))
    const from = (position % TILE_HASHES) * HASH_BYTES
    const said = above?.subarray(from, from + HASH_BYTES)
    if (hashes?.length !== TILE_HASHES * HASH_BYTES || said?.length !== HASH_BYTES) return null
    return Buffer.from(rootOfComplete(hashes)).equals(said) ? hashes : null
  }
  return new Map([...positions].flatMap((position) => leavesAt(position, at(0, position))))
}

function leavesAt(position: number, leaves: Uint8Array | null): [number, Uint8Array][] {
  return leaves === null ? [] : [[position, leaves]]
}

/** How many hashes each level of tiles holds: every level above one for each full tile below. */
function levelsOf(size: number): { level: number; count: number }[] {
  const levels: { level: number; count: number }[] = []
  for (let count = size; count > 0; count = Math.floor(count / TILE_HASHES))
    levels.push({ level: levels.length, count })
  return levels
}

function isRoot(root: Uint8Array, size: number, tiles: readonly Tile[]): boolean {
  try {
    return Buffer.from(rootFromEdge(size, tiles)).equals(root)
  } catch (error) {
    // a tile of the edge is missing, or too short
    if (error instanceof RangeError) return false
    throw error
  }
}
