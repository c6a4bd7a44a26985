import { joined, u32 } from './gguf.ts'

/** Width 8, 2 layers, 2 heads of 4, 1 of them for k and v, 6 hidden, 5 tokens, 3 positions. */
export const TINY = { width: 8, hidden: 6, layers: 2, heads: 2, keyHeads: 1, vocabulary: 5, sequence: 3 }

/** Floats of a legacy file of these numbers, rotary tables and all. */
export function legacyFloats({ width, hidden, layers, vocabulary, sequence }: typeof TINY, shared: boolean): number {
  const keys = width / 2
  const layer = 2 * width + 2 * width * width + 2 * keys * width + 3 * width * hidden
  return vocabulary * width * (shared ? 1 : 2) + layers * layer + width + sequence * (width / 2)
}

/** A legacy file whose weights count 0, 1, 2 … */
export function legacyFile(shared = true, numbers = TINY): Uint8Array<ArrayBuffer> {
  const vocabulary = shared ? numbers.vocabulary : -numbers.vocabulary
  const floats = Float32Array.from({ length: legacyFloats(numbers, shared) }, (_, i) => i)
  return joined([header({ ...numbers, vocabulary }), new Uint8Array(floats.buffer)])
}

/** A file of version 1 or 2 with so many bytes of weights, which count 0, 1, 2 … */
export function versionFile(
  version: number,
  bytes: Uint8Array,
  { group = 0, numbers = TINY } = {},
): Uint8Array<ArrayBuffer> {
  const head = joined([u32(0x616b3432), u32(version), header(numbers), Uint8Array.of(1), u32(group)])
  return joined([head, new Uint8Array(256 - head.length), bytes])
}

function header({ width, hidden, layers, heads, keyHeads, vocabulary, sequence }: typeof TINY): Uint8Array {
  return new Uint8Array(Int32Array.of(width, hidden, layers, heads, keyHeads, vocabulary, sequence).buffer)
}
