import { isNpz } from './npz.ts'
import { checkpointFolder } from './pytorch-zip.ts'
import { ReadError } from './read-error.ts'
import type { ByteSource } from './source.ts'
import { readZip, type ZipDirectory } from './zip.ts'

/** `archive`: of anything else. `broken`: no archive whose directory can be read. */
export type ZipKind = 'pytorch' | 'numpy' | 'keras' | 'archive' | 'broken'

/** Several formats ask of one file; a long directory is read only once. */
const known = new WeakMap<ByteSource, ZipKind>()

/** What a zip archive is, by the names of its members. Reads the directory only. */
export function zipKind(source: ByteSource): ZipKind {
  const kind = known.get(source) ?? kindOf(source)
  known.set(source, kind)
  return kind
}

function kindOf(source: ByteSource): ZipKind {
  const zip = tryZip(source)
  if (zip === null) return 'broken'
  if (checkpointFolder(zip) !== null) return 'pytorch'
  if (isNpz(zip)) return 'numpy'
  return zip.members.has('config.json') && zip.members.has('model.weights.h5') ? 'keras' : 'archive'
}

function tryZip(source: ByteSource): ZipDirectory | null {
  try {
    return readZip(source)
  } catch (error) {
    if (error instanceof ReadError) return null
    throw error
  }
}
