import { BLOCK_LAYOUTS, type BlockScheme } from '../contract/block-scheme.ts'
import { decodeIq4nl, decodeIq4xs, decodeMxfp4, decodeTq1, decodeTq2 } from './blocks-codebook.ts'
import { decodeQ2k, decodeQ3k, decodeQ4k, decodeQ5k, decodeQ6k } from './blocks-k.ts'
import { halfAt } from './decode.ts'

/**
 * Writes the values of the block at byte `at` from `values[to]` on, by ggml's arithmetic: every product and every difference
 * rounded to f32 on its own, as ggml-quants.c has it without fused multiply-add. Returns Σ step² over the block's
 * elements, where `step` is the distance of two neighbouring values that the element could have taken.
 */
export type BlockDecoder = (bytes: Uint8Array, at: number, values: Float32Array, to: number) => number

const blockDecoders: Readonly<Record<BlockScheme, BlockDecoder>> = {
  Q4_0: decodeQ40,
  Q4_1: decodeQ41,
  Q5_0: decodeQ50,
  Q5_1: decodeQ51,
  Q8_0: decodeQ80,
  Q2_K: decodeQ2k,
  Q3_K: decodeQ3k,
  Q4_K: decodeQ4k,
  Q5_K: decodeQ5k,
  Q6_K: decodeQ6k,
  IQ4_NL: decodeIq4nl,
  IQ4_XS: decodeIq4xs,
  TQ1_0: decodeTq1,
  TQ2_0: decodeTq2,
  MXFP4: decodeMxfp4,
}

/**
 * Fills `values`, a whole number of blocks, from the blocks at the start of `bytes`. Returns Σ step² over them; blocks whose scale is
 * not finite add nothing.
 */
export function decodeBlocks(scheme: BlockScheme, bytes: Uint8Array, values: Float32Array): number {
  const layout = BLOCK_LAYOUTS[scheme]
  const decode = blockDecoders[scheme]
  let squares = 0
  for (let at = 0, to = 0; to < values.length; at += layout.bytes, to += layout.elements) {
    const square = decode(bytes, at, values, to)
    if (Number.isFinite(square)) squares += square
  }
  return squares
}

/** d, then 32 signed bytes. */
function decodeQ80(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  for (let i = 0; i < 32; i++) values[to + i] = ((bytes[at + 2 + i]! << 24) >> 24) * d
  return 32 * d * d
}

/** d, then 16 bytes: the low halves are the first 16 elements, the high halves the rest; 8 stands for zero. */
function decodeQ40(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  for (let i = 0; i < 16; i++) {
    const both = bytes[at + 2 + i]!
    values[to + i] = ((both & 15) - 8) * d
    values[to + 16 + i] = ((both >> 4) - 8) * d
  }
  return 32 * d * d
}

/** d and the least value m, then halves as in Q4_0. */
function decodeQ41(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  const m = halfAt(bytes, at + 2)
  for (let i = 0; i < 16; i++) {
    const both = bytes[at + 4 + i]!
    values[to + i] = Math.fround((both & 15) * d) + m
    values[to + 16 + i] = Math.fround((both >> 4) * d) + m
  }
  return 32 * d * d
}

/** d, the 32 fifth bits, then halves as in Q4_0; 16 stands for zero. */
function decodeQ50(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  for (let i = 0; i < 32; i++) values[to + i] = (fiveBits(bytes, at + 2, i) - 16) * d
  return 32 * d * d
}

/** d and m as in Q4_1, fifth bits and halves as in Q5_0. */
function decodeQ51(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  const m = halfAt(bytes, at + 2)
  for (let i = 0; i < 32; i++) values[to + i] = Math.fround(fiveBits(bytes, at + 4, i) * d) + m
  return 32 * d * d
}

/** Element i of 4 bytes of fifth bits and 16 of halves. */
function fiveBits(bytes: Uint8Array, at: number, i: number): number {
  const fifth = (bytes[at + (i >> 3)]! >> (i & 7)) & 1
  const both = bytes[at + 4 + (i & 15)]!
  return (i < 16 ? both & 15 : both >> 4) | (fifth << 4)
}
