import { Blake3Hasher } from '@napi-rs/blake-hash'
import {
  BF16,
  type ExactElement,
  F16,
  F32,
  F64,
  f16ToF32Word,
  f32WordToF16,
  fittingTypes,
  narrowest,
} from '../kernel/exact.ts'
import type { Matrix } from './canonical.ts'

/** What a float tensor's values are given as. Narrower stored types are widened to f32 before they get here. */
export type FloatElement = 'bf16' | 'f16' | 'f32' | 'f64'

/** Bytes hashed as they are: `head` first, then the chunks. */
export interface RawDigest {
  update(bytes: Uint8Array): void
  finish(): string
}

export function rawDigest(head: string): RawDigest {
  const hasher = new Blake3Hasher().update(`yukue.tensor/1 ${head}\n`)
  return {
    update: (bytes) => void hasher.update(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    finish: () => hasher.digest('hex'),
  }
}

/**
 * The digest of a float tensor: canonical shape and values in the narrowest of bf16, f16, f32, f64 that holds all of them.
 * Which one that is shows only at the end: the first chunk's is assumed, and when a later chunk needs a wider one, `finish`
 * says which, and the caller passes the values once more with it given.
 */
export interface FloatDigest {
  /** Takes row-major values that `canonicalise` (exact.ts) has been over. */
  update(bytes: Uint8Array): void
  finish(): { exact: ExactElement; digest: string | null }
}

export function floatDigest(matrix: Matrix, element: FloatElement, known?: ExactElement): FloatDigest {
  let flags = BF16 | F16 | F32 | F64
  let assumed = known
  let digest: RawDigest | undefined
  const start = (type: ExactElement) => rawDigest(`${type} ${matrix.rows}x${matrix.columns}`)
  return {
    update(bytes) {
      flags &= fittingTypes(bytes, element)
      assumed ??= narrowest(flags)
      if (narrowest(flags) !== assumed && !known) return
      digest ??= start(assumed)
      digest.update(assumed === element ? bytes : convert(bytes, element, assumed))
    },
    finish() {
      const exact = known ?? narrowest(flags)
      // a tensor without elements never had an update
      assumed ??= exact
      digest ??= start(assumed)
      return { exact, digest: exact === assumed ? digest.finish() : null }
    },
  }
}

/** The values in `to`, which holds them exactly. */
function convert(bytes: Uint8Array, from: FloatElement, to: ExactElement): Uint8Array {
  const words = asWords(bytes, from)
  if (to === 'f32') return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const halves = Uint16Array.from(words, to === 'bf16' ? (word) => word >>> 16 : f32WordToF16)
  return new Uint8Array(halves.buffer)
}

/** The values as binary32 words. */
function asWords(bytes: Uint8Array, from: FloatElement): Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes
  if (from === 'f32') return new Uint32Array(buffer, byteOffset, byteLength / 4)
  if (from === 'f64')
    return new Uint32Array(Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8)).buffer)
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2)
  return Uint32Array.from(halves, from === 'f16' ? f16ToF32Word : (half) => half << 16)
}
