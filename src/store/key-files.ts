import { createHash } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EstateError } from './estate-error.ts'
import { isPostgresUrl } from './postgres.ts'

const EXTENSION = '.key'

/** Digits that tell databases apart. */
const DATABASE_DIGITS = 12

/**
 * Where the keys of an estate lie: beside it, or for one in a database in the working folder, a folder for each database;
 * never in the database.
 */
export function keysFolder(location: string): string {
  if (!isPostgresUrl(location)) return join(location, 'keys')
  const name = createHash('sha256').update(withoutPassword(location)).digest('hex').slice(0, DATABASE_DIGITS)
  return resolve('.yukue', `postgres-${name}`, 'keys')
}

/** A new password is not another database. */
function withoutPassword(url: string): string {
  try {
    const { host, pathname, search } = new URL(url)
    return `${host}${pathname}${search}`
  } catch {
    return url
  }
}

/** The names of the keys there. */
export function keyNames(folder: string): string[] {
  return attempt(folder, () => readdirSync(folder), [])
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort()
}

/** The text of a key's file, null where there is none. */
export function readKeyFile(folder: string, name: string): { path: string; text: string } | null {
  const path = join(folder, name + EXTENSION)
  const text = attempt(path, () => readFileSync(path, 'utf8'), null)
  return text === null ? null : { path, text }
}

/** Writes a key for its owner only. False where there is one of this name already; none is ever overwritten. */
export function writeKeyFile(folder: string, name: string, text: string): boolean {
  const path = join(folder, name + EXTENSION)
  const whole = join(folder, `.${name}.${process.pid}.new`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(whole, text, { mode: 0o600, flag: 'wx' })
    // the mode above is cut by the umask, never widened; a folder's default rights may widen it
    chmodSync(whole, 0o600)
    // whole or not at all, and to the first of two that come at once
    linkSync(whole, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw unusable(path, error)
  } finally {
    rmSync(whole, { force: true })
  }
}

const CHECKPOINT = 'latest.checkpoint'

/**
 * The checkpoint that the last writer of this folder left: outside the database, so that a database put back to an
 * earlier state shows. Null where there is none.
 */
export function readCheckpoint(folder: string): { path: string; text: string } | null {
  const path = join(folder, CHECKPOINT)
  const text = attempt(path, () => readFileSync(path, 'utf8'), null)
  return text === null ? null : { path, text }
}

/** Puts a checkpoint in place of the former one, whole or not at all. Several at once would meet in one file. */
export async function writeCheckpoint(folder: string, text: string): Promise<void> {
  const whole = join(folder, `.${CHECKPOINT}.${process.pid}`)
  try {
    await writeFile(whole, text, { mode: 0o600 })
    await rename(whole, join(folder, CHECKPOINT))
  } catch (error) {
    throw unusable(folder, error)
  }
}

function attempt<T>(path: string, work: () => T, absent: T): T {
  try {
    return work()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return absent
    throw unusable(path, error)
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}

function unusable(path: string, error: unknown): EstateError {
  return new EstateError(
    'estate-unusable',
    path,
    `the keys cannot be read or written (${String(error)}).`,
    String(error),
    error,
  )
}
