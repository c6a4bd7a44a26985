import { type Bytes, bigEndian, joined, sha256 } from './bytes.ts'

/** Hashes of RFC 6962 §2.1: leaves start with 0, nodes with 1, so that neither passes for the other. */
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** The leaf of an entry: SHA-256(0 ‖ SHA-256(envelope) ‖ t), t in milliseconds since 1970 (docs/ledger.md). */
export async function leafOf(envelope: Bytes, time: number): Promise<Bytes> {
  return await sha256(joined(LEAF, await sha256(envelope), bigEndian(BigInt(time))))
}

/**
 * The root that an inclusion proof leads to, by RFC 9162 §2.1.3.2; null where the proof is too long or too short for its place.
 * Sizes are plain numbers, exact up to 2⁵³ leaves, and so no bit operations, which end at 2³².
 */
export async function rootFrom(
  leaf: Bytes,
  { index, size }: { index: number; size: number },
  proof: readonly Uint8Array[],
): Promise<Bytes | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return null
    if (node % 2 === 1 || node === last) {
      hash = await sha256(joined(NODE, sibling, hash))
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      hash = await sha256(joined(NODE, hash, sibling))
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 ? hash : null
}
