import { nodeHash } from './merkle.ts'

/** Checks an inclusion proof as RFC 9162 §2.1.3.2 does; true when it leads from the leaf to the root. */
export function verifyInclusion(
  { index, size, leaf, root }: { index: number; size: number; leaf: Uint8Array; root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size) return false
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && equal(hash, root)
}

/** Checks a consistency proof as RFC 9162 §2.1.4.2 does; true when the larger tree begins with all of the smaller. */
export function verifyConsistency(
  former: { size: number; root: Uint8Array },
  { size, root }: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!isIndex(former.size) || !isIndex(size) || former.size > size) return false
  if (former.size === size) return proof.length === 0 && equal(former.root, root)
  if (former.size === 0) return proof.length === 0
  const isComplete = Number.isInteger(Math.log2(former.size))
  const [first, ...rest] = isComplete ? [former.root, ...proof] : proof
  if (first === undefined || rest.length + (isComplete ? 0 : 1) === 0) return false
  let [node, last] = [former.size - 1, size - 1]
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  let [small, large] = [first, first]
  for (const sibling of rest) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      small = nodeHash(sibling, small)
      large = nodeHash(sibling, large)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      large = nodeHash(large, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && equal(small, former.root) && equal(large, root)
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function isOdd(value: number): boolean {
  return value % 2 === 1
}

function half(value: number): number {
  return Math.floor(value / 2)
}

/** Hashes are public, so the time this takes tells nothing. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
