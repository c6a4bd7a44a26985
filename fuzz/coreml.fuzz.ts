import { readCoreml } from '../src/read/coreml.ts'
import type { Siblings } from '../src/read/source.ts'
import { memorySource } from '../src/read/source.ts'
import {
  blobFile,
  blobValue,
  constant,
  floatWeights,
  innerProduct,
  linearWeights,
  MIL,
  network,
  program,
  tableWeights,
} from '../test/builders/coreml.ts'
import { floats } from '../test/builders/protobuf.ts'
import { readsSoundly } from './invariant.ts'

export const seeds = [
  network(innerProduct(2, 2, floatWeights(1, 2, 3, 4))),
  network(innerProduct(2, 2, linearWeights(Uint8Array.of(1, 2), 4, [1, 2], [0, 1]))),
  network(innerProduct(2, 2, tableWeights(Uint8Array.of(0b11100100), 2, [1, 2, 3, 4]))),
  program(constant('w', blobValue(MIL.f32, [2, 2], 64))),
]

const blobs = blobFile(floats(1, 2, 3, 4))
const siblings: Siblings = { open: (name) => memorySource(name, blobs) }

export function fuzzCoreml(bytes: Uint8Array): void {
  readsSoundly(() => readCoreml(memorySource('input.mlmodel', bytes), siblings))
}
