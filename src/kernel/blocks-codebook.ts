import { halfAt } from './decode.ts'

/**
 * Blocks whose stored numbers are places in a short list of levels (ggml-common.h). Where levels are unevenly spaced, `step`
 * is the root mean square of their gaps, as if values fell into every gap equally often: that is what such lists are
 * chosen for. Decoders as `BlockDecoder` in blocks.ts says.
 */

/** ggml's kvalues_iq4nl. */
const IQ4_LEVELS = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113] as const
const IQ4_GAP = rootMeanSquareGap(IQ4_LEVELS)

/** Twice the values of an FP4 E2M1 number (OCP Microscaling Formats 1.0, table 5). */
const FP4_LEVELS = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12] as const
const FP4_GAP = rootMeanSquareGap([...new Set(FP4_LEVELS)].sort((a, b) => a - b))

/** d, then halves as in Q4_0. */
export function decodeIq4nl(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  decodeLevels(bytes, at + 2, values, to, d, IQ4_LEVELS)
  return 32 * (d * IQ4_GAP) ** 2
}

/** d, 2 bytes of upper two bits of the scales, 4 bytes of low halves of them (32 stands for zero), then as eight IQ4_NL. */
export function decodeIq4xs(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at)
  const upper = bytes[at + 2]! | (bytes[at + 3]! << 8)
  let squares = 0
  for (let part = 0; part < 8; part++) {
    const low = (bytes[at + 4 + (part >> 1)]! >> (4 * (part & 1))) & 15
    const scale = Math.fround(d * ((low | (((upper >> (2 * part)) & 3) << 4)) - 32))
    decodeLevels(bytes, at + 8 + 16 * part, values, to + 32 * part, scale, IQ4_LEVELS)
    squares += 32 * (scale * IQ4_GAP) ** 2
  }
  return squares
}

/** A byte that is the exponent of half the scale, then halves as in Q4_0. */
export function decodeMxfp4(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = 2 ** (bytes[at]! - 128)
  decodeLevels(bytes, at + 1, values, to, d, FP4_LEVELS)
  return 32 * (d * FP4_GAP) ** 2
}

/**
 * 48 bytes of five base-3 digits, 4 bytes of four, d. A byte q holds the fraction q/256 ≈ Σ digit · 3⁻ᵏ, so that multiplying by 3ᵏ
 * (mod 256) and then by 3 brings digit k above the point. The first 32 bytes lie side by side, then 16, then the 4.
 */
export function decodeTq1(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at + 52)
  let next = to
  for (const [first, width, digits] of TERNARY_PARTS)
    for (let digit = 0; digit < digits; digit++)
      for (let i = 0; i < width; i++) {
        const raised = (bytes[at + first + i]! * 3 ** digit) & 255
        values[next++] = (((raised * 3) >> 8) - 1) * d
      }
  return 256 * d * d
}

/** First byte, bytes side by side, digits of each. */
const TERNARY_PARTS = [
  [0, 32, 5],
  [32, 16, 5],
  [48, 4, 4],
] as const

/** 64 bytes of 2-bit values, laid out as in Q2_K (1 stands for zero), d. */
export function decodeTq2(bytes: Uint8Array, at: number, values: Float32Array, to: number): number {
  const d = halfAt(bytes, at + 64)
  for (let i = 0; i < 256; i++) {
    const packed = bytes[at + 32 * (i >> 7) + (i & 31)]!
    values[to + i] = (((packed >> (2 * ((i >> 5) & 3))) & 3) - 1) * d
  }
  return 256 * d * d
}

function decodeLevels(
  bytes: Uint8Array,
  from: number,
  values: Float32Array,
  to: number,
  scale: number,
  levels: readonly number[],
): void {
  for (let i = 0; i < 16; i++) {
    const both = bytes[from + i]!
    values[to + i] = levels[both & 15]! * scale
    values[to + 16 + i] = levels[both >> 4]! * scale
  }
}

function rootMeanSquareGap(levels: readonly number[]): number {
  const gaps = levels.slice(1).map((level, i) => level - levels[i]!)
  return Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length)
}
