import { HASH_BYTES, inclusionRanges, type Node, nodeHash, nodesOf, rootOver } from './merkle.ts'
import { TILE_HASHES, type Tile, type TileKey, tilesFor } from './tiles.ts'

/** Levels of the tree between the hashes of one tile and those of the next above. */
const TILE_HEIGHT = Math.log2(TILE_HASHES)

/** Every tile that the inclusion proofs of these leaves take, each once. */
export function tilesForProofs(numbers: readonly number[], size: number): TileKey[] {
  return tilesFor(numbers.flatMap((number) => inclusionRanges(number, size)))
}

/**
 * The inclusion proofs of many leaves in one tree, PATH(m, D[n]) of RFC 6962 §2.1.1; `tiles` are those of `tilesForProofs`. What
 * proofs share is computed once: a thousand of them cost little more than the hashes of their tiles. Throws `RangeError` where
 * a tile is missing or too short.
 */
export function inclusionProofs(numbers: readonly number[], size: number, tiles: readonly Tile[]): Uint8Array[][] {
  const byKey = new Map(tiles.map((tile) => [`${tile.level}/${tile.position}`, tile.hashes]))
  const known = new Map<string, Uint8Array>()
  const stored = ({ level, index }: Node): Uint8Array => {
    const key = `${level / TILE_HEIGHT}/${Math.floor(index / TILE_HASHES)}`
    const at = (index % TILE_HASHES) * HASH_BYTES
    const hash = byKey.get(key)?.subarray(at, at + HASH_BYTES)
    if (hash?.length !== HASH_BYTES) throw new RangeError(`tile ${key} is missing or too short`)
    return hash
  }
  const hashOf = (node: Node): Uint8Array => {
    const { level, index } = node
    if (level % TILE_HEIGHT === 0) return stored(node)
    const name = `${level}/${index}`
    const hash =
      known.get(name) ??
      nodeHash(hashOf({ level: level - 1, index: index * 2 }), hashOf({ level: level - 1, index: index * 2 + 1 }))
    known.set(name, hash)
    return hash
  }
  return numbers.map((number) => inclusionRanges(number, size).map((range) => rootOver(nodesOf(range).map(hashOf))))
}
