import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coveredLeaves, tilesAbove } from '../../src/ledger/covered.ts'
import { leafHash, sha256 } from '../../src/ledger/merkle.ts'
import { appended, rootFromEdge, type Tile } from '../../src/ledger/tiles.ts'

/** The whole of a tree of numbered leaves: its tiles, kept as they grew, and its root. */
function tree(size: number) {
  const leaves = Array.from({ length: size }, (_, at) => leafHash(sha256(`${at}`)))
  const tiles = appended(0, [], leaves)
  return { leaves, tiles, root: rootFromEdge(size, tiles) }
}

/** Beyond 65,536 leaves there are three levels. */
const LARGE = 70_000
const large = tree(LARGE)

function asked(tiles: readonly Tile[], positions: readonly number[], size: number): Tile[] {
  const keys = tilesAbove(positions, size)
  return tiles.filter((tile) => keys.some(({ level, position }) => level === tile.level && position === tile.position))
}

it('every tile of a tree is covered by its root, leaf for leaf', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_500 }), (size) => {
      const { leaves, tiles, root } = tree(size)
      const positions = Array.from({ length: Math.ceil(size / 256) }, (_, at) => at)
      const covered = coveredLeaves(positions, { size, root }, asked(tiles, positions, size))
      expect(Buffer.concat(positions.map((at) => covered.get(at)!))).toEqual(Buffer.concat(leaves))
    }),
    { numRuns: 30 },
  )
})

it('a tree of three levels covers its first tiles and its last', () => {
  const positions = [0, 200, 256, 273]
  const covered = coveredLeaves(positions, { size: LARGE, root: large.root }, asked(large.tiles, positions, LARGE))
  expect(positions.map((at) => Buffer.from(covered.get(at)!.subarray(0, 32)))).toEqual(
    positions.map((at) => Buffer.from(large.leaves[at * 256]!)),
  )
})

it('a former root covers the leaves that it had, in tiles that have grown since', () => {
  const { leaves, tiles } = tree(1_000)
  const former = tree(700).root
  const covered = coveredLeaves([1, 2], { size: 700, root: former }, asked(tiles, [1, 2], 700))
  expect(Buffer.concat([covered.get(1)!, covered.get(2)!])).toEqual(Buffer.concat(leaves.slice(256, 700)))
})

it('whatever byte of whatever tile is changed, no leaf is covered that is not of the tree', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (pick, byte, flip) => {
      const positions = [0, 100, 256, 273]
      const tiles = asked(large.tiles, positions, LARGE).map((tile) => ({ ...tile, hashes: Buffer.from(tile.hashes) }))
      const changed = tiles[pick % tiles.length]!
      changed.hashes[byte % changed.hashes.length]! ^= flip
      for (const [position, leaves] of coveredLeaves(positions, { size: LARGE, root: large.root }, tiles))
        expect(Buffer.from(leaves)).toEqual(Buffer.concat(large.leaves.slice(position * 256, (position + 1) * 256)))
    }),
  )
})

it('a missing tile covers nothing, and one of the edge nothing at all', () => {
  const { tiles, root } = tree(700)
  expect([
    ...coveredLeaves(
      [0, 1],
      { size: 700, root },
      tiles.filter(({ position }) => position !== 1),
    ).keys(),
  ]).toEqual([0])
  expect(
    coveredLeaves(
      [0, 1],
      { size: 700, root },
      tiles.filter(({ level }) => level !== 1),
    ).size,
  ).toBe(0)
})
