import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { x as extract } from 'tar'

import { DemoError } from './packages.mjs'

/**
 * Unpacks a tarball into `target`, whole or not at all, and nothing of it is run. A `target` already there is kept as it is:
 * it can only have got there whole, and unchanged files need no second reading by a scan.
 *
 * @param {string} tarball
 * @param {string} target Its parent folder is made when missing.
 * @throws {DemoError} on an entry that leads outside, is a link, or is damaged
 */
export async function unpack(tarball, target) {
  if (existsSync(target)) return
  mkdirSync(dirname(target), { recursive: true })
  // Beside the tarball, not in the folder that is scanned: an interrupted run must not leave a half package there.
  const folder = mkdtempSync(join(dirname(tarball), '.unpacking-'))
  try {
    await extractPlainFiles(tarball, folder)
    renameInto(folder, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} tarball
 * @param {string} folder
 */
async function extractPlainFiles(tarball, folder) {
  /** @type {string[]} */
  const refused = []
  try {
    await extract({
      file: tarball,
      cwd: folder,
      strip: 1, // npm puts everything under one folder, mostly `package/`
      strict: true, // a path with `..` or a root, a bad checksum, a short archive: an error, not a warning
      preserveOwner: false,
      filter: (path, entry) => {
        // npm packs neither links nor absolute paths; either could lead a later entry, or a reader, out of the folder.
        const plainFile = 'type' in entry && /^(File|OldFile|ContiguousFile|Directory)$/.test(entry.type)
        const plain = plainFile && !isAbsolute(path)
        if (!plain) refused.push(path)
        return plain
      },
    })
  } catch (error) {
    throw new DemoError(
      `${tarball} cannot be unpacked: ${error instanceof Error ? error.message : error}. Nothing was kept.`,
    )
  }
  if (refused.length > 0)
    throw new DemoError(
      `${tarball} holds a link or an absolute path (${refused[0]}), which is refused. Nothing was kept.`,
    )
}

/**
 * @param {string} folder
 * @param {string} target
 */
function renameInto(folder, target) {
  try {
    renameSync(folder, target)
  } catch (error) {
    // Another run finished the same package in the meantime.
    if (!existsSync(target)) throw error
  }
}
