import { dirname, posix, relative, sep } from 'node:path'
import type { Finding } from '../read/model-file.ts'
import type { ArtifactRecord } from '../store/records.ts'
import { formatLabel } from './format-label.ts'
import type { KnownCandidate } from './known-artifacts.ts'
import type { ReadArtifact } from './read-artifacts.ts'

/** An artifact of this scan, whether it was read now or is as it was when the estate learned it. */
export interface SeenArtifact {
  /** Relative to the argument it was found under. */
  path: string
  absolutePath: string
  /** The argument, absolute. */
  place: string
  model: string
  layout: string
  format: string
  files: { path: string; absolutePath: string; sha256: string; bytes: number }[]
  findings: Finding[]
}

export function seenNow({ candidate, print, files, findings }: ReadArtifact, place: string): SeenArtifact {
  return {
    path: candidate.path,
    absolutePath: candidate.absolutePath,
    place,
    model: print.id,
    layout: print.layout,
    format: formatLabel(candidate),
    files: files.map(({ path, absolutePath, sha256, stamp }) => ({ path, absolutePath, sha256, bytes: stamp.size })),
    findings,
  }
}

export function seenAgain({ candidate, artifact }: KnownCandidate, place: string): SeenArtifact {
  const { model, layout, format, findings } = artifact
  const shown = (path: string) => {
    const beside = relative(dirname(candidate.absolutePath), path).split(sep).join('/')
    return posix.join(posix.dirname(candidate.path), beside)
  }
  const files = artifact.files.map(({ path, sha256, bytes }) => ({
    path: path === candidate.absolutePath ? candidate.path : shown(path),
    absolutePath: path,
    sha256,
    bytes,
  }))
  return { path: candidate.path, absolutePath: candidate.absolutePath, place, model, layout, format, files, findings }
}

export function bytesOf({ files }: SeenArtifact): number {
  return files.reduce((sum, file) => sum + file.bytes, 0)
}

export function artifactRecord(artifact: SeenArtifact, printVersion: number): ArtifactRecord {
  const { model, layout, place, format, findings } = artifact
  const files = artifact.files.map(({ absolutePath, bytes, sha256 }) => ({ path: absolutePath, bytes, sha256 }))
  return {
    model,
    layout,
    path: artifact.absolutePath,
    place,
    format,
    bytes: bytesOf(artifact),
    printVersion,
    files,
    findings,
  }
}
