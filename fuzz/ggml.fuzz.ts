import { readGgml } from '../src/read/ggml.ts'
import { memorySource } from '../src/read/source.ts'
import { ggmlFile } from '../test/builders/ggml.ts'
import { counting } from '../test/builders/gguf.ts'
import { readsSoundly } from './invariant.ts'

export const seeds = [ggmlFile({ tensors: [counting('a', [2, 3]), counting('b', [4])] })]

export function fuzzGgml(bytes: Uint8Array): void {
  readsSoundly(() => readGgml(memorySource('ggml.bin', bytes)))
}
