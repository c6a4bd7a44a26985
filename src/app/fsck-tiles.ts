import { HASH_BYTES } from '../ledger/merkle.ts'
import { rootOfComplete, TILE_HASHES, type Tile } from '../ledger/tiles.ts'
import type { Estate } from '../store/estate.ts'
import type { Faults } from './fsck-faults.ts'

/** Checks that every level of the tree is what the level below makes of it, and that no tile is missing. */
export async function checkTiles(estate: Estate, size: number, faults: Faults): Promise<void> {
  let below = byPosition(await levelOf(estate, 0, size, faults))
  for (let level = 1, hashes = Math.floor(size / TILE_HASHES); hashes > 0; level++) {
    const tiles = await levelOf(estate, level, hashes, faults)
    for (const tile of tiles)
      for (let at = 0; at * HASH_BYTES < tile.hashes.length; at++) {
        const under = below.get(tile.position * TILE_HASHES + at)
        const hash = tile.hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)
        if (under && Buffer.compare(hash, rootOfComplete(under.hashes)) !== 0)
          faults.add('damaged-tree', tile.position, `${level}/${tile.position}`)
      }
    below = byPosition(tiles)
    hashes = Math.floor(hashes / TILE_HASHES)
  }
}

function byPosition(tiles: readonly Tile[]): Map<number, Tile> {
  return new Map(tiles.map((tile) => [tile.position, tile]))
}

async function levelOf(estate: Estate, level: number, hashes: number, faults: Faults): Promise<Tile[]> {
  const count = Math.ceil(hashes / TILE_HASHES)
  const tiles: Tile[] = []
  for (let position = 0; position < count; position++) {
    const [tile] = await estate.tiles([{ level, position }])
    const needed = Math.min(TILE_HASHES, hashes - position * TILE_HASHES) * HASH_BYTES
    if (tile?.hashes.length === needed) tiles.push(tile)
    else faults.add('damaged-tree', position, `${level}/${position}`)
  }
  return tiles
}
