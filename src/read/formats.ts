import { posix } from 'node:path'
import { looksLikeCoreml, readCoreml } from './coreml.ts'
import { looksLikeGgml, readGgml } from './ggml.ts'
import { looksLikeGguf, readGguf } from './gguf.ts'
import { looksLikeHdf5 } from './hdf5-file.ts'
import { readKeras } from './keras.ts'
import { hasKerasWeights } from './keras-hdf5.ts'
import { lfsPointerBytes } from './lfs-pointer.ts'
import { MAX_HEADER_BYTES } from './limits.ts'
import { isLlama2c, looksLikeLlama2c, readLlama2c } from './llama2c.ts'
import type { Format, Reader } from './model-file.ts'
import { readNpy } from './npy.ts'
import { looksLikeNpy } from './npy-header.ts'
import { readNpz } from './npz.ts'
import { looksLikeOllama, ollamaReader } from './ollama.ts'
import { looksLikeOnnx, readOnnx } from './onnx.ts'
import { looksLikePickle, readPlainPickle } from './plain-pickle.ts'
import { PYTORCH_NAME, readPytorch } from './pytorch.ts'
import { isPytorchIndexName, readShardedPytorch } from './pytorch-index.ts'
import { looksLikeLegacyPytorch, looksLikeTarPytorch } from './pytorch-legacy.ts'
import { looksLikeSafetensors, readSafetensors } from './safetensors.ts'
import { isSafetensorsIndexName, readShardedSafetensors } from './safetensors-index.ts'
import { type ByteSource, readBytes } from './source.ts'
import { isCheckpointName, readTfCheckpoint } from './tf-checkpoint.ts'
import { isSavedModelName, looksLikeGraph, readFrozenGraph, readSavedModel } from './tf-saved-model.ts'
import { endsLikeTable } from './tf-table.ts'
import { looksLikeTfjs, readTfjs } from './tfjs.ts'
import { looksLikeTfjsModule, MAX_MODULE_BYTES, readTfjsModules } from './tfjs-javascript.ts'
import { looksLikeTflite, readTflite } from './tflite.ts'
import { looksLikeZip } from './zip.ts'
import { type ZipKind, zipKind } from './zip-kind.ts'

export interface FormatRow {
  format: Format
  /** By content (`head`: the first 4 KiB at most) where the format has marks of its own, so that a renamed file is found. */
  recognises(name: string, head: Uint8Array): boolean
  /** Where the head is not enough: whether the file is one. If not, the next row is asked. */
  confirms?(source: ByteSource): boolean
  /** A file so named that no row recognises is a broken one of this format, not an unknown one; null: names tell nothing. */
  named: RegExp | null
  read: Reader
}

/** Asked in this order: certain marks first; ONNX, whose protobuf has no magic number, last. */
const FORMATS: readonly FormatRow[] = [
  { format: 'safetensors', recognises: isSafetensorsIndexName, named: null, read: readShardedSafetensors },
  { format: 'safetensors', recognises: looksLikeSafetensors, named: /\.safetensors$/i, read: readSafetensors },
  { format: 'gguf', recognises: looksLikeOllama, named: null, read: ollamaReader(readGguf) },
  { format: 'gguf', recognises: looksLikeGguf, named: /\.gguf$/i, read: readGguf },
  { format: 'ggml', recognises: looksLikeGgml, named: null, read: readGgml },
  { format: 'tflite', recognises: looksLikeTflite, named: /\.tflite$/i, read: readTflite },
  { format: 'tfjs', recognises: looksLikeTfjs, named: null, read: readTfjs },
  { format: 'tfjs', recognises: looksLikeTfjsModule, named: null, read: readTfjsModules },
  {
    format: 'keras',
    recognises: looksLikeHdf5,
    confirms: hasKerasWeights,
    named: /\.(?:weights\.h5|keras)$/i,
    read: readKeras,
  },
  { format: 'keras', recognises: looksLikeZip, confirms: isZip('keras'), named: null, read: readKeras },
  { format: 'pytorch', recognises: isPytorchIndexName, named: null, read: readShardedPytorch },
  { format: 'pytorch', recognises: looksLikeZip, confirms: isZip('pytorch'), named: PYTORCH_NAME, read: readPytorch },
  { format: 'pytorch', recognises: looksLikeLegacyPytorch, named: null, read: readPytorch },
  { format: 'pytorch', recognises: looksLikeTarPytorch, named: null, read: readPytorch },
  { format: 'numpy', recognises: looksLikeZip, confirms: isZip('numpy'), named: /\.npz$/i, read: readNpz },
  { format: 'numpy', recognises: looksLikeNpy, named: /\.npy$/i, read: readNpy },
  { format: 'pickle', recognises: looksLikePickle, named: null, read: readPlainPickle },
  { format: 'llama2c', recognises: looksLikeLlama2c, confirms: isLlama2c, named: null, read: readLlama2c },
  { format: 'tensorflow', recognises: isSavedModelName, named: /(?:^|\/)saved_model\.pb$/i, read: readSavedModel },
  {
    format: 'tensorflow',
    recognises: isCheckpointName,
    confirms: endsLikeTable,
    named: /(?:^|\/)(?:variables|[^/]*\.ckpt(?:-\d+)?)\.index$/i,
    read: readTfCheckpoint,
  },
  { format: 'tensorflow', recognises: looksLikeGraph, named: null, read: readFrozenGraph },
  { format: 'coreml', recognises: looksLikeCoreml, named: /\.mlmodel$/i, read: readCoreml },
  { format: 'onnx', recognises: looksLikeOnnx, named: /\.onnx$/i, read: readOnnx },
]

/** Several formats are zip archives; what lies in one tells which. */
function isZip(kind: ZipKind): (source: ByteSource) => boolean {
  return (source) => zipKind(source) === kind
}

/** Longer than the fixed beginning of any format here, and one page to read. */
const HEAD_BYTES = 4_096

/** The row that reads a file, or null for a file that is no model. */
export function recognise(
  name: string,
  head: Uint8Array,
  confirmed: (row: FormatRow) => boolean = () => true,
): FormatRow | null {
  const byContent = FORMATS.find((row) => row.recognises(name, head) && confirmed(row))
  return byContent ?? FORMATS.find((row) => row.named?.test(name)) ?? null
}

/** Whether the name alone says that this ought to be a model. */
export function hasModelName(name: string): boolean {
  return isSafetensorsIndexName(name) || isPytorchIndexName(name) || FORMATS.some((row) => row.named?.test(name))
}

/**
 * Whether a recognised file surely is of its format. Without its name ONNX is not: a TensorFlow saved_model.pb begins with
 * the same bytes, and raw weights can by chance. A TensorFlow graph is a protobuf like any other. A JavaScript module may
 * just speak of models.
 */
export function isCertain(format: Format, name: string): boolean {
  if (format === 'tfjs') return !looksLikeTfjsModule(name)
  if (format === 'tensorflow') return hasModelName(name) || isCheckpointName(name)
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
  const row = recognise(name, head, ({ confirms }) => confirms?.(source) ?? true)
  if (row === null || (row.format === 'tfjs' && !namesWeights(source))) return { kind: 'unknown' }
  return { kind: 'model', row }
}

/**
 * A topology alone, or a mere mention of the format, is no model: its weights are named after the topology, which can be
 * megabytes long. JSON beyond what the reader takes is left to it to refuse.
 */
function namesWeights(source: ByteSource): boolean {
  if (looksLikeTfjsModule(source.path)) return source.size <= MAX_MODULE_BYTES && contains(source, 'weightsManifest')
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
