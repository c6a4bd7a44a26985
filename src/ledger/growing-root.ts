import { nodeHash, rootOver } from './merkle.ts'

/** The root of a tree that grows leaf by leaf, from the complete subtrees so far: what a check reads the log with, once. */
export interface GrowingRoot {
  add(leaf: Uint8Array): void
  root(): Uint8Array
  size(): number
}

export function growingRoot(): GrowingRoot {
  const subtrees: { leaves: number; hash: Uint8Array }[] = []
  let size = 0
  return {
    add(leaf) {
      let last = { leaves: 1, hash: leaf }
      while (subtrees.at(-1)?.leaves === last.leaves) {
        const left = subtrees.pop()!
        last = { leaves: left.leaves * 2, hash: nodeHash(left.hash, last.hash) }
      }
      subtrees.push(last)
      size++
    },
    root: () => rootOver(subtrees.map(({ hash }) => hash)),
    size: () => size,
  }
}
