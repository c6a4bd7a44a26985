import { posix } from 'node:path'
import type { Problem } from '../contract/problem.ts'
import type { Candidate } from './artifact.ts'
import { type FileStamp, stampOf } from './file-source.ts'
import { isCertain } from './formats.ts'
import type { Format } from './model-file.ts'
import type { FoundFile } from './walk.ts'

/** What discovery found in one file of the file system: itself, what lies in it, or nothing. */
export interface Sighting {
  absolutePath: string
  stamp: FileStamp
  found: SeenPlace[]
}

/** `inner`: what stands behind the file's own path; '' for the file itself. */
export interface SeenPlace {
  inner: string
  format: Format
}

/** What earlier discoveries saw, so that a file that is as it was need not be opened. */
export interface Sightings {
  /** Null where it is not known, or not of this file as it is now. */
  of(absolutePath: string, stamp: FileStamp): SeenPlace[] | null
  /** The files beside the one an artifact is listed under, where all of them are as they were; else null. */
  partsOf(candidate: Candidate): { path: string; absolutePath: string }[] | null
}

export const NO_SIGHTINGS: Sightings = { of: () => null, partsOf: () => null }

/** The candidates of a file that is as it was; null where it has to be looked at. A file that was asked for by name always is. */
export function seenBefore(root: string, found: FoundFile, sightings: Sightings): Candidate[] | null {
  if (found.isRoot || !found.isRegular) return null
  const stamp = stampOf(found.absolutePath)
  const places = stamp && sightings.of(found.absolutePath, stamp)
  if (!stamp || !places) return null
  return places.map(({ inner, format }) => ({
    root,
    path: found.path + inner,
    absolutePath: found.absolutePath + inner,
    realPath: found.realPath + inner,
    format,
    hint: null,
    ...stamp,
  }))
}

/**
 * What is worth remembering of a file that was looked at (`before`: its stamp when that began): null where it depends on more than the file itself. So do problems (a name),
 * members that lie elsewhere (blobs of a manifest), and likely models, which the files beside them make readable.
 */
export function sightingOf(
  found: FoundFile,
  before: FileStamp | null,
  results: readonly (Candidate | Problem)[],
): Sighting | null {
  if (found.isRoot || !found.isRegular) return null
  const stamp = stampOf(found.absolutePath)
  // what was looked into must be what is remembered
  if (!stamp || !before || stamp.mtimeNs !== before.mtimeNs || stamp.size !== before.size) return null
  const places: SeenPlace[] = []
  for (const result of results) {
    if ('code' in result || !isOfFile(result, found, stamp) || !isCertain(result.format, result.path)) return null
    places.push({ inner: result.absolutePath.slice(found.absolutePath.length), format: result.format })
  }
  return { absolutePath: found.absolutePath, stamp, found: places }
}

function isOfFile(candidate: Candidate, { path, absolutePath, realPath }: FoundFile, stamp: FileStamp): boolean {
  const inner = candidate.absolutePath.slice(absolutePath.length)
  return (
    candidate.hint === null &&
    candidate.absolutePath.startsWith(absolutePath) &&
    candidate.path === path + inner &&
    candidate.realPath === realPath + inner &&
    candidate.mtimeNs === stamp.mtimeNs &&
    candidate.size === stamp.size &&
    candidate.inode === stamp.inode &&
    !/^offset-\d+$/.test(posix.basename(inner))
  )
}
