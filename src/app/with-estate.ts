import { CommandError } from '../contract/command-error.ts'
import { checkpointFrom } from '../ledger/checkpoint.ts'
import { journalOf } from '../ledger/journal.ts'
import { decodeNote } from '../ledger/note.ts'
import { type Estate, openEstate } from '../store/estate.ts'
import { EstateError } from '../store/estate-error.ts'
import { keysFolder, readCheckpoint, writeCheckpoint } from '../store/key-files.ts'
import { estateKey } from './keys.ts'

/** What a command may need to sign. */
export interface Signing {
  /** Of the keys that have one. */
  passphrase?: string | undefined
  /** The clock of what is entered; the system's unless given. */
  now?: () => Date
}

/**
 * Opens the estate for one piece of work and closes it whatever comes: a folder, or a `postgres://` address. What is recorded
 * is signed with the estate's own key. Throws `CommandError` when it cannot be used.
 */
export async function withEstate<T>(
  location: string,
  work: (estate: Estate) => Promise<T>,
  { passphrase, now = () => new Date() }: Signing = {},
): Promise<T> {
  try {
    const folder = keysFolder(location)
    let hasWritten = false
    const journal = once(() => {
      hasWritten = true
      return journalOf(estateKey(folder, passphrase ?? null, now()))
    })
    const estate = await openEstate(location, { journal, now })
    try {
      const result = await work(estate)
      if (hasWritten) await keepCheckpoint(estate, folder)
      return result
    } finally {
      await estate.close()
    }
  } catch (error) {
    if (!(error instanceof EstateError)) throw error
    throw new CommandError({ code: error.code, path: error.path, message: error.message })
  }
}

/** Leaves the latest checkpoint beside the keys, unless another process has left a later one. */
async function keepCheckpoint(estate: Estate, folder: string): Promise<void> {
  const latest = await estate.latestCheckpoint()
  const kept = checkpointFrom(decodeNote(readCheckpoint(folder)?.text ?? '')?.text ?? '')
  if (latest !== null && latest.size >= (kept?.size ?? 0)) writeCheckpoint(folder, latest.note)
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
