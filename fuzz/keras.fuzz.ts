import { readKeras } from '../src/read/keras.ts'
import { memorySource } from '../src/read/source.ts'
import { arena, chunked, chunkTree, compact, dataspace, float32, oneVariable, put } from '../test/builders/hdf5.ts'
import { floats } from '../test/builders/protobuf.ts'
import { noSiblings, readsSoundly } from './invariant.ts'

function chunks(): Uint8Array {
  const file = arena()
  const at = put(file, floats(1, 2, 3, 4))
  const tree = put(file, chunkTree(0, { bytes: 16, origin: [0, 0], address: at }))
  return oneVariable(file, dataspace(3, 3), float32, chunked(tree, 2, 2))
}

export const seeds = [oneVariable(arena(), dataspace(2, 2), float32, compact(floats(1, 2, 3, 4))), chunks()]

export function fuzzKeras(bytes: Uint8Array): void {
  readsSoundly(() => readKeras(memorySource('input.h5', bytes), noSiblings))
}
