import { readNpy } from '../src/read/npy.ts'
import { looksLikeNpy } from '../src/read/npy-header.ts'
import { readNpz } from '../src/read/npz.ts'
import { memorySource } from '../src/read/source.ts'
import { readsSoundly } from './invariant.ts'

export const seeds: Uint8Array[] = []

/** An array, or an archive of them. */
export function fuzzNumpy(bytes: Uint8Array): void {
  const source = memorySource('input', bytes)
  readsSoundly(() => (looksLikeNpy('input', bytes) ? readNpy(source) : readNpz(source)))
}
