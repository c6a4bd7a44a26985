import { statSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { type Budget, budgetFor } from './archive-budget.ts'
import type { Container } from './container.ts'
import { type FileSource, type FileStamp, namesIn, openFile, stampOf } from './file-source.ts'
import { type KeptFile, keepFile } from './kept-file.ts'
import { MAX_ARCHIVE_DEPTH, MAX_ARCHIVE_MEMBERS } from './limits.ts'
import { INSIDE } from './member-name.ts'
import { isBlobPath } from './oci.ts'
import { type ContainerKind, containerKind, openContainer } from './open-container.ts'
import { readError } from './read-error.ts'
import { type FileSiblings, innerName, openSiblings } from './siblings.ts'

/** A file of the file system, or one inside another (`/abs/a.zip!/b.tar!/c`): its absolute path, and the one shown. */
export interface Place {
  absolutePath: string
  path: string
}

/** Throws what `openFile` throws; inside archives `missing-file`, and what the archive's own fault is. */
export function openPlace(place: Place): FileSource {
  const { outer, names } = split(place)
  return names.length === 0 ? openFile(place.absolutePath, place.path) : openMember(archiveAt(outer), names)
}

/** The files beside the one at a place, in its folder or below; inside an archive those of the archive. */
export function siblingsAt(place: Place): FileSiblings {
  const { outer, names } = split(place)
  if (names.length === 0) return openSiblings(place.absolutePath, place.path)
  const folder = posix.dirname(names.at(-1)!)
  return {
    open(name) {
      const beside = posix.join(folder, innerName(name, place.path))
      const archive = archiveAt(outer)
      const { container } = containerIn(archive, names.slice(0, -1))
      if (container.find(beside) === null) throw readError(place.path, 'missing-file', { name })
      return openMember(archive, [...names.slice(0, -1), beside])
    },
  }
}

/** Names of the other files in a file's own folder, without those in folders there. Throws `unreadable`. */
export function namesBeside(place: Place): string[] {
  const { outer, names } = split(place)
  if (names.length === 0) return namesIn(dirname(place.absolutePath), place.path)
  const { container } = containerIn(archiveAt(outer), names.slice(0, -1))
  return container.namesIn(posix.dirname(names.at(-1)!))
}

/** The stamp by which a change shows: of the file itself, or of the archive that it lies in. Null when there is none. */
export function stampAt(absolutePath: string): FileStamp | null {
  const place = { absolutePath, path: absolutePath }
  const { outer, names } = split(place)
  if (names.length === 0 || !isBlobPath(outer.absolutePath)) return stampOf(outer.absolutePath)
  try {
    const source = openPlace(place)
    source.close()
    return source.stamp
  } catch {
    return null
  }
}

/** A container opened to be looked through; its file stays open until `close`. */
export interface OpenedContainer {
  kind: ContainerKind
  container: Container
  stamp: FileStamp
  close(): void
}

/** What lies in the file at a place; null for a file that is no container. `budget`: what may still be found there. */
export function openContainerAt(place: Place, budget: Budget): OpenedContainer | null {
  const { outer, names } = split(place)
  const archive = archiveAt(outer)
  const { file } = archive
  file.hold()
  try {
    const found = tryContainer(archive, names, budget)
    if (found !== null) return { ...found, stamp: file.stamp, close: file.release }
    file.release()
    return null
  } catch (error) {
    file.release()
    throw error
  }
}

/** A container on the file system, with what was learnt of it. Opening a member again would else list it all anew. */
interface Archive {
  place: Place
  file: KeptFile
  /** By the names that lead to them, joined. */
  containers: Map<string, Listed>
}

interface Listed {
  kind: ContainerKind
  container: Container
}

/** Archives are looked through one after the other, then read one after the other; each costs at most 2 MiB meanwhile … */
const ARCHIVES = 16

/** … and 200 bytes a member. */
const LISTED_MEMBERS = MAX_ARCHIVE_MEMBERS

/** Containers of one archive whose lists are kept; each of them can hold unpacked bytes. */
const CONTAINERS = 8

/** Of this thread, by place, the one used last at the end. Files are open only while a member is. */
const archives = new Map<string, Archive>()

function archiveAt(place: Place): Archive {
  const key = `${place.absolutePath}\0${place.path}`
  const known = archives.get(key)
  archives.delete(key)
  const archive = known?.file.isCurrent() ? known : newArchive(place)
  archives.set(key, archive)
  while (archives.size > 1 && isTooMuch()) archives.delete(archives.keys().next().value!)
  return archive
}

function isTooMuch(): boolean {
  const listed = [...archives.values()].flatMap(({ containers }) => [...containers.values()])
  const members = listed.reduce((sum, { container }) => sum + container.listed(), 0)
  return archives.size > ARCHIVES || members > LISTED_MEMBERS
}

function newArchive(place: Place): Archive {
  return { place, file: keepFile(place.absolutePath, place.path), containers: new Map() }
}

function openMember(archive: Archive, names: readonly string[]): FileSource {
  archive.file.hold()
  try {
    const { container } = containerIn(archive, names.slice(0, -1))
    const member = container.find(names.at(-1)!)
    const path = placeIn(archive.place.path, names)
    if (member === null) throw readError(path, 'missing-file', { name: names.at(-1)! })
    const source = container.open(member, path)
    let isOpen = true
    return {
      path,
      absolutePath: placeIn(archive.place.absolutePath, names),
      size: source.size,
      stamp: source.stamp ?? archive.file.stamp,
      readInto: source.readInto,
      close() {
        if (!isOpen) return
        isOpen = false
        source.close()
        archive.file.release()
      },
    }
  } catch (error) {
    archive.file.release()
    throw error
  }
}

function containerIn(archive: Archive, names: readonly string[]): Listed {
  const found = tryContainer(archive, names, budgetFor(archive.file.source.size))
  if (found === null) throw readError(placeIn(archive.place.path, names), 'changed', { what: 'kind of file' })
  return found
}

function tryContainer(archive: Archive, names: readonly string[], budget: Budget): Listed | null {
  const key = names.join(INSIDE)
  const known = archive.containers.get(key)
  if (known === undefined && names.length >= MAX_ARCHIVE_DEPTH) {
    if (!budget.isFirstTooDeep()) return null
    refuseDepth(archive, names)
  }
  const found = known ?? newContainer(archive, names, budget)
  if (found === null) return null
  archive.containers.delete(key)
  archive.containers.set(key, found)
  if (archive.containers.size > CONTAINERS) archive.containers.delete(archive.containers.keys().next().value!)
  return found
}

function newContainer(archive: Archive, names: readonly string[], budget: Budget): Listed | null {
  const { place, file } = archive
  const path = placeIn(place.path, names)
  const source = names.length === 0 ? file.source : openInner(archive, names, path)
  const kind = containerKind(source)
  if (kind === null) return null
  const siblings = siblingsAt({ absolutePath: placeIn(place.absolutePath, names), path })
  return { kind, container: openContainer(kind, source, siblings, budget) }
}

/** A source that does not hold the archive's file open: it is opened when there is something to read. */
function openInner(archive: Archive, names: readonly string[], path: string) {
  const { container } = containerIn(archive, names.slice(0, -1))
  const member = container.find(names.at(-1)!)
  if (member === null) throw readError(path, 'missing-file', { name: names.at(-1)! })
  return container.open(member, path)
}

function refuseDepth(archive: Archive, names: readonly string[]): never {
  throw readError(placeIn(archive.place.path, names), 'limit', {
    what: 'archives within archives',
    value: String(names.length + 1),
    limit: String(MAX_ARCHIVE_DEPTH),
  })
}

function placeIn(path: string, names: readonly string[]): string {
  return [path, ...names].join(INSIDE)
}

/** The file of the file system, and the names that lead from it to the place; none where the place is that file. */
function split({ absolutePath, path }: Place): { outer: Place; names: string[] } {
  for (let at = absolutePath.indexOf(INSIDE); at >= 0; at = absolutePath.indexOf(INSIDE, at + 1)) {
    if (!isFile(absolutePath.slice(0, at))) continue
    const inner = absolutePath.slice(at)
    const outer = { absolutePath: absolutePath.slice(0, at), path: path.slice(0, -inner.length) }
    if (!path.endsWith(inner) || isFile(absolutePath)) break
    return { outer, names: inner.slice(INSIDE.length).split(INSIDE) }
  }
  return { outer: { absolutePath, path }, names: [] }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  } catch {
    return false
  }
}
