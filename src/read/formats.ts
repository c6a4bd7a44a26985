import { posix } from 'node:path'
import { lfsPointerBytes } from './lfs-pointer.ts'
import { MAX_HEADER_BYTES } from './limits.ts'
import type { Format, Reader } from './model-file.ts'
import { looksLikeOnnx, readOnnx } from './onnx.ts'
import { looksLikeSafetensors, readSafetensors } from './safetensors.ts'
import { isSafetensorsIndexName, readShardedSafetensors } from './safetensors-index.ts'
import { type ByteSource, readBytes } from './source.ts'
import { looksLikeTfjs, readTfjs } from './tfjs.ts'
import { looksLikeTflite, readTflite } from './tflite.ts'

export interface FormatRow {
  format: Format
  /** By content (`head`: the first 4 KiB at most) where the format has marks of its own, so that a renamed file is found. */
  recognises(name: string, head: Uint8Array): boolean
  /** A file so named that no row recognises is a broken one of this format, not an unknown one; null: names tell nothing. */
  named: RegExp | null
  read: Reader
}

/** Asked in this order: certain marks first; ONNX, whose protobuf has no magic number, last. */
const FORMATS: readonly FormatRow[] = [
  { format: 'safetensors', recognises: isSafetensorsIndexName, named: null, read: readShardedSafetensors },
  { format: 'safetensors', recognises: looksLikeSafetensors, named: /\.safetensors$/i, read: readSafetensors },
  { format: 'tflite', recognises: looksLikeTflite, named: /\.tflite$/i, read: readTflite },
  { format: 'tfjs', recognises: looksLikeTfjs, named: null, read: readTfjs },
  { format: 'onnx', recognises: looksLikeOnnx, named: /\.onnx$/i, read: readOnnx },
]

/** Longer than the fixed beginning of any format here, and one page to read. */
const HEAD_BYTES = 4_096

/** The row that reads a file, or null for a file that is no model. */
export function recognise(name: string, head: Uint8Array): FormatRow | null {
  const byContent = FORMATS.find((row) => row.recognises(name, head))
  return byContent ?? FORMATS.find((row) => row.named?.test(name)) ?? null
}

/** Whether the name alone says that this ought to be a model. */
export function hasModelName(name: string): boolean {
  return isSafetensorsIndexName(name) || FORMATS.some((row) => row.named?.test(name))
}

/**
 * Whether a recognised file surely is of its format. Without its name ONNX is not: a TensorFlow saved_model.pb begins with
 * the same bytes, and raw weights can by chance.
 */
export function isCertain(format: Format, name: string): boolean {
  return format !== 'onnx' || hasModelName(name)
}

export type Recognition =
  | { kind: 'model'; row: FormatRow }
  | { kind: 'lfs-pointer'; bytes: number }
  | { kind: 'unknown' }

/** Reads no more than the head, except of JSON that looks like a TensorFlow.js model. */
export function recogniseFile(source: ByteSource): Recognition {
  const name = posix.basename(source.path)
  const head = readBytes(source, 0, Math.min(source.size, HEAD_BYTES), 'head')
  const pointer = lfsPointerBytes(head)
  if (pointer !== null) return { kind: 'lfs-pointer', bytes: pointer }
  const row = recognise(name, head)
  if (row === null || (row.format === 'tfjs' && !namesWeights(source))) return { kind: 'unknown' }
  return { kind: 'model', row }
}

/**
 * A topology alone, or a mere mention of the format, is no model: its weights are named after the topology, which can be
 * megabytes long. JSON beyond what the reader takes is left to it to refuse.
 */
function namesWeights(source: ByteSource): boolean {
  return source.size > MAX_HEADER_BYTES || contains(source, '"weightsManifest"')
}

const PIECE_BYTES = 256 * 1024

function contains(source: ByteSource, text: string): boolean {
  for (let at = 0; at < source.size; at += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES + text.length, source.size - at)
    if (Buffer.from(readBytes(source, at, length, 'JSON').buffer).includes(text, 0, 'latin1')) return true
  }
  return false
}
