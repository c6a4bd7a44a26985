import { readPytorch } from '../src/read/pytorch.ts'
import { memorySource } from '../src/read/source.ts'
import { checkpoint, dict, pickle, pickledTensor } from '../test/builders/pickle.ts'
import { noSiblings, readsSoundly } from './invariant.ts'

export const seeds = [
  checkpoint(pickle(dict({ w: pickledTensor(), turned: pickledTensor({ shape: [2, 2], stride: [1, 2] }) }))),
  checkpoint(pickle([pickledTensor({ class: 'HalfStorage', elements: 8, shape: [8] }), pickledTensor({ shape: [] })])),
]

export function fuzzPytorch(bytes: Uint8Array): void {
  readsSoundly(() => readPytorch(memorySource('input.pt', bytes), noSiblings))
}
