/** Where an artifact's place says that it came from: declared, never checked. */
export interface Origin {
  store: 'hugging-face' | 'ollama'
  /** `org/name`, `model:tag`. */
  name: string
  /** The commit of a snapshot; null where the store keeps none. */
  revision: string | null
}

/** A Hugging Face cache, `models--org--name/snapshots/<revision>/…`, and an Ollama store's manifests. */
export function originOf(path: string): Origin | null {
  const slashed = path.replaceAll('\\', '/')
  const snapshot = /\/models--([^/]+)\/snapshots\/([^/]+)\/[^/]/.exec(slashed)
  if (snapshot) return { store: 'hugging-face', name: snapshot[1]!.replace('--', '/'), revision: snapshot[2]! }
  const manifest = /\/manifests\/([^/]*\.[^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(slashed)
  if (!manifest) return null
  const [, , namespace, model, tag] = manifest
  return { store: 'ollama', name: `${namespace === 'library' ? '' : `${namespace}/`}${model}:${tag}`, revision: null }
}
