import { CommandError } from '../contract/command-error.ts'
import { BackupError, backup, isEmpty, restore } from '../store/backup.ts'
import type { EstateDatabase } from '../store/database.ts'
import { openDatabase } from '../store/estate.ts'
import { EstateError } from '../store/estate-error.ts'

/** Writes the estate to a file that can be restored into either database. Keys are not in it. Gives the rows. */
export function backupEstate(path: string, location: string): Promise<number> {
  return withDatabase(location, path, (database) => backup(database, path))
}

/** Puts a backup into an estate in which nothing is recorded yet. */
export function restoreEstate(path: string, location: string): Promise<number> {
  return withDatabase(location, path, async (database) => {
    if (!(await isEmpty(database))) throw new CommandError({ code: 'estate-not-empty', path: database.path })
    return restore(database, path)
  })
}

async function withDatabase<T>(
  location: string,
  path: string,
  work: (database: EstateDatabase) => Promise<T>,
): Promise<T> {
  try {
    const database = await openDatabase(location)
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  } catch (error) {
    if (error instanceof EstateError)
      throw new CommandError({ code: error.code, path: error.path, message: error.reason })
    if (error instanceof BackupError) throw new CommandError({ code: 'bad-file', path, what: 'backup' })
    if (error instanceof Error && 'syscall' in error)
      throw new CommandError({ code: 'cannot-write', path, reason: error.message })
    throw error
  }
}
