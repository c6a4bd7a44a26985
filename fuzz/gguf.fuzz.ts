import { readGguf } from '../src/read/gguf.ts'
import { memorySource } from '../src/read/source.ts'
import { attention, counting, ggufFile } from '../test/builders/gguf.ts'
import { everywhere, readsSoundly } from './invariant.ts'

const q8 = { name: 'blk.0.attn_k.weight', shape: [8, 32], type: 8, data: new Uint8Array(8 * 34) }

export const seeds = [
  ggufFile({ metadata: attention(2, 1), tensors: [counting('blk.0.attn_q.weight', [8, 4]), q8] }),
  ggufFile({
    metadata: { words: ['a', 'b'], list: [1, 2] },
    tensors: [counting('blk.0.ffn_up_exps.weight', [2, 2, 2])],
  }),
  ggufFile({ metadata: { 'split.count': 2, 'split.no': 0 }, tensors: [counting('a', [4])] }),
]

export function fuzzGguf(bytes: Uint8Array): void {
  readsSoundly(() => readGguf(memorySource('m-00001-of-00002.gguf', bytes), everywhere(bytes)))
}
