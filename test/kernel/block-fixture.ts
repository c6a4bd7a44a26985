import { BLOCK_LAYOUTS, type BlockScheme } from '../../src/contract/block-scheme.ts'

/** Where a block of each scheme keeps its f16 scales and minima, by byte; MXFP4 has an exponent in byte 0 instead. */
const HALVES: Record<BlockScheme, number[]> = {
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q2_K: [80, 82],
  Q3_K: [108],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
  IQ4_NL: [0],
  IQ4_XS: [0],
  TQ1_0: [52],
  TQ2_0: [64],
  MXFP4: [],
}

/** Blocks of random numbers under scales of 2⁻⁷ to 2⁻⁶, some of them negative; the same for the same seed. */
export function randomBlocks(scheme: BlockScheme, elements: number, seed = 1): Uint8Array {
  const layout = BLOCK_LAYOUTS[scheme]
  const bytes = new Uint8Array((elements / layout.elements) * layout.bytes)
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 16
  }
  for (let i = 0; i < bytes.length; i++) bytes[i] = random() & 255
  for (let at = 0; at < bytes.length; at += layout.bytes) {
    for (const half of HALVES[scheme]) putHalf(bytes, at + half, 0x2000 | (random() & 0x83ff))
    if (scheme === 'MXFP4') bytes[at] = 118 + (random() & 3)
  }
  return bytes
}

/** Every scale of the block at byte `at`. */
export function putScale(scheme: BlockScheme, bytes: Uint8Array, at: number, half: number): void {
  for (const place of HALVES[scheme]) putHalf(bytes, at + place, half)
}

function putHalf(bytes: Uint8Array, at: number, half: number): void {
  bytes[at] = half & 255
  bytes[at + 1] = half >> 8
}
