import { readShardedSafetensors } from '../src/read/safetensors-index.ts'
import { memorySource } from '../src/read/source.ts'
import { safetensors, safetensorsIndex } from '../test/builders/safetensors.ts'
import { everywhere, readsSoundly } from './invariant.ts'

const shard = safetensors({ a: { shape: [4, 4] }, b: { shape: [2, 2] } })

export const seeds = [
  safetensorsIndex({ a: 'one.safetensors', b: 'one.safetensors' }),
  safetensorsIndex({ a: 'one.safetensors', b: 'two.safetensors' }),
].map((text) => new Uint8Array(Buffer.from(text)))

export function fuzzSafetensorsIndex(bytes: Uint8Array): void {
  readsSoundly(() => readShardedSafetensors(memorySource('input.safetensors.index.json', bytes), everywhere(shard)))
}
