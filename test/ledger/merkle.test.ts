import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consistencyRanges, EMPTY_ROOT, inclusionRanges, leafHash, type Range } from '../../src/ledger/merkle.ts'
import { verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts'
import { rootsOver, tilesFor } from '../../src/ledger/tiles.ts'
import { CONSISTENCY, EMPTY, INCLUSION, LEAVES, ROOTS } from '../builders/rfc6962.ts'
import { bytesOf, emptyTree, grown, hexOf, leafHashes, rootByDefinition } from '../builders/tree.ts'

const reference = LEAVES.map((leaf) => leafHash(bytesOf(leaf)))
const referenceTree = grown(emptyTree(), reference)
/** The sizes that the bar names. */
const MAX_SIZE = 256

describe('the published tree', () => {
  it('has the empty root', () => {
    expect(hexOf(EMPTY_ROOT)).toBe(EMPTY)
  })

  it.each(ROOTS.map((root, at) => ({ size: at + 1, root })))('of $size leaves has its root', ({ size, root }) => {
    expect(hexOf(grown(emptyTree(), reference.slice(0, size)).root)).toBe(root)
  })

  it.each(INCLUSION)('has the inclusion proof of leaf $leaf at size $size', ({ leaf, size, proof }) => {
    expect(rootsOver(inclusionRanges(leaf, size), referenceTree.tiles).map(hexOf)).toEqual(proof)
  })

  it.each(CONSISTENCY)('has the consistency proof from $former to $size', ({ former, size, proof }) => {
    expect(rootsOver(consistencyRanges(former, size), referenceTree.tiles).map(hexOf)).toEqual(proof)
  })

  it.each(INCLUSION)('includes leaf $leaf at size $size', ({ leaf, size, proof }) => {
    const claim = { index: leaf, size, leaf: reference[leaf]!, root: bytesOf(ROOTS[size - 1]!) }
    expect(verifyInclusion(claim, proof.map(bytesOf))).toBe(true)
  })

  it.each(CONSISTENCY)('at size $size goes on from size $former', ({ former, size, proof }) => {
    const [small, large] = [former, size].map((at) => ({ size: at, root: bytesOf(ROOTS[at - 1]!) }))
    expect(verifyConsistency(small!, large!, proof.map(bytesOf))).toBe(true)
  })
})

/** Trees of every size, each grown by one leaf from the one before. */
function trees() {
  const leaves = leafHashes(MAX_SIZE)
  const all = [emptyTree()]
  for (const leaf of leaves) all.push(grown(all.at(-1)!, [leaf]))
  return { leaves, all }
}

describe('every tree to 256 leaves', () => {
  const { leaves, all } = trees()
  const { tiles } = all.at(-1)!
  const known = new Map<string, Uint8Array>()
  /** Each range once: its root is the same in every tree that has it. */
  const rootOf = (range: Range) => {
    const name = `${range.from}-${range.to}`
    const root = known.get(name) ?? rootsOver([range], tiles)[0]!
    known.set(name, root)
    return root
  }

  it('has the root of the definition', () => {
    const wrong = all.filter(({ root, size }) => hexOf(root) !== hexOf(rootByDefinition(leaves.slice(0, size))))
    expect(wrong.map(({ size }) => size)).toEqual([])
  })

  it('includes every leaf', () => {
    const refused = all.flatMap(({ size, root }) =>
      leaves.slice(0, size).flatMap((leaf, index) => {
        const proof = inclusionRanges(index, size).map(rootOf)
        return verifyInclusion({ index, size, leaf, root }, proof) ? [] : [`${index}/${size}`]
      }),
    )
    expect(refused).toEqual([])
  })

  it('goes on from every smaller one', () => {
    const refused = all.flatMap((large) =>
      all.slice(0, large.size + 1).flatMap((small) => {
        const proof = consistencyRanges(small.size, large.size).map(rootOf)
        return verifyConsistency(small, large, proof) ? [] : [`${small.size}/${large.size}`]
      }),
    )
    expect(refused).toEqual([])
  })
})

/** What a proof must not survive: another place, another size, another leaf or root, a flipped bit, a hash more or less. */
const spoilers: [string, (proof: Uint8Array[]) => Uint8Array[]][] = [
  ['a flipped bit', ([first, ...rest]) => [first!.map((byte, at) => (at === 7 ? byte ^ 16 : byte)), ...rest]],
  ['a hash missing at the end', (proof) => proof.slice(0, -1)],
  ['a hash too many', (proof) => [...proof, proof[0]!]],
  ['a hash too many in front', (proof) => [proof[0]!, ...proof]],
]

describe.each(spoilers)('with %s', (_, spoil) => {
  it('no inclusion is proved', () => {
    const [, { leaf, size, proof }] = INCLUSION as [unknown, (typeof INCLUSION)[number]]
    const claim = { index: leaf, size, leaf: reference[leaf]!, root: bytesOf(ROOTS[size - 1]!) }
    expect(verifyInclusion(claim, spoil(proof.map(bytesOf)))).toBe(false)
  })

  it('no consistency is proved', () => {
    const [, , { former, size, proof }] = CONSISTENCY as [unknown, unknown, (typeof CONSISTENCY)[number]]
    const [small, large] = [former, size].map((at) => ({ size: at, root: bytesOf(ROOTS[at - 1]!) }))
    expect(verifyConsistency(small!, large!, spoil(proof.map(bytesOf)))).toBe(false)
  })
})

it('a tree grown in any steps has the root and the proofs of one grown at once', () => {
  const leaves = leafHashes(66_000)
  const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 200, max: 20_000 })), {
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (counts, share) => {
      let tree = emptyTree()
      for (const count of counts)
        tree = grown(tree, leaves.slice(tree.size, Math.min(leaves.length, tree.size + count)))
      const whole = grown(emptyTree(), leaves.slice(0, tree.size))
      const index = Math.floor(share * (tree.size - 1))
      const ranges = inclusionRanges(index, tree.size)
      const wanted = tilesFor(ranges)
      const tiles = tree.tiles.filter((tile) =>
        wanted.some(({ level, position }) => tile.level === level && tile.position === position),
      )
      const { root, size } = tree
      expect(hexOf(root)).toBe(hexOf(whole.root))
      expect(verifyInclusion({ index, size, leaf: leaves[index]!, root }, rootsOver(ranges, tiles))).toBe(true)
    }),
    { numRuns: 10 },
  )
}, 60_000)
