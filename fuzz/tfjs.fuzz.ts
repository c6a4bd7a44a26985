import { memorySource } from '../src/read/source.ts'
import { readTfjs } from '../src/read/tfjs.ts'
import { graph, layers, modelJson } from '../test/builders/tfjs.ts'
import { everywhere, readsSoundly } from './invariant.ts'

const shards = [new Uint8Array(256)]
const weights = [
  { name: 'dense/kernel', shape: [4, 8] },
  { name: 'dense/bias', shape: [8] },
  { name: 'q', shape: [96], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -3 } },
]

export const seeds = [
  modelJson({ weights: weights.slice(0, 1), shards: [new Uint8Array(128)] }),
  modelJson({ weights, shards, topology: layers({ class: 'Dense', name: 'dense' }) }),
  modelJson({
    weights,
    shards,
    topology: graph([
      { name: 'dense/kernel', op: 'Const' },
      { name: 'y', op: 'MatMul', input: ['x', 'dense/kernel'] },
    ]),
    more: { format: 'graph-model' },
  }),
]

export function fuzzTfjs(bytes: Uint8Array): void {
  readsSoundly(() => readTfjs(memorySource('model.json', bytes), everywhere(shards[0]!)))
}
