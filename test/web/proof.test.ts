import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cosign, signCheckpoint } from '../../src/ledger/checkpoint.ts'
import { signPayload } from '../../src/ledger/dsse.ts'
import { generateKey, type SigningKey, signingKey } from '../../src/ledger/keys.ts'
import { inclusionRanges, leafHash, nodeHash } from '../../src/ledger/merkle.ts'
import { encodeNote, encodeVerifierKey } from '../../src/ledger/note.ts'
import { toHex, utf8 } from '../../web/proof/bytes.ts'
import { envelopeSignatures } from '../../web/proof/envelope.ts'
import { rootFrom } from '../../web/proof/inclusion.ts'
import { keyFrom, logSigned, noteFrom, witnessedAt } from '../../web/proof/note.ts'

/** MTH of RFC 6962 §2.1 by its definition. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  return nodeHash(rootOf(leaves.slice(0, left)), rootOf(leaves.slice(left)))
}

const tree = fc
  .integer({ min: 1, max: 80 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }))
  .map(({ size, index }) => {
    const leaves = Array.from({ length: size }, (_, at) => leafHash(Buffer.from(`${at}`)))
    const proof = inclusionRanges(index, size).map(({ from, to }) => rootOf(leaves.slice(from, to)))
    return { size, index, leaf: new Uint8Array(leaves[index]!), root: rootOf(leaves), proof }
  })

function keyPair(name: string): { key: SigningKey; shown: string } {
  const key = signingKey(name, generateKey().seed)
  return { key, shown: encodeVerifierKey(key) }
}

describe('proofs in the browser, beside the ledger’s own', () => {
  it('lead from every leaf to the root', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async ({ index, size, leaf, root, proof }) => {
        expect(toHex((await rootFrom(leaf, { index, size }, proof))!)).toBe(toHex(root))
      }),
    )
  })

  it('lead nowhere when a hash is changed, added or left out', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.nat(), async ({ index, size, leaf, root, proof }, which) => {
        fc.pre(proof.length > 0)
        const changed = proof.map((hash, at) => (at === which % proof.length ? leafHash(hash) : hash))
        for (const wrong of [changed, proof.slice(1), [...proof, leaf]]) {
          const found = await rootFrom(leaf, { index, size }, wrong)
          expect(found === null ? null : toHex(found)).not.toBe(toHex(root))
        }
      }),
    )
  })

  it('take a checkpoint that the log signed, and no other', async () => {
    const log = keyPair('estate/0123')
    const signed = encodeNote(signCheckpoint({ origin: 'estate/0123', size: 5, root: leafHash(utf8('x')) }, log.key))
    const key = keyFrom(log.shown)!
    expect(await logSigned(noteFrom(signed)!, key)).toBe('good')
    expect(await logSigned(noteFrom(signed.replace('\n5\n', '\n6\n'))!, key)).toBe('bad')
    expect(await logSigned(noteFrom(signed)!, keyFrom(keyPair('estate/0123').shown)!)).toBe('absent')
  })

  it('read when a witness cosigned', async () => {
    const [log, witness] = [keyPair('estate/0123'), keyPair('auditor')]
    const note = signCheckpoint({ origin: 'estate/0123', size: 5, root: leafHash(utf8('x')) }, log.key)
    const both = encodeNote({
      ...note,
      signatures: [...note.signatures, cosign(note.text, witness.key, 1_790_000_000)],
    })
    expect(await witnessedAt(noteFrom(both)!, keyFrom(witness.shown)!)).toBe(1_790_000_000)
    expect(await witnessedAt(noteFrom(both.replace('\n5\n', '\n6\n'))!, keyFrom(witness.shown)!)).toBe('bad')
  })

  it('tell a signature that fits a statement from one that does not', async () => {
    const vendor = keyPair('vendor')
    const { payload, signatures } = signPayload('{"a":1}', vendor.key)
    const envelope = (text: string) => ({
      payload: Buffer.from(text).toString('base64'),
      payloadType: 'application/vnd.in-toto+json',
      signatures,
    })
    const judged = async (text: string) =>
      (await envelopeSignatures(envelope(text), [keyFrom(vendor.shown)!])).map(({ result }) => result)
    expect([await judged(payload), await judged('{"a":2}')]).toEqual([['good'], ['bad']])
  })
})
