import { posix } from 'node:path'
import type { Problem } from '../contract/problem.ts'
import { type Budget, budgetFor } from './archive-budget.ts'
import { type Candidate, isReadable } from './artifact.ts'
import { withoutBlobs } from './blobs.ts'
import { withoutParts } from './claims.ts'
import { explore, type FoundMember } from './explore.ts'
import { openFile, stampOf } from './file-source.ts'
import { hasModelName, isCertain, recogniseFile } from './formats.ts'
import { containerKind } from './open-container.ts'
import { type Hint, hintMatcher } from './raw.ts'
import { ReadError, readError } from './read-error.ts'
import { NO_SIGHTINGS, type Sighting, type Sightings, seenBefore, sightingOf } from './sighting.ts'
import { isBundle } from './tflite-bundle.ts'
import { type FoundFile, isWithin, walk } from './walk.ts'

export interface Discovery {
  /** By root in the order given, by path within a root. */
  candidates: Candidate[]
  /** Files that were looked into, as far as that is worth remembering. */
  sightings: Sighting[]
  problems: Problem[]
}

/**
 * Finds the artifacts under files and folders and in archives there, reading the first page of every file. Files that
 * belong to another artifact (shards, external data) are not listed on their own. Files are models by what they hold or are
 * called; failing that, by the first of the `hints` that speaks of them. Others are passed over, unless they are a root
 * themselves. `within`: folders out of which nothing leads, as real paths; null where anything may be read.
 */
export function discover(
  roots: readonly string[],
  hints: readonly Hint[],
  known: Sightings = NO_SIGHTINGS,
  within: readonly string[] | null = null,
): Discovery {
  const matchers = hints.map((hint) => ({ hint, matches: hintMatcher(hint) }))
  const discovery: Discovery = { candidates: [], sightings: [], problems: [] }
  // a hint changes what a file is taken for
  const sightings = hints.length === 0 ? known : NO_SIGHTINGS
  for (const root of roots) {
    const candidates: Candidate[] = []
    for (const found of walk(root, within)) {
      if (found.kind === 'problem') discovery.problems.push(found.problem)
      else
        for (const result of look(root, found, matchers, sightings, discovery)) {
          if ('code' in result) discovery.problems.push(result)
          else candidates.push(result)
        }
    }
    const own = withoutBlobs(withoutParts(candidates.filter(isPlausible), sightings))
    for (const candidate of own) {
      // what a manifest names may lie elsewhere than the manifest
      if (within === null || isWithin(candidate.realPath, within)) discovery.candidates.push(candidate)
      else discovery.problems.push(readError(candidate.path, 'unsafe-path', { name: candidate.path }).problem)
    }
  }
  return discovery
}

/** What is in a file, from what was seen in it before where that will do. */
function* look(
  root: string,
  found: FoundFile,
  matchers: readonly Matcher[],
  sightings: Sightings,
  discovery: Discovery,
): Generator<Candidate | Problem> {
  const before = seenBefore(root, found, sightings)
  if (before) return yield* before
  const stamp = stampOf(found.absolutePath)
  const results: (Candidate | Problem)[] = []
  for (const result of examine(root, found, matchers, null)) {
    results.push(result)
    yield result
  }
  const sighting = matchers.length === 0 ? sightingOf(found, stamp, results) : null
  if (sighting) discovery.sightings.push(sighting)
}

/** What is only likely a model is one if it can be read as one. */
function isPlausible(candidate: Candidate): boolean {
  const isLikely = candidate.hint !== null || isCertain(candidate.format, candidate.path)
  return (isLikely && !isGuessed(candidate.path)) || isReadable(candidate)
}

/** What begins like a model somewhere within a file. */
function isGuessed(path: string): boolean {
  return /!\/offset-\d+$/.test(path)
}

interface Matcher {
  hint: Hint
  matches(path: string, absolutePath: string): boolean
}

type Found = FoundFile | FoundMember

/** Nothing for a file that is no model, holds none, and does not pretend to. `budget`: of the archive that it lies in. */
function* examine(
  root: string,
  found: Found,
  matchers: readonly Matcher[],
  budget: Budget | null,
): Generator<Candidate | Problem> {
  const hint = matchers.find(({ matches }) => matches(found.path, found.absolutePath))?.hint ?? null
  const isRoot = found.kind === 'file' && found.isRoot
  const isExpected = hint !== null || isRoot || hasModelName(found.path)
  if (found.kind === 'file' ? !found.isRegular && !isExpected : found.size === 0 && !isExpected) return
  try {
    const result = recognised(root, found, hint, isExpected)
    if (result === null) return
    if ('archiveBytes' in result) yield* inside(root, found, matchers, budget ?? budgetFor(result.archiveBytes))
    else yield result
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    yield error.problem
  }
}

/** The artifacts in a file that is no model itself. Blobs that a manifest names are looked into where they lie. */
function* inside(
  root: string,
  found: Found,
  matchers: readonly Matcher[],
  budget: Budget,
): Generator<Candidate | Problem> {
  if (found.kind === 'member' && found.container === 'oci') return
  for (const member of explore(found, budget) ?? []) {
    if (member.kind === 'problem') yield member.problem
    else yield* examine(root, member, matchers, budget)
  }
}

/** `archiveBytes`: of a file that may hold others. Null for one that is passed over. */
function recognised(
  root: string,
  found: Found,
  hint: Hint | null,
  isExpected: boolean,
): Candidate | { archiveBytes: number } | null {
  const { path, absolutePath } = found
  const source = found.kind === 'file' ? openFile(absolutePath, path) : found.open()
  try {
    const recognition = recogniseFile(source)
    if (recognition.kind === 'lfs-pointer' && isExpected)
      throw readError(path, 'lfs-pointer', { bytes: recognition.bytes })
    if (recognition.kind === 'lfs-pointer') return null
    const format = recognition.kind === 'model' ? recognition.row.format : null
    if ((format === null || format === 'tflite') && isBundle(source)) return { archiveBytes: source.size }
    const candidate = { root, path, absolutePath, realPath: realPathOf(found, source), ...source.stamp }
    if (format !== null && (hint === null || isCertain(format, path)))
      return unlessHidden(found, { ...candidate, format, hint: null })
    if (hint !== null) return unlessHidden(found, { ...candidate, format: 'raw', hint })
    if (containerKind(source) !== null) return { archiveBytes: source.size }
    if (isExpected || isPacked(path))
      throw readError(path, 'unsupported', { what: 'file format', value: posix.basename(path) })
    return null
  } finally {
    source.close()
  }
}

/** A blob that a manifest names really lies where blobs do. */
function realPathOf(found: Found, source: { absolutePath?: string }): string {
  return found.kind === 'member' && found.container === 'oci' ? (source.absolutePath ?? found.realPath) : found.realPath
}

/** Of two models under one name programs differ in which one they unpack, and only one can be shown. */
function unlessHidden(found: Found, candidate: Candidate): Candidate {
  if (found.kind === 'member' && found.isHidden)
    throw readError(found.path, 'malformed', { what: 'archive', reason: 'two models under one name', offset: 0 })
  return candidate
}

/** Archives packed in a way that is not read, and models packed alone: passing them over in silence would hide them. */
function isPacked(path: string): boolean {
  if (/\.(tar\.(zst|bz2|xz|lzma|lz4|z)|tzst|tbz2?|txz|7z|rar)$/i.test(path)) return true
  const bare = path.replace(/\.(gz|zst|bz2|xz|lz4)$/i, '')
  return bare !== path && hasModelName(bare)
}
