import { readPytorch } from '../src/read/pytorch.ts'
import { memorySource } from '../src/read/source.ts'
import { checkpoint, dict, pickle, pickledTensor } from '../test/builders/pickle.ts'
import { noSiblings, readsSoundly } from './invariant.ts'

const tensor = pickledTensor({ offset: 1, shape: [1, 2] })

export const seeds = [
  pickle(dict({ w: pickledTensor(), list: [tensor, { tuple: [tensor] }] })),
  pickle({ call: { global: 'my.Net' }, args: [], state: dict({ _parameters: dict({ w: tensor }) }) }),
  pickle({ call: { global: 'torch._utils._rebuild_parameter' }, args: [tensor, true, null] }),
]

/** The pickle of a checkpoint whose archive is sound, so that changes reach what lies behind the archive. */
export function fuzzPytorchPickle(bytes: Uint8Array): void {
  readsSoundly(() => readPytorch(memorySource('input.pt', checkpoint(bytes)), noSiblings))
}
