import { createHash } from 'node:crypto'
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'

/** What tells that a file is still the one that was seen. Whole numbers beyond 2⁵³ stand as decimal strings. */
export interface FileStamp {
  size: number
  mtimeMs: number
  mtimeNs: string
  inode: string
  device: string
}

export interface FileSource extends ByteSource {
  /** As opened; links are not resolved. */
  readonly absolutePath: string
  readonly stamp: FileStamp
}

/**
 * Opens a regular file, also one reached by a link. Throws `unreadable` for anything else: opening a pipe would wait for
 * a writer for ever, and opening a device can have effects, so the kind is asked before opening and once more after it.
 */
export function openFile(path: string, shownPath: string): FileSource {
  refuseOtherKinds(path, shownPath)
  const descriptor = refusing(shownPath, () => openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)))
  try {
    return openedFile(descriptor, resolve(path), shownPath)
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** A whole file and its SHA-256 (hexadecimal). Throws `limit` when it is larger than `most` bytes. */
export function readWholeFile(path: string, shownPath: string, most: number): { bytes: Uint8Array; sha256: string } {
  const source = openFile(path, shownPath)
  try {
    if (source.size > most)
      throw readError(shownPath, 'limit', { what: 'file size', value: String(source.size), limit: String(most) })
    const bytes = readBytes(source, 0, source.size, 'file')
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  } finally {
    source.close()
  }
}

/** The stamp of the file that is at `path` now, links followed; null where there is none to be read. */
export function stampOf(path: string): FileStamp | null {
  try {
    return stampFrom(statSync(path, { bigint: true }))
  } catch {
    return null
  }
}

/** Where links lead; null where nothing is there. */
export function realPathOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/** The same of a regular file that is no link; null for anything else. */
export function plainStampOf(path: string): FileStamp | null {
  try {
    const stat = lstatSync(path, { bigint: true })
    return stat.isFile() ? stampFrom(stat) : null
  } catch {
    return null
  }
}

/** Names in a folder, sorted. Throws `unreadable`. */
export function namesIn(folder: string, shownPath: string): string[] {
  return refusing(shownPath, () => readdirSync(folder)).sort()
}

function stampFrom(stat: BigIntStats): FileStamp {
  return {
    size: Number(stat.size),
    mtimeMs: Number(stat.mtimeMs),
    mtimeNs: String(stat.mtimeNs),
    inode: String(stat.ino),
    device: String(stat.dev),
  }
}

/** The operating system's reason in words; its code stays in it, for searching. */
export function systemReason(error: unknown): string {
  const code = systemCode(error)
  const words = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'no such file',
    ELOOP: 'a link to itself',
  }
  return code in words ? `${words[code as keyof typeof words]} (${code})` : code
}

export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function refuseOtherKinds(path: string, shownPath: string): void {
  const stat = refusing(shownPath, () => statSync(path))
  if (stat.isDirectory()) throw readError(shownPath, 'unreadable', { reason: 'is a folder (EISDIR)' })
  if (!stat.isFile()) throw readError(shownPath, 'unreadable', { reason: 'a pipe, socket or device, not a file' })
}

function openedFile(descriptor: number, absolutePath: string, shownPath: string): FileSource {
  const stat = refusing(shownPath, () => fstatSync(descriptor, { bigint: true }))
  if (!stat.isFile()) throw readError(shownPath, 'changed', { what: 'kind of file' })
  const stamp = stampFrom(stat)
  let open = true
  const source: FileSource = {
    path: shownPath,
    absolutePath,
    size: stamp.size,
    stamp,
    readInto(target, position, what) {
      checkRange(source, position, target.length, what)
      fill(descriptor, target, position, shownPath, what)
    },
    close() {
      if (open) closeSync(descriptor)
      open = false
    },
  }
  return source
}

/** The system may hand over fewer bytes than asked for; none at all inside the size seen at opening means it shrank. */
function fill(descriptor: number, target: Uint8Array, position: number, shownPath: string, what: string): void {
  let filled = 0
  while (filled < target.length) {
    const read = refusing(shownPath, () =>
      readSync(descriptor, target, filled, target.length - filled, position + filled),
    )
    if (read === 0) throw readError(shownPath, 'changed', { what })
    filled += read
  }
}

function refusing<T>(shownPath: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw readError(shownPath, 'unreadable', { reason: systemReason(error) })
  }
}
