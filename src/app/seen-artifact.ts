import { dirname, posix, relative, sep } from 'node:path'
import type { Finding } from '../read/model-file.ts'
import type { SideRole } from '../read/side-role.ts'
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
  /** Files that change what the model does without touching a weight; sorted by name. */
  sideFiles: { role: SideRole; path: string; absolutePath: string; sha256: string; bytes: number }[]
}

export function seenNow({ candidate, print, files, findings }: ReadArtifact, place: string): SeenArtifact {
  return {
    path: candidate.path,
    absolutePath: candidate.absolutePath,
    place,
    model: print.id,
    layout: print.layout,
    format: formatLabel(candidate),
    files: files.map(({ path, absolutePath, sha256, bytes }) => ({ path, absolutePath, sha256, bytes })),
    findings,
    sideFiles: [],
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
  const { path, absolutePath } = candidate
  return { path, absolutePath, place, model, layout, format, files, findings, sideFiles: [] }
}

export function bytesOf({ files }: SeenArtifact): number {
  return files.reduce((sum, file) => sum + file.bytes, 0)
}

export function artifactRecord(artifact: SeenArtifact, printVersion: number): ArtifactRecord {
  const { model, layout, place, format, findings } = artifact
  const files = artifact.files.map(({ absolutePath, bytes, sha256 }) => ({ path: absolutePath, bytes, sha256 }))
  const sideFiles = artifact.sideFiles.map(({ role, absolutePath, bytes, sha256 }) => {
    return { role, path: absolutePath, bytes, sha256 }
  })
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
    sideFiles,
  }
}
