import type { Siblings } from '../src/read/source.ts'
import { memorySource } from '../src/read/source.ts'
import { readTfCheckpoint } from '../src/read/tf-checkpoint.ts'
import { readFrozenGraph, readSavedModel } from '../src/read/tf-saved-model.ts'
import { endsLikeTable } from '../src/read/tf-table.ts'
import { bytesField, floats } from '../test/builders/protobuf.ts'
import { constant, graph, node, oneEntry, savedModel } from '../test/builders/tensorflow.ts'
import { readsSoundly } from './invariant.ts'

const small = graph(constant('w', 1, [2, 3], bytesField(4, floats(1, 2, 3, 4, 5, 6))), node('y', 'MatMul', ['x', 'w']))

export const seeds = [oneEntry({}), small, savedModel(small)]

/** Data of zeros under every name: what a checkpoint says of it is what is tried here. */
const zeros: Siblings = { open: (name) => memorySource(name, new Uint8Array(4_096)) }

export function fuzzTensorflow(bytes: Uint8Array): void {
  const source = (name: string) => memorySource(name, bytes)
  if (endsLikeTable(source('input.index'))) {
    readsSoundly(() => readTfCheckpoint(source('input.index'), zeros))
    return
  }
  readsSoundly(() => readSavedModel(source('saved_model.pb'), zeros))
  readsSoundly(() => readFrozenGraph(source('input.pb'), zeros))
}
