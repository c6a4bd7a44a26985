import type { Member } from './container.ts'
import { MAX_BUNDLE_BYTES, MAX_BUNDLE_MODELS } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'
import { hasIdentifier } from './tflite-model.ts'

/** Packages that keep TensorFlow Lite models one after the other, such as MediaPipe's for browsers. */
const BUNDLE_NAME = /\.(data|task|binarypb|tflite)$/i

/** The FlatBuffers identifier, which stands behind the four bytes that say where the root table is. */
const IDENTIFIER = 'TFL3'
const IDENTIFIER_AT = 4

/** Overlapping by what lets an identifier straddle two pieces. */
const PIECE_BYTES = 1024 * 1024
const OVERLAP = 8

/** Whether a file's name allows models at some offset inside it. A model alone is not a bundle; see `bundleMembers`. */
function hasBundleName(name: string): boolean {
  return BUNDLE_NAME.test(name)
}

/** Whether there are models in a file of such a name other than the one that it is itself. */
export function isBundle(source: ByteSource): boolean {
  if (!hasBundleName(source.path) || source.size > MAX_BUNDLE_BYTES) return false
  for (const start of beginnings(source)) if (start > 0) return true
  return false
}

/**
 * The models of a bundle as `offset-<n>`, each up to the next one or the end: a FlatBuffer does not say how long it is. Only
 * likely beginnings: whether one is a model is seen when it is read. Empty for files larger than packages are.
 */
export function* bundleMembers(source: ByteSource): Generator<Member> {
  if (source.size > MAX_BUNDLE_BYTES) return
  let start = -1
  let count = 0
  for (const next of beginnings(source)) {
    if (start >= 0) yield memberAt(start, next)
    if (++count > MAX_BUNDLE_MODELS)
      throw readError(source.path, 'limit', {
        what: 'models in one file',
        value: `${count}`,
        limit: `${MAX_BUNDLE_MODELS}`,
      })
    start = next
  }
  if (start >= 0) yield memberAt(start, source.size)
}

function memberAt(start: number, end: number): Member {
  return { name: `offset-${start}`, size: end - start, place: { kind: 'range', offset: start } }
}

function* beginnings(source: ByteSource): Generator<number> {
  for (let at = 0; at < source.size; at += PIECE_BYTES) {
    const bytes = readBytes(source, at, Math.min(PIECE_BYTES + OVERLAP - 1, source.size - at), 'bundle')
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let hit = text.indexOf(IDENTIFIER); hit >= 0; hit = text.indexOf(IDENTIFIER, hit + 1)) {
      const start = hit - IDENTIFIER_AT
      if (start >= 0 && start < PIECE_BYTES && isBeginning(source, at + start)) yield at + start
    }
  }
}

/** The least that a table or a vtable takes. */
const LEAST_TABLE = 4

/** A model has its root table inside it, and that its vtable. Packages align models to nothing. */
function isBeginning(source: ByteSource, start: number): boolean {
  const head = readBytes(source, start, 8, 'bundle')
  if (!hasIdentifier(head)) return false
  const root = new DataView(head.buffer, head.byteOffset).getUint32(0, true)
  if (root < 8 || root > source.size - start - LEAST_TABLE) return false
  const table = readBytes(source, start + root, 4, 'bundle')
  const vtable = root - new DataView(table.buffer, table.byteOffset).getInt32(0, true)
  return vtable >= 8 && vtable <= source.size - start - LEAST_TABLE
}
