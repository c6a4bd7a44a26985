import { readLlama2c } from '../src/read/llama2c.ts'
import { memorySource } from '../src/read/source.ts'
import { legacyFile, versionFile } from '../test/builders/llama2c.ts'
import { readsSoundly } from './invariant.ts'

export const seeds = [
  legacyFile(),
  legacyFile(false),
  versionFile(1, new Uint8Array(3_000)),
  versionFile(2, new Uint8Array(3_000), { group: 2 }),
]

export function fuzzLlama2c(bytes: Uint8Array): void {
  readsSoundly(() => readLlama2c(memorySource('input.bin', bytes)))
}
