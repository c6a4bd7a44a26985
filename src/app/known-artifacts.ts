import { PRINT_VERSION } from '../contract/print.ts'
import type { Candidate } from '../read/artifact.ts'
import type { FileStamp } from '../read/file-source.ts'
import { INSIDE } from '../read/member-name.ts'
import { stampAt } from '../read/place.ts'
import type { Estate } from '../store/estate.ts'
import { isUnchanged } from '../store/files.ts'
import type { FileKey, KnownArtifact, KnownFile } from '../store/records.ts'
import { formatLabel } from './format-label.ts'

export interface KnownCandidate {
  candidate: Candidate
  artifact: KnownArtifact
}

/** What the estate knows of some roots, by absolute path. */
export interface KnownPlaces {
  artifacts: Map<string, KnownArtifact>
  files: Map<string, KnownFile>
}

export async function knownPlaces(estate: Estate, roots: readonly string[]): Promise<KnownPlaces> {
  const known: KnownPlaces = { artifacts: new Map(), files: new Map() }
  for (const root of roots) {
    for (const [path, artifact] of await estate.knownArtifacts(root)) known.artifacts.set(path, artifact)
    for (const [path, file] of await estate.knownFiles(root)) known.files.set(path, file)
  }
  return known
}

/**
 * Finds the artifacts that need not be read again: same files (path, size, time of change, inode), same print version.
 */
export function recogniseUnchanged(
  candidates: readonly Candidate[],
  places: KnownPlaces,
): { known: KnownCandidate[]; fresh: Candidate[] } {
  const known: KnownCandidate[] = []
  const fresh: Candidate[] = []
  for (const candidate of candidates) {
    const artifact = isKnown(candidate, places)
    if (artifact) known.push({ candidate, artifact })
    else fresh.push(candidate)
  }
  return { known, fresh }
}

/** The artifact on record that a candidate still is; null where it is another one, or none. */
export function isKnown(candidate: Candidate, { artifacts, files }: KnownPlaces): KnownArtifact | null {
  const artifact = artifacts.get(candidate.absolutePath)
  if (!artifact || artifact.format !== formatLabel(candidate)) return null
  // the file itself was looked at a moment ago
  const isPlain = !candidate.absolutePath.includes(INSIDE)
  const now = (path: string) =>
    isPlain && path === candidate.absolutePath ? keyOf(path, candidate) : keyOf(path, stampAt(path))
  return isUnchanged(artifact, files, now, PRINT_VERSION) ? artifact : null
}

function keyOf(path: string, stamp: FileStamp | null): FileKey | null {
  return stamp && { path, bytes: stamp.size, mtimeNs: stamp.mtimeNs, inode: stamp.inode, device: stamp.device }
}
