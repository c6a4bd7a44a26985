import { PRINT_VERSION } from '../contract/print.ts'
import type { Candidate } from '../read/artifact.ts'
import { findSideFiles, type SideFile, type SideFiles } from '../read/side-files.ts'
import type { Estate } from '../store/estate.ts'
import { sameFile } from '../store/files.ts'
import type { KnownArtifact, KnownFile } from '../store/records.ts'
import { artifactRecord, type SeenArtifact } from './seen-artifact.ts'

/** The side files of artifacts; those that are as the estate knows them are not read again, the others are remembered. */
export async function filesBeside(
  estate: Estate,
  candidates: readonly Candidate[],
  known: ReadonlyMap<string, KnownFile>,
): Promise<SideFiles> {
  const found = findSideFiles(candidates, (path, stamp) => {
    const file = known.get(path)
    return file && sameFile(file, keyOf({ absolutePath: path, stamp })) ? file.sha256 : null
  })
  const all = new Map([...found.byArtifact.values()].flat().map((side) => [side.absolutePath, side]))
  const fresh = [...all.values()].filter(({ absolutePath, sha256 }) => known.get(absolutePath)?.sha256 !== sha256)
  if (fresh.length > 0) await estate.rememberFiles(fresh.map((side) => ({ ...keyOf(side), sha256: side.sha256 })))
  return found
}

/** Each artifact with its side files, without any that is a file of an artifact itself. */
export function withSideFiles(artifacts: SeenArtifact[], { byArtifact }: SideFiles): SeenArtifact[] {
  const claimed = new Set(artifacts.flatMap(({ files }) => files.map(({ absolutePath }) => absolutePath)))
  return artifacts.map((artifact) => {
    const sides = byArtifact.get(artifact.absolutePath) ?? []
    const sideFiles = sides.filter(({ absolutePath }) => !claimed.has(absolutePath)).map(seenSide)
    return { ...artifact, sideFiles }
  })
}

/** Whether the side files of an artifact are other than those on record; of one just read none are on record yet. */
export function isRestated(artifact: SeenArtifact, known: KnownArtifact | undefined): boolean {
  const { sideFiles } = artifactRecord(artifact, PRINT_VERSION)
  return JSON.stringify(sideFiles) !== JSON.stringify(known?.sideFiles ?? [])
}

function seenSide({ role, path, absolutePath, sha256, bytes }: SideFile): SeenArtifact['sideFiles'][number] {
  return { role, path, absolutePath, sha256, bytes }
}

function keyOf({ absolutePath, stamp }: Pick<SideFile, 'absolutePath' | 'stamp'>): Omit<KnownFile, 'sha256'> {
  const { size, mtimeNs, inode, device } = stamp
  return { path: absolutePath, bytes: size, mtimeNs, inode, device }
}
