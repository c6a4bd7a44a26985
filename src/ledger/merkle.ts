import { hash } from 'node:crypto'

/** Hashes of RFC 6962 §2.1: a leaf and a node never hash alike, since each starts with a byte of its own. */
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

export const HASH_BYTES = 32

/** The root of a tree without leaves. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0))

export function sha256(bytes: Uint8Array | string): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/** MTH({d}) of RFC 6962 §2.1. */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([LEAF, data]))
}

/** The hash of the node over two subtrees. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([NODE, left, right]))
}

/** A complete subtree: the 2^level leaves from index × 2^level on. */
export interface Node {
  level: number
  index: number
}

/** Leaves `from` up to, but without, `to`; as wide as RFC 6962 splits a tree, so that its left parts are complete. */
export interface Range {
  from: number
  to: number
}

/**
 * The complete subtrees that make up a range, leftmost and largest first. Sizes are plain numbers: exact up to 2⁵³ leaves,
 * and so no bit operations, which end at 2³².
 */
export function nodesOf({ from, to }: Range): Node[] {
  const nodes: Node[] = []
  for (let at = from; at < to; ) {
    const level = Math.floor(Math.log2(to - at))
    nodes.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return nodes
}

/** The root over a range from the hashes of `nodesOf`; of no nodes the empty root. */
export function rootOver(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right))
}

/** The largest power of two below `size`: where RFC 6962 splits a tree of more than one leaf. */
function split(size: number): number {
  const power = 2 ** Math.floor(Math.log2(size))
  return power === size ? size / 2 : power
}

/** What an inclusion proof consists of, PATH(m, D[n]) of RFC 6962 §2.1.1, as the ranges whose roots it lists. */
export function inclusionRanges(index: number, size: number): Range[] {
  return path(index, { from: 0, to: size })
}

function path(index: number, { from, to }: Range): Range[] {
  if (to - from <= 1) return []
  const middle = from + split(to - from)
  const [left, right] = [
    { from, to: middle },
    { from: middle, to },
  ]
  return index < middle ? [...path(index, left), right] : [...path(index, right), left]
}

/** What a consistency proof consists of, PROOF(m, D[n]) of RFC 6962 §2.1.2, likewise. Nothing from an empty or equal tree. */
export function consistencyRanges(former: number, size: number): Range[] {
  return former === 0 || former === size ? [] : subproof(former, { from: 0, to: size }, true)
}

function subproof(former: number, { from, to }: Range, complete: boolean): Range[] {
  if (former === to) return complete ? [] : [{ from, to }]
  const middle = from + split(to - from)
  const [left, right] = [
    { from, to: middle },
    { from: middle, to },
  ]
  return former <= middle ? [...subproof(former, left, complete), right] : [...subproof(former, right, false), left]
}
