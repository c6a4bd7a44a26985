import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, resolve, sep } from 'node:path'
import { CommandError } from '../contract/command-error.ts'

/** The folders that callers may have read, as real paths: those that are there, each once. */
export function realRoots(roots: readonly string[]): string[] {
  return [...new Set(roots.flatMap((root) => realPath(resolve(root)) ?? []))]
}

/** The same of folders that whoever starts the server named. Refuses one that is not there. */
export function namedRoots(roots: readonly string[]): string[] {
  for (const path of roots) if (realPath(resolve(path)) === null) throw new CommandError({ code: 'no-such-path', path })
  return realRoots(roots)
}

/**
 * A path that a caller named, as a real path inside the roots. What is not there is refused in the same words as what lies outside, so that
 * nobody learns which files there are.
 */
export function insideRoots(path: string, roots: readonly string[]): string {
  const [first] = roots
  const real =
    path.includes('\0') || first === undefined ? null : realPath(isAbsolute(path) ? path : resolve(first, path))
  const isInside = real !== null && roots.some((root) => real === root || real.startsWith(withEnd(root)))
  if (!isInside) throw new CommandError({ code: 'outside-roots', path })
  return real
}

function withEnd(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/** Where the pages are: beside the package's code, built or not. Null where they were not built. */
export function pagesFolder(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const pages = realPath(resolve(folder, 'dist', 'web', 'index.html'))
    if (pages !== null) return dirname(pages)
    if (dirname(folder) === folder) return null
  }
}
