import { PRINT_VERSION } from '../contract/print.ts'
import type { Candidate } from '../read/artifact.ts'
import { stampAt } from '../read/place.ts'
import type { Estate } from '../store/estate.ts'
import { isUnchanged } from '../store/files.ts'
import type { FileKey, KnownArtifact, KnownFile } from '../store/records.ts'
import { formatLabel } from './format-label.ts'

export interface KnownCandidate {
  candidate: Candidate
  artifact: KnownArtifact
}

/**
 * Finds the artifacts that need not be read again: same files (path, size, time of change, inode), same print version.
 * `former`: what lay at the paths of the others.
 */
export async function recogniseUnchanged(
  estate: Estate,
  roots: string[],
  candidates: Candidate[],
): Promise<{
  known: KnownCandidate[]
  fresh: Candidate[]
  former: Map<string, KnownArtifact>
  files: Map<string, KnownFile>
}> {
  const artifacts = new Map<string, KnownArtifact>()
  const files = new Map<string, KnownFile>()
  for (const root of roots) {
    for (const [path, artifact] of await estate.knownArtifacts(root)) artifacts.set(path, artifact)
    for (const [path, file] of await estate.knownFiles(root)) files.set(path, file)
  }
  const known: KnownCandidate[] = []
  const fresh: Candidate[] = []
  for (const candidate of candidates) {
    const artifact = artifacts.get(candidate.absolutePath)
    const sameFormat = artifact?.format === formatLabel(candidate)
    if (artifact && sameFormat && isUnchanged(artifact, files, keyNow, PRINT_VERSION))
      known.push({ candidate, artifact })
    else fresh.push(candidate)
  }
  return { known, fresh, former: artifacts, files }
}

function keyNow(path: string): FileKey | null {
  const stamp = stampAt(path)
  if (!stamp) return null
  return { path, bytes: stamp.size, mtimeNs: stamp.mtimeNs, inode: stamp.inode, device: stamp.device }
}
