import { basename, dirname } from 'node:path'
import type { Candidate } from './artifact.ts'
import { partsOf } from './claims.ts'
import { ollamaStore } from './ollama.ts'

/** How stores that keep files by their digest call them: Hugging Face, Ollama, OCI. */
const DIGEST_NAME = /^(sha256-)?[0-9a-f]{40,64}$/

/**
 * One root's candidates without the blobs of a store that are found again under their own names: by a snapshot's link, by
 * an Ollama manifest, by the title in an OCI manifest. Blobs that nothing names stay.
 */
export function withoutBlobs(candidates: readonly Candidate[]): Candidate[] {
  if (!candidates.some(isBlob)) return [...candidates]
  const others = candidates.filter((candidate) => !isBlob(candidate))
  const manifests = others.filter(({ absolutePath }) => ollamaStore(absolutePath) !== null)
  const named = new Set([
    ...others.map(({ realPath }) => realPath),
    ...manifests.flatMap((manifest) => partsOf(manifest).map(({ absolutePath }) => absolutePath)),
  ])
  return candidates.filter((candidate) => !(isBlob(candidate) && named.has(candidate.realPath)))
}

function isBlob({ absolutePath }: Candidate): boolean {
  const folder = dirname(absolutePath)
  const isInBlobs = basename(folder) === 'blobs' || basename(dirname(folder)) === 'blobs'
  return isInBlobs && DIGEST_NAME.test(basename(absolutePath))
}
