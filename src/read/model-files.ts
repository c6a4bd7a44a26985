import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import { basename, join, posix, resolve } from 'node:path'
import { Blake3Hasher } from '@napi-rs/blake-hash'
import type { HashType } from '../contract/model-signature.ts'
import { openFile, systemReason } from './file-source.ts'
import { MAX_SIGNED_FILES } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'

/** What OpenSSF Model Signing leaves unsigned unless told otherwise: it comes and goes with version control. */
export const GIT_PATHS: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore']

/** Every file of a model, by its path from the model's folder; of a model that is one file that one, as `.`. */
export interface ModelFiles {
  /** The folder's, or the file's, own name. */
  name: string
  files: { name: string; absolutePath: string }[]
}

/**
 * The files below a folder, all of them but those ignored (a folder with all that is in it), in the order that OpenSSF Model Signing
 * puts them: by the parts of their paths. Throws `ReadError` at a link unless links are allowed: what is signed would not be what lies there.
 */
export function modelFiles(path: string, ignored: readonly string[], allowLinks: boolean): ModelFiles {
  const root = resolve(path)
  const skipped = new Set(ignored.map((name) => posix.normalize(name).replace(/\/$/, '')))
  const files: { name: string; absolutePath: string }[] = []
  const pending = ['']
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const absolutePath = join(root, at)
    if (at !== '' && skipped.has(at)) continue
    const kind = kindOf(absolutePath, at || path, allowLinks)
    if (kind === 'folder') pending.push(...namesIn(absolutePath, at || path).map((name) => posix.join(at, name)))
    else files.push({ name: at || '.', absolutePath })
    if (files.length + pending.length > MAX_SIGNED_FILES)
      throw readError(path, 'limit', { what: 'files', value: `${files.length}`, limit: `${MAX_SIGNED_FILES}` })
  }
  return { name: basename(root), files: files.sort((a, b) => byParts(a.name, b.name)) }
}

function kindOf(absolutePath: string, shownPath: string, allowLinks: boolean): 'file' | 'folder' {
  const stat = asked(shownPath, () => lstatSync(absolutePath))
  if (stat.isSymbolicLink()) {
    if (!allowLinks) throw readError(shownPath, 'unsupported', { what: 'signing', value: 'a symbolic link' })
    return 'file'
  }
  return stat.isDirectory() ? 'folder' : 'file'
}

function namesIn(folder: string, shownPath: string): string[] {
  return asked(shownPath, () => readdirSync(folder))
}

function asked<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw readError(path, 'unreadable', { reason: systemReason(error) })
  }
}

function byParts(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let at = 0; at < Math.min(left.length, right.length); at++)
    if (left[at] !== right[at]) return left[at]! < right[at]! ? -1 : 1
  return left.length - right.length
}

const PIECE_BYTES = 1024 * 1024

/** The digest of a file, or of its bytes from `from` up to `to`, in hexadecimal; a range beyond its end is what there is of it. */
export function digestOfRange(
  absolutePath: string,
  hashType: HashType,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): string {
  const source = openFile(absolutePath, absolutePath)
  try {
    const hash = hasherOf(hashType)
    const end = Math.min(to, source.size)
    for (let at = from; at < end; at += PIECE_BYTES) hash.update(piece(source, at, end))
    return hash.digest('hex')
  } finally {
    source.close()
  }
}

function piece(source: ByteSource, at: number, end: number): Buffer {
  return Buffer.from(readBytes(source, at, Math.min(PIECE_BYTES, end - at), 'file'))
}

function hasherOf(hashType: HashType): { update(bytes: Buffer): unknown; digest(form: 'hex'): string } {
  switch (hashType) {
    case 'sha256':
      return createHash('sha256')
    case 'blake2b':
      return createHash('blake2b512')
    case 'blake3':
      return new Blake3Hasher()
  }
}
