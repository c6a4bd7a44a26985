import { createHash } from 'node:crypto'
import { dirname, join, posix } from 'node:path'
import type { Problem } from '../contract/problem.ts'
import type { Candidate } from './artifact.ts'
import { type FileSource, type FileStamp, plainStampOf } from './file-source.ts'
import { refuseLfsPointer } from './lfs-pointer.ts'
import { MAX_SIDE_FILE_BYTES, MAX_SIDE_FILES } from './limits.ts'
import { ollamaSides, ollamaStore } from './ollama.ts'
import { namesBeside, openPlace, type Place, siblingsAt } from './place.ts'
import { ReadError, readError } from './read-error.ts'
import { openStore } from './siblings.ts'
import { type SideRole, sideRole } from './side-role.ts'
import { type ByteSource, readBytes } from './source.ts'

/** A file beside a model that changes what the model does, or says what it is. */
export interface SideFile {
  role: SideRole
  path: string
  absolutePath: string
  sha256: string
  bytes: number
  /** Inside an archive the archive's. */
  stamp: FileStamp
}

export interface SideFiles {
  /** By the artifact's absolute path; those without any are not listed. */
  byArtifact: Map<string, SideFile[]>
  problems: Problem[]
}

/** The SHA-256 of a file that is as it was when it was hashed; null when that is not known. */
export type KnownDigest = (absolutePath: string, stamp: FileStamp) => string | null

/**
 * The side files of artifacts: those of known names in the artifact's own folder (an index's, a manifest's), and the
 * blobs that an Ollama manifest names. Models in one folder share them. One that cannot be read is a problem.
 */
export function findSideFiles(candidates: readonly Candidate[], known: KnownDigest): SideFiles {
  const byFolder = new Map<string, SideFile[]>()
  const result: SideFiles = { byArtifact: new Map(), problems: [] }
  for (const candidate of candidates) {
    const folder = folderOf(candidate)
    const sides = byFolder.get(folder) ?? sidesOf(candidate, known, result.problems)
    byFolder.set(folder, sides)
    const others = sides.filter(({ absolutePath }) => absolutePath !== candidate.absolutePath)
    if (others.length > 0) result.byArtifact.set(candidate.absolutePath, others)
  }
  return result
}

/** As shown too: two roots can lead to one folder. */
function folderOf({ absolutePath, path }: Candidate): string {
  if (ollamaStore(absolutePath) !== null) return `${absolutePath}\0${path}`
  return `${dirname(absolutePath)}\0${posix.dirname(path)}`
}

function sidesOf(candidate: Candidate, known: KnownDigest, problems: Problem[]): SideFile[] {
  return asked([], candidate.path, problems, () =>
    (sourcesOf(candidate) ?? []).flatMap(({ role, open, place }) =>
      asked<SideFile[]>([], candidate.path, problems, () => [
        asKnown(role, place, known) ?? readSide(role, open(), known),
      ]),
    ),
  )
}

function asked<T>(otherwise: T, path: string, problems: Problem[], work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    problems.push(error.problem.path === '' ? { ...error.problem, path } : error.problem)
    return otherwise
  }
}

interface SideSource {
  role: SideRole
  open(): FileSource
  /** Where it plainly lies beside the artifact, no link leading to it. */
  place: Place | null
}

function sourcesOf(candidate: Candidate): SideSource[] {
  const store = ollamaStore(candidate.absolutePath)
  return store === null ? besides(candidate) : layers(candidate, store)
}

function besides(candidate: Candidate): SideSource[] {
  const siblings = siblingsAt(candidate)
  const folder = { absolutePath: dirname(candidate.absolutePath), path: posix.dirname(candidate.path) }
  return namesBeside(candidate)
    .flatMap((name) => {
      const role = sideRole(name)
      const place = { absolutePath: join(folder.absolutePath, name), path: posix.join(folder.path, name) }
      return role === null ? [] : [{ role, open: () => siblings.open(name), place }]
    })
    .slice(0, MAX_SIDE_FILES)
}

function layers(candidate: Candidate, store: string): SideSource[] {
  const siblings = openStore(store, candidate.path)
  const manifest = openPlace(candidate)
  try {
    return ollamaSides(manifest)
      .map(({ role, blob }) => ({ role, open: () => siblings.open(blob), place: null }))
      .slice(0, MAX_SIDE_FILES)
  } finally {
    manifest.close()
  }
}

/** A side file that is as it was when it was read, without opening it; null for any other. */
function asKnown(role: SideRole, place: Place | null, known: KnownDigest): SideFile | null {
  const stamp = place && plainStampOf(place.absolutePath)
  const sha256 = stamp && known(place.absolutePath, stamp)
  return sha256 ? { role, ...place, sha256, bytes: stamp.size, stamp } : null
}

function readSide(role: SideRole, source: FileSource, known: KnownDigest): SideFile {
  try {
    const { path, absolutePath, stamp, size } = source
    refuseLfsPointer(source)
    if (size > MAX_SIDE_FILE_BYTES)
      throw readError(path, 'limit', { what: 'side file bytes', value: `${size}`, limit: `${MAX_SIDE_FILE_BYTES}` })
    return { role, path, absolutePath, sha256: known(absolutePath, stamp) ?? digestOf(source), bytes: size, stamp }
  } finally {
    source.close()
  }
}

const PIECE_BYTES = 1024 * 1024

function digestOf(source: ByteSource): string {
  const hash = createHash('sha256')
  for (let at = 0; at < source.size; at += PIECE_BYTES)
    hash.update(readBytes(source, at, Math.min(PIECE_BYTES, source.size - at), 'side file'))
  return hash.digest('hex')
}
