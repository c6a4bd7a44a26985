import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inclusionProofs } from '../../src/ledger/inclusion.ts'
import { leafHash, sha256 } from '../../src/ledger/merkle.ts'
import { verifyInclusion } from '../../src/ledger/proof.ts'
import { appended, rootFromEdge } from '../../src/ledger/tiles.ts'

it('many proofs of one tree each lead to its root', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_500 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
      (size, picks) => {
        const leaves = Array.from({ length: size }, (_, at) => leafHash(sha256(`${at}`)))
        const tiles = appended(0, [], leaves)
        const root = rootFromEdge(size, tiles)
        const numbers = picks.map((pick) => pick % size)
        const proofs = inclusionProofs(numbers, size, tiles)
        return numbers.every((index, at) => verifyInclusion({ index, size, leaf: leaves[index]!, root }, proofs[at]!))
      },
    ),
    { numRuns: 50 },
  )
})

it('a missing tile is refused', () => {
  expect(() => inclusionProofs([0], 300, [])).toThrow(RangeError)
})
