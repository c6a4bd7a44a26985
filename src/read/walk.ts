import { type Dir, type Dirent, opendirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, join, posix, resolve, sep } from 'node:path'
import type { Problem } from '../contract/problem.ts'
import { systemCode, systemReason } from './file-source.ts'
import { MAX_FOLDER_ENTRIES, MAX_FOLDER_PATHS } from './limits.ts'
import { ReadError, readError } from './read-error.ts'

/** Something that is not a folder. */
export interface FoundFile {
  kind: 'file'
  /** Relative to the walked root, with `/`; the base name when the root is a file itself. */
  path: string
  absolutePath: string
  /** Where the links lead; the same for two paths to one file. */
  realPath: string
  /** Pipes, sockets and devices are not. */
  isRegular: boolean
  /** The root itself. */
  isRoot: boolean
}

export type Found = FoundFile | { kind: 'problem'; problem: Problem }

/** Version control keeps packed copies of files, and the estate keeps prints; neither holds a model to be loaded. */
const SKIPPED = new Set(['.git', '.yukue'])

/** Whether nothing is looked for in a folder of this name. */
export function isSkippedName(name: string): boolean {
  return SKIPPED.has(name)
}

/**
 * Everything below `root`, or `root` itself where it is a file, sorted by name within each folder, links followed. A link
 * to a folder above itself is a problem and not followed, nor is one that leads out of `within` (real paths; null: anywhere).
 * Neither deep nor huge trees use the call stack.
 */
export function* walk(root: string, within: readonly string[] | null = null): Generator<Found> {
  const visits = new Map<string, number>()
  const pending: Place[] = [rootPlace(root)]
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const step = visit(place, visits, within)
    if (step.kind !== 'folder') yield step
    else for (const inner of step.places.reverse()) pending.push(inner)
  }
}

/** A path still to be looked at. */
interface Place {
  /** As shown; '' for a root that is a folder. */
  path: string
  absolutePath: string
  /** Unknown of a link until it is followed. */
  realPath: string | null
  entry: Dirent | null
  /** The folder it was found in. */
  parent: Folder | null
}

interface Folder {
  realPath: string
  parent: Folder | null
}

type Step = Found | { kind: 'folder'; places: Place[] }

function rootPlace(root: string): Place {
  return { path: root, absolutePath: resolve(root), realPath: null, entry: null, parent: null }
}

function visit(place: Place, visits: Map<string, number>, within: readonly string[] | null): Step {
  try {
    const realPath = place.realPath ?? follow(place)
    if (within !== null && !isWithin(realPath, within)) throw readError(place.path, 'unsafe-path', { name: place.path })
    const kind = kindOf(place, realPath)
    if (kind === 'folder') return openFolder(place, realPath, visits)
    const path = place.parent === null ? basename(place.absolutePath) : place.path
    const { absolutePath } = place
    return { kind: 'file', path, absolutePath, realPath, isRegular: kind === 'file', isRoot: place.parent === null }
  } catch (error) {
    if (error instanceof ReadError) return { kind: 'problem', problem: error.problem }
    throw error
  }
}

/** Whether a real path is at or below one of some others. */
export function isWithin(realPath: string, folders: readonly string[]): boolean {
  return folders.some(
    (folder) => realPath === folder || realPath.startsWith(folder.endsWith(sep) ? folder : folder + sep),
  )
}

/** The real path of a link or root. A link whose target is gone is a `missing-file`. */
function follow(place: Place): string {
  try {
    return realpathSync(place.absolutePath)
  } catch (error) {
    const code = systemCode(error)
    if (place.entry !== null && ['ENOENT', 'ENOTDIR'].includes(code))
      throw readError(place.path, 'missing-file', { name: linkText(place) })
    if (place.entry !== null && code === 'ELOOP') throw readError(place.path, 'link-loop', { target: linkText(place) })
    throw readError(place.path, 'unreadable', { reason: systemReason(error) })
  }
}

function kindOf(place: Place, realPath: string): 'folder' | 'file' | 'other' {
  const known =
    place.entry === null || place.entry.isSymbolicLink() ? asked(place, () => statSync(realPath)) : place.entry
  if (known.isDirectory()) return 'folder'
  return known.isFile() ? 'file' : 'other'
}

function openFolder(place: Place, realPath: string, visits: Map<string, number>): Step {
  if (place.entry !== null && SKIPPED.has(place.entry.name)) return { kind: 'folder', places: [] }
  refuseLoop(place, realPath)
  const seen = (visits.get(realPath) ?? 0) + 1
  visits.set(realPath, seen)
  if (seen > MAX_FOLDER_PATHS + 1) return { kind: 'folder', places: [] }
  if (seen > MAX_FOLDER_PATHS)
    throw readError(place.path, 'limit', {
      what: 'paths to one folder',
      value: String(seen),
      limit: String(MAX_FOLDER_PATHS),
    })
  const folder: Folder = { realPath, parent: place.parent }
  const entries = entriesOf(place, realPath)
  return { kind: 'folder', places: entries.sort(byName).map((entry) => placeIn(place, folder, entry)) }
}

/** Read a few at a time: a folder of ten million names must not be held before it is refused. */
function entriesOf(place: Place, realPath: string): Dirent[] {
  const folder = asked(place, () => opendirSync(realPath, { bufferSize: 1_024 }))
  try {
    const entries: Dirent[] = []
    for (let entry = next(place, folder); entry !== null; entry = next(place, folder)) {
      if (entries.length === MAX_FOLDER_ENTRIES)
        throw readError(place.path, 'crowded-folder', { limit: MAX_FOLDER_ENTRIES })
      entries.push(entry)
    }
    return entries
  } finally {
    folder.closeSync()
  }
}

function next(place: Place, folder: Dir): Dirent | null {
  return asked(place, () => folder.readSync())
}

function placeIn(place: Place, folder: Folder, entry: Dirent): Place {
  return {
    path: place.parent === null ? entry.name : posix.join(place.path, entry.name),
    absolutePath: join(place.absolutePath, entry.name),
    realPath: entry.isSymbolicLink() ? null : join(folder.realPath, entry.name),
    entry,
    parent: folder,
  }
}

/** A link to a folder that the walk came through, or that lies above one, would be walked for ever, or walk the disk. */
function refuseLoop(place: Place, realPath: string): void {
  if (!place.entry?.isSymbolicLink()) return
  const target = realPath.endsWith(sep) ? realPath : realPath + sep
  for (let folder = place.parent; folder !== null; folder = folder.parent)
    if (`${folder.realPath}${sep}`.startsWith(target))
      throw readError(place.path, 'link-loop', { target: linkText(place) })
}

/** Where a link leads, in its own words. */
function linkText(place: Place): string {
  return asked(place, () => readlinkSync(place.absolutePath))
}

function asked<T>(place: Place, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw readError(place.path, 'unreadable', { reason: systemReason(error) })
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
