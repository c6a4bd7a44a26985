import { createHash } from 'node:crypto'
import type { Link } from './folder.ts'

type Files = Record<string, Uint8Array | string | Link>

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A Hugging Face cache of one repository: every revision's files as links to one blob each. */
export function huggingFaceCache(
  repository: string,
  revisions: Record<string, Record<string, Uint8Array | string>>,
): Files {
  const root = `hub/models--${repository.replace('/', '--')}`
  const files: Files = {}
  for (const [revision, snapshot] of Object.entries(revisions)) {
    files[`${root}/refs/${revision}`] = revision
    for (const [name, bytes] of Object.entries(snapshot)) {
      files[`${root}/blobs/${sha256(bytes)}`] = bytes
      files[`${root}/snapshots/${revision}/${name}`] = { link: `../../blobs/${sha256(bytes)}` }
    }
  }
  return files
}

/** An Ollama store of one model; `layers` by the last part of their media type. */
export function ollamaStore(reference: string, layers: Record<string, Uint8Array | string>): Files {
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    layers: Object.entries(layers).map(([kind, bytes]) => ({
      mediaType: `application/vnd.ollama.image.${kind}`,
      digest: `sha256:${sha256(bytes)}`,
      size: bytes.length,
    })),
  }
  const blobs = Object.values(layers).map((bytes): [string, Uint8Array | string] => [
    `blobs/sha256-${sha256(bytes)}`,
    bytes,
  ])
  return { [`manifests/registry.ollama.ai/${reference}`]: JSON.stringify(manifest), ...Object.fromEntries(blobs) }
}

export interface Layer {
  bytes: Uint8Array
  mediaType?: string
  title?: string
  /** In place of the true ones. */
  says?: { size?: number; digest?: string }
}

/** An OCI image layout of one manifest; `manifest`: where that lies. */
export function imageLayout(layers: readonly Layer[]): { files: Files; manifest: string } {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    layers: layers.map(({ bytes, mediaType = 'application/octet-stream', title, says }) => ({
      mediaType,
      digest: `sha256:${sha256(bytes)}`,
      size: bytes.length,
      ...says,
      annotations: title === undefined ? {} : { 'org.opencontainers.image.title': title },
    })),
  })
  const manifest = `blobs/sha256/${sha256(text)}`
  const blobs = layers.map(({ bytes }): [string, Uint8Array] => [`blobs/sha256/${sha256(bytes)}`, bytes])
  const index = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: `sha256:${sha256(text)}` }] })
  const files = { 'oci-layout': '{"imageLayoutVersion":"1.0.0"}', 'index.json': index, [manifest]: text }
  return { files: { ...files, ...Object.fromEntries(blobs) }, manifest }
}
