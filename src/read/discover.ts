import { posix } from 'node:path'
import type { Problem } from '../contract/problem.ts'
import { type Candidate, isReadable } from './artifact.ts'
import { withoutParts } from './claims.ts'
import { openFile } from './file-source.ts'
import { hasModelName, isCertain, recogniseFile } from './formats.ts'
import { type Hint, hintMatcher } from './raw.ts'
import { ReadError, readError } from './read-error.ts'
import { type FoundFile, walk } from './walk.ts'

export interface Discovery {
  /** By root in the order given, by path within a root. */
  candidates: Candidate[]
  problems: Problem[]
}

/**
 * Finds the artifacts under files and folders, reading the first page of every file. Files that belong to another
 * artifact (shards, external data) are not listed on their own. Files are models by what they hold or are called; failing
 * that, by the first of the `hints` that speaks of them. Others are passed over, unless they are a root themselves.
 */
export function discover(roots: readonly string[], hints: readonly Hint[]): Discovery {
  const matchers = hints.map((hint) => ({ hint, matches: hintMatcher(hint) }))
  const discovery: Discovery = { candidates: [], problems: [] }
  for (const root of roots) {
    const candidates: Candidate[] = []
    for (const found of walk(root)) {
      const result = found.kind === 'problem' ? found.problem : examine(root, found, matchers)
      if (result === null) continue
      if ('code' in result) discovery.problems.push(result)
      else candidates.push(result)
    }
    for (const candidate of withoutParts(candidates.filter(isPlausible))) discovery.candidates.push(candidate)
  }
  return discovery
}

/** What is only likely a model is one if it can be read as one. */
function isPlausible(candidate: Candidate): boolean {
  return candidate.hint !== null || isCertain(candidate.format, candidate.path) || isReadable(candidate)
}

interface Matcher {
  hint: Hint
  matches(path: string, absolutePath: string): boolean
}

/** Null for a file that is no model and does not pretend to be one. */
function examine(root: string, found: FoundFile, matchers: readonly Matcher[]): Candidate | Problem | null {
  const hint = matchers.find(({ matches }) => matches(found.path, found.absolutePath))?.hint ?? null
  const isExpected = hint !== null || found.isRoot || hasModelName(found.path)
  if (!found.isRegular && !isExpected) return null
  try {
    return recognised(root, found, hint, isExpected)
  } catch (error) {
    if (error instanceof ReadError) return error.problem
    throw error
  }
}

function recognised(root: string, found: FoundFile, hint: Hint | null, isExpected: boolean): Candidate | null {
  const { path, absolutePath, realPath } = found
  const source = openFile(absolutePath, path)
  try {
    const recognition = recogniseFile(source)
    const candidate = { root, path, absolutePath, realPath, ...source.stamp }
    if (recognition.kind === 'lfs-pointer' && isExpected)
      throw readError(path, 'lfs-pointer', { bytes: recognition.bytes })
    if (recognition.kind === 'lfs-pointer') return null
    const format = recognition.kind === 'model' ? recognition.row.format : null
    if (format !== null && (hint === null || isCertain(format, path))) return { ...candidate, format, hint: null }
    if (hint !== null) return { ...candidate, format: 'raw', hint }
    if (isExpected) throw readError(path, 'unsupported', { what: 'file format', value: posix.basename(path) })
    return null
  } finally {
    source.close()
  }
}
