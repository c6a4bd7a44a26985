import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MAX_INPUT_BYTES } from './mutate.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Small inputs are changed where it counts more often. */
const MAX_SEED_BYTES = Math.min(MAX_INPUT_BYTES, 256 * 1024)

/** Fixtures that a target can begin with, where they are not in the folder of its own name. */
const FIXTURES: Readonly<Record<string, { folder: string; pattern: RegExp }>> = {
  safetensors: { folder: 'packed', pattern: /\.safetensors$/ },
  onnx: { folder: 'onnx', pattern: /\.onnx$/ },
}

/** What a target begins with: its own seeds, fixtures, and inputs that once were findings (`fuzz/corpus/<target>/`). */
export function corpusOf(target: string, seeds: readonly Uint8Array[]): Uint8Array[] {
  const { folder, pattern } = FIXTURES[target] ?? { folder: target, pattern: /^(?!.*\.(?:py|json|md|txt)$)/ }
  const files = [
    ...filesIn(join(HERE, '../test/fixtures', folder)).filter((path) => pattern.test(path)),
    ...filesIn(join(HERE, 'corpus', target)),
  ]
  const read = files.map((path) => new Uint8Array(readFileSync(path)))
  const all = [...seeds, ...read.filter((bytes) => bytes.length <= MAX_SEED_BYTES)]
  return all.length > 0 ? all : [new Uint8Array(64)]
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  } catch {
    return []
  }
}
