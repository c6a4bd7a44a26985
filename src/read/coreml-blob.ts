import type { CoremlFile } from './coreml-file.ts'
import type { MilType } from './coreml-types.ts'
import { MAX_FILES } from './limits.ts'
import type { ByteRange } from './model-file.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'

/** A header of 64 bytes with count and version, then for each blob 64 bytes of metadata, wherever it stands. */
const RECORD_BYTES = 64
const SENTINEL = 0xdeadbeef
const VERSION = 2

/** What names in a program are relative to: the folder of its model file. */
const MODEL_PATH = /^@model_path\//

/**
 * Where a blob's elements lie in its file (MILBlob storage version 2). Throws `malformed` unless the record at `at` is one and
 * has the type and the size that the program says; `truncated`, and what `siblings.open` throws.
 */
export function blobRange(model: CoremlFile, fileName: string, at: number, type: MilType, bytes: number): ByteRange {
  const file = openBlobs(model, fileName)
  const source = model.files[file]!
  checkRange(source, at, RECORD_BYTES, 'blob record')
  const record = new DataView(readBytes(source, at, RECORD_BYTES, 'blob record').buffer)
  const malformed = (reason: string) => readError(source.path, 'malformed', { what: 'blob record', reason, offset: at })
  if (record.getUint32(0, true) !== SENTINEL) throw malformed('no sentinel')
  if (record.getUint32(4, true) !== type.blob) throw malformed(`elements of type ${record.getUint32(4, true)}`)
  const size = Number(record.getBigUint64(8, true))
  const offset = Number(record.getBigUint64(16, true))
  if (size !== bytes) throw malformed(`${size} bytes where its shape takes ${bytes}`)
  checkRange(source, offset, size, 'blob')
  return { file, offset, length: size }
}

function openBlobs(model: CoremlFile, fileName: string): number {
  const known = model.fileNumbers.get(fileName)
  if (known !== undefined) return known
  if (model.files.length >= MAX_FILES)
    throw readError(model.wire.source.path, 'limit', {
      what: 'files of blobs',
      value: String(model.files.length),
      limit: String(MAX_FILES),
    })
  const source = model.siblings.open(fileName.replace(MODEL_PATH, ''))
  const number = model.files.push(source) - 1
  checkVersion(source)
  model.fileNumbers.set(fileName, number)
  return number
}

function checkVersion(source: ByteSource): void {
  checkRange(source, 0, RECORD_BYTES, 'blob file header')
  const version = new DataView(readBytes(source, 0, RECORD_BYTES, 'blob file header').buffer).getUint32(4, true)
  if (version !== VERSION)
    throw readError(source.path, 'unsupported', { what: 'blob file version', value: String(version) })
}
