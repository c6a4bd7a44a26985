import { isObject, readJsonObject } from './json.ts'
import { MAX_FILES, MAX_MANIFEST_BYTES } from './limits.ts'
import type { Reader } from './model-file.ts'
import { readError } from './read-error.ts'
import type { SideRole } from './side-role.ts'
import type { ByteSource } from './source.ts'

/** `<store>/manifests/<registry>/<namespace>/<model>/<tag>`; blobs lie in `<store>/blobs/sha256-<digest>`. */
const MANIFEST_PATH = /^(.*)\/manifests\/[^/]*\.[^/]+\/[^/]+\/[^/]+\/[^/]+$/

const MEDIA_TYPE = 'application/vnd.ollama.image.'

/** A manifest has a handful of layers; nothing in it nests deep. */
const BOUNDS = { depth: 32, keys: [{ what: 'manifest fields', limit: 1_024 }] }

/** A layer of a manifest. */
export interface OllamaLayer {
  /** Such as `model`, `template`, `params`. */
  kind: string
  /** Relative to the store. */
  blob: string
  size: number
}

/** The store that a manifest lies in, by its path; null for a path that is none of a manifest. */
export function ollamaStore(path: string): string | null {
  const found = MANIFEST_PATH.exec(path.replaceAll('\\', '/'))
  return found === null ? null : (found[1] ?? '.')
}

/** By content; the name is a tag. */
export function looksLikeOllama(_name: string, head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head)
  return /^\s*\{/.test(text) && text.includes(`"${MEDIA_TYPE}model"`)
}

/** Throws `malformed`, `limit`. */
function readOllamaManifest(source: ByteSource): OllamaLayer[] {
  if (source.size > MAX_MANIFEST_BYTES)
    throw readError(source.path, 'limit', {
      what: 'manifest bytes',
      value: String(source.size),
      limit: String(MAX_MANIFEST_BYTES),
    })
  const { layers } = readJsonObject(source, 0, source.size, 'manifest', BOUNDS)
  if (!Array.isArray(layers) || layers.length > MAX_FILES)
    throw readError(source.path, 'malformed', { what: 'manifest', reason: 'no list of layers', offset: 0 })
  return layers.flatMap((layer) => (isObject(layer) ? [layerOf(source, layer)] : []))
}

function layerOf(source: ByteSource, { mediaType, digest, size }: Record<string, unknown>): OllamaLayer {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(String(digest))?.[1]
  if (hex === undefined || typeof size !== 'number')
    throw readError(source.path, 'malformed', { what: 'manifest', reason: 'a layer without digest or size', offset: 0 })
  const type = String(mediaType)
  const kind = type.startsWith(MEDIA_TYPE) ? type.slice(MEDIA_TYPE.length) : type
  return { kind, blob: `blobs/sha256-${hex}`, size }
}

const ROLES = new Map<string, SideRole>([
  ['template', 'chat-template'],
  ['params', 'generation'],
  ['system', 'system-prompt'],
  ['license', 'license'],
])

/** The layers that change what the model does, by role. Throws `malformed`, `limit`. */
export function ollamaSides(manifest: ByteSource): { role: SideRole; blob: string }[] {
  return readOllamaManifest(manifest).flatMap(({ kind, blob }) => {
    const role = ROLES.get(kind)
    return role === undefined ? [] : [{ role, blob }]
  })
}

/**
 * The reader of a manifest: its model is the blob that it names, read by `readModel`, and the manifest is the last file, so
 * that a tag that moves to another blob shows. `siblings`: those of the store.
 */
export function ollamaReader(readModel: Reader): Reader {
  return (source, siblings) => {
    const layers = readOllamaManifest(source).filter(({ kind }) => kind === 'model')
    const [layer] = layers
    if (layer === undefined || layers.length > 1)
      throw readError(source.path, 'unsupported', { what: 'Ollama manifest', value: `${layers.length} model layers` })
    const blob = siblings.open(layer.blob)
    if (blob.size !== layer.size)
      throw readError(blob.path, 'malformed', {
        what: 'blob',
        reason: `not the ${layer.size} bytes of the manifest`,
        offset: 0,
      })
    const model = readModel(blob, siblings)
    return { ...model, files: [...model.files, source] }
  }
}
