import { NoResultError } from 'kysely'

export type EstateFault = 'estate-corrupt' | 'estate-newer' | 'estate-busy' | 'estate-unusable'

/** Why the estate cannot be used. `message` says what, which file, and what to do. */
export class EstateError extends Error {
  readonly code: EstateFault
  readonly path: string
  /** What the system or the database said, without advice. */
  readonly reason: string

  constructor(code: EstateFault, path: string, message: string, reason: string, cause?: unknown) {
    super(`${path}: ${message}`, { cause })
    this.name = 'EstateError'
    this.code = code
    this.path = path
    this.reason = reason
  }
}

export function estateNewer(path: string, migration: string): EstateError {
  return new EstateError(
    'estate-newer',
    path,
    `the estate was written by a newer version of yukue (${migration}). Use that version, or another estate (--estate DIR).`,
    migration,
  )
}

export function estateBusy(path: string, seconds: number): EstateError {
  return new EstateError(
    'estate-busy',
    path,
    `another process has been writing to the estate for ${seconds} s. Try again when it is done.`,
    `${seconds} s`,
  )
}

/** Any error of a file that is known to be damaged. */
export function estateDamaged(path: string, error: unknown): EstateError {
  return error instanceof EstateError ? error : corrupt(path, error instanceof Error ? error : new Error(String(error)))
}

/** What SQLite's or the system's error means; anything that is not about the file is given back as it is. */
export function estateErrorOf(error: unknown, path: string): unknown {
  if (error instanceof EstateError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // JSON that does not parse and rows that must be there were not left so by this program.
  if (DAMAGED.test(code) || error instanceof SyntaxError || error instanceof NoResultError) return corrupt(path, error)
  // A file that cannot be opened at all comes without a code.
  if (REFUSED.test(code) || error.message.startsWith('ConnectionFailed')) return unusable(path, error)
  return error
}

/** What PostgreSQL's or the connection's error means; anything that is not about the database is given back as it is. */
export function postgresErrorOf(error: unknown, path: string): unknown {
  if (error instanceof EstateError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (POSTGRES_DAMAGED.test(code) || error instanceof SyntaxError || error instanceof NoResultError)
    return corrupt(path, error)
  const isOut = error.message.includes('timeout') || error.message.includes('terminated')
  return POSTGRES_REFUSED.test(code) || isOut ? unusable(path, error) : error
}

/** SQLSTATE: data_corrupted, index_corrupted. */
const POSTGRES_DAMAGED = /^XX00[12]$/

/** SQLSTATE classes of connection, authorisation, missing database, rights and resources; Node's for the network. */
const POSTGRES_REFUSED =
  /^(08...|28...|3D000|42501|53...|57P0.|ECONN\w+|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN|ENOENT|EACCES)$/

/** A file that ends in the middle of a page gives a short reading. */
const DAMAGED = /^SQLITE_(NOTADB|CORRUPT|IOERR_SHORT_READ)/

/** SQLite's codes, and Node's for the folder. */
const REFUSED = /^(SQLITE_(CANTOPEN|READONLY|FULL|IOERR|PERM|AUTH)|EACCES$|EPERM$|EROFS$|ENOSPC$|ENOTDIR$|EEXIST$)/

function corrupt(path: string, error: Error): EstateError {
  return new EstateError(
    'estate-corrupt',
    path,
    `the estate is damaged (${error.message}). Move this file away and scan again: the models are not touched, ` +
      'what was recorded about them is in the file only. "sqlite3 FILE .recover" may save some of it.',
    error.message,
    error,
  )
}

function unusable(path: string, error: Error): EstateError {
  return new EstateError(
    'estate-unusable',
    path,
    `the estate cannot be opened or written (${error.message}). Check the folder's permissions and free space, or name ` +
      'another one (--estate DIR).',
    error.message,
    error,
  )
}
