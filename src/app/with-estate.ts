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

/** An estate that stays open between pieces of work. */
interface KeptEstate {
  estate: Estate
  /** Leaves the latest checkpoint beside the keys where something was entered. */
  settle(): Promise<void>
}

/** Estates that a server keeps open, by location. */
const kept = new Map<string, KeptEstate>()

/**
 * Opens the estate for one piece of work and closes it whatever comes: a folder, or a `postgres://` address. What is recorded
 * is signed with the estate's own key. An estate that is kept open serves instead. Throws `CommandError` when it cannot be used.
 */
export function withEstate<T>(
  location: string,
  work: (estate: Estate) => Promise<T>,
  signing: Signing = {},
): Promise<T> {
  return refusing(async () => {
    const shared = kept.get(location)
    const { estate, settle } = shared ?? (await opened(location, signing, false))
    try {
      const result = await work(estate)
      await settle()
      return result
    } finally {
      if (shared === undefined) await estate.close()
    }
  })
}

/** Keeps the estate open for everything that asks for it from now on, until the result is called. */
export function keepEstate(location: string, signing: Signing): Promise<{ estate: Estate; close(): Promise<void> }> {
  return refusing(async () => {
    const made = await opened(location, signing, true)
    kept.set(location, made)
    return {
      estate: made.estate,
      async close() {
        kept.delete(location)
        await made.estate.close()
      },
    }
  })
}

async function opened(location: string, { passphrase, now = () => new Date() }: Signing, isShared: boolean) {
  const folder = keysFolder(location)
  let hasWritten = false
  const made = once(() => journalOf(estateKey(folder, passphrase ?? null, now())))
  const journal = () => {
    hasWritten = true
    return made()
  }
  const estate = await openEstate(location, { journal, now, isShared })
  let [running, next]: [Promise<void>, Promise<void> | null] = [Promise.resolve(), null]
  const keepNext = () => {
    next = null
    return keepCheckpoint(estate, folder)
  }
  return {
    estate,
    /** Several who entered something at the same time wait for one checkpoint, which is read after all of them. */
    async settle() {
      if (!hasWritten) return
      if (next === null) {
        next = running.then(keepNext, keepNext)
        running = next
      }
      await next
    },
  }
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof EstateError)) throw error
    throw new CommandError({ code: error.code, path: error.path, message: error.reason })
  }
}

/** Leaves the latest checkpoint beside the keys, unless another process has left a later one. */
async function keepCheckpoint(estate: Estate, folder: string): Promise<void> {
  const latest = await estate.latestCheckpoint()
  const file = readCheckpoint(folder)
  const kept = checkpointFrom(decodeNote(file?.text ?? '')?.text ?? '')
  if (latest !== null && latest.size >= (kept?.size ?? 0) && latest.note !== file?.text)
    await writeCheckpoint(folder, latest.note)
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
