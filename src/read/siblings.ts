import { realpathSync } from 'node:fs'
import { basename, dirname, join, posix, resolve, sep } from 'node:path'
import { type FileSource, openFile, systemCode, systemReason } from './file-source.ts'
import { readError } from './read-error.ts'
import type { Siblings } from './source.ts'

export interface FileSiblings extends Siblings {
  open(name: string): FileSource
}

/**
 * The files beside `mainPath`. A name may lead nowhere but into the main file's folder or, where the main file itself
 * was given by a link and nothing of that name stands beside the link, into the folder the main file really lies in.
 * `shownPath` is the main file's path as shown to the user.
 */
export function openSiblings(mainPath: string, shownPath: string): FileSiblings {
  const folder = dirname(resolve(mainPath))
  return {
    open(name) {
      const inner = innerName(name, shownPath)
      const shown = posix.join(posix.dirname(shownPath), inner)
      const homes = homesOf(mainPath, folder, shownPath)
      const beside = realPath(join(folder, inner), shown)
      if (beside !== null) return openAllowed(beside, isBeside(beside, homes), shown)
      const real = realPath(join(homes.real, inner), shown)
      if (real !== null) return openAllowed(real, isInside(real, homes.real), shown)
      throw readError(shownPath, 'missing-file', { name })
    },
  }

  function openAllowed(real: string, allowed: boolean, shown: string): FileSource {
    if (!allowed) throw readError(shownPath, 'unsafe-path', { name: shown })
    return openFile(real, shown)
  }
}

/** The files of an Ollama store, for a manifest shown as `path` that lies five folders down, among the manifests. */
export function openStore(store: string, path: string): FileSiblings {
  return openSiblings(join(store, 'manifests'), posix.join(path, '../../../../..', 'manifests'))
}

/** The name without `.` and inner `..`. A drive letter or backslash would lead outside on Windows. */
export function innerName(name: string, shownPath: string): string {
  const inner = posix.normalize(name)
  const outside = inner === '.' || inner === '..' || inner.startsWith('../') || inner.endsWith('/')
  if (name === '' || outside || posix.isAbsolute(name) || /[\\\0]/.test(name) || /^[a-z]:/i.test(name))
    throw readError(shownPath, 'unsafe-path', { name })
  return inner
}

/** Real paths: of the folder as given, and of the folder the main file really lies in. */
interface Homes {
  given: string
  real: string
}

function homesOf(mainPath: string, folder: string, shownPath: string): Homes {
  try {
    return { given: realpathSync(folder), real: dirname(realpathSync(mainPath)) }
  } catch (error) {
    throw readError(shownPath, 'unreadable', { reason: systemReason(error) })
  }
}

/**
 * A link may leave the given folder in one case only: a Hugging Face cache keeps `snapshots/<revision>/x` as links to
 * `blobs/<hash>`, so when the main file itself lies in such a folder, its siblings may lie in the same one.
 */
function isBeside(real: string, homes: Homes): boolean {
  const isBlob = basename(homes.real) === 'blobs' && dirname(real) === homes.real
  return isInside(real, homes.given) || isBlob
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Null when nothing is there. */
function realPath(path: string, shownPath: string): string | null {
  try {
    return realpathSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error))) return null
    throw readError(shownPath, 'unreadable', { reason: systemReason(error) })
  }
}
