import type { Member } from './container.ts'
import { isObject, readJsonObject } from './json.ts'
import { MAX_FILES, MAX_MANIFEST_BYTES } from './limits.ts'
import { readError } from './read-error.ts'
import type { ByteSource } from './source.ts'

/** A manifest: configuration, layers, annotations; nothing in it nests deep. */
const BOUNDS = { depth: 32, keys: [{ what: 'manifest fields', limit: 1_024 }] }

/** OCI image-spec, "Pre-Defined Annotation Keys": what a layer that is a file is called; the second is ModelPack's. */
const TITLES = ['org.opencontainers.image.title', 'org.cncf.model.filepath']

/** Layers packed with Zstandard, which is not read. */
const ZSTD = /[+.]zstd?$/

/** Where an OCI image layout keeps a blob: `blobs/sha256/<digest>`. */
const BLOB = /(^|\/)blobs\/sha256\/[0-9a-f]{64}$/

/** Whether a path is that of a blob in an image layout. */
export function isBlobPath(path: string): boolean {
  return BLOB.test(path)
}

/** By place and content: a blob of an image layout that is an image manifest. */
export function looksLikeOciManifest(path: string, head: Uint8Array): boolean {
  if (!isBlobPath(path)) return false
  const text = new TextDecoder('latin1').decode(head)
  return /^\s*\{/.test(text) && /"schemaVersion"\s*:\s*2\b/.test(text) && text.includes('"layers"')
}

/**
 * The layers of an image manifest that are files of their own and say what they are called, as registries keep models. Layers
 * that are archives are blobs like any other and found where they lie, except those that cannot be read: those are told.
 */
export function* ociMembers(source: ByteSource): Generator<Member> {
  if (source.size > MAX_MANIFEST_BYTES)
    throw readError(source.path, 'limit', {
      what: 'image manifest bytes',
      value: String(source.size),
      limit: String(MAX_MANIFEST_BYTES),
    })
  const { layers } = readJsonObject(source, 0, source.size, 'image manifest', BOUNDS)
  if (!Array.isArray(layers)) return
  if (layers.length > MAX_FILES)
    throw readError(source.path, 'limit', { what: 'layers', value: `${layers.length}`, limit: `${MAX_FILES}` })
  for (const layer of layers) {
    const member = isObject(layer) ? memberOf(layer) : null
    if (member !== null) yield member
  }
}

function memberOf(layer: Record<string, unknown>): Member | null {
  const { digest, size, mediaType, annotations } = layer
  const hex = /^sha256:([0-9a-f]{64})$/.exec(String(digest))?.[1]
  if (hex === undefined || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return null
  if (typeof mediaType === 'string' && ZSTD.test(mediaType))
    return { name: hex, size, place: { kind: 'unsupported', value: 'a layer packed with Zstandard' } }
  const title = isObject(annotations)
    ? TITLES.map((key) => annotations[key]).find((text) => typeof text === 'string')
    : null
  return typeof title === 'string' ? { name: title, size, place: { kind: 'beside', file: hex } } : null
}
