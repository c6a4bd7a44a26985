import { CommandError } from '../contract/command-error.ts'
import type { FsckReport } from '../contract/fsck.ts'
import { type Checkpoint, checkpointFrom } from '../ledger/checkpoint.ts'
import { growingRoot } from '../ledger/growing-root.ts'
import { keyIdOf, type PublicKey } from '../ledger/keys.ts'
import { decodeNote, decodeVerifierKey, signatureOf } from '../ledger/note.ts'
import { KEYS_TOPIC, keyIn } from '../ledger/statement.ts'
import { type Estate, openDamagedEstate, openEstate } from '../store/estate.ts'
import { EstateError } from '../store/estate-error.ts'
import { keysFolder, readCheckpoint } from '../store/key-files.ts'
import { checkCheckpoint, isTreeChanged, type Roots } from './fsck-checkpoints.ts'
import { type EntryChecks, entryChecks } from './fsck-entries.ts'
import { type Faults, faultList } from './fsck-faults.ts'
import { checkTiles } from './fsck-tiles.ts'
import { keysIn } from './keys.ts'
import { type LedgerView, viewOf } from './ledger-view.ts'
import type { GivenFile } from './receipt.ts'

export interface FsckOptions {
  /** Checkpoints that were kept elsewhere: the log must go on from every one of them. */
  checkpoints: GivenFile[]
  /** Leaves the signatures of statements unchecked, which take most of the time. */
  quick: boolean
  onProgress?(done: number, size: number): void
}

/** Entries read at a time; a batch that cannot be read is halved until what is damaged stands alone. */
const BATCH = 2_000

/** Checks everything that is recorded against itself, its signatures, and checkpoints kept elsewhere. Changes nothing. */
export async function fsck(location: string, options: FsckOptions): Promise<FsckReport> {
  try {
    const estate = await openEstate(location)
    try {
      return await checkedAtRest(estate, location, options)
    } finally {
      await estate.close()
    }
  } catch (error) {
    if (!(error instanceof EstateError)) throw error
    if (error.code !== 'estate-corrupt')
      throw new CommandError({ code: error.code, path: error.path, message: error.reason })
    return checkedAsFarAsReadable(location, options, error)
  }
}

/** Of a file that cannot be used any more, cut short or overwritten: what is still there. */
async function checkedAsFarAsReadable(
  location: string,
  options: FsckOptions,
  damage: EstateError,
): Promise<FsckReport> {
  const { faults, collected } = faultList()
  faults.add('database-damaged', null, `${damage.path}: ${damage.reason}`)
  const empty = { origin: null, size: 0, root: Buffer.from(growingRoot().root()).toString('base64') }
  const nothing = { schema: 'yukue.fsck/1' as const, ...empty, readable: 0, signatures: 0, checkpoints: 0 }
  const report = await unless(faults, nothing, async () => {
    const estate = openDamagedEstate(location)
    if (estate === null) return nothing
    try {
      return await checked(estate, location, options, faults)
    } finally {
      await estate.close()
    }
  })
  return { ...report, ...collected() }
}

/** A log that others write to all the time is told as it is seen after so many attempts. */
const ATTEMPTS = 3

/**
 * What is entered between two readings looks like a fault and is none: faults count where the log stood still meanwhile. The last
 * statement of a writer that was killed can still arrive.
 */
async function checkedAtRest(estate: Estate, location: string, options: FsckOptions): Promise<FsckReport> {
  for (let attempt = 1; ; attempt++) {
    const { faults, collected } = faultList()
    const before = await sizeOf(estate)
    const report = { ...(await checked(estate, location, options, faults)), ...collected() }
    if (report.faults.length === 0 || attempt === ATTEMPTS || (await sizeOf(estate)) === before) return report
  }
}

async function sizeOf(estate: Estate): Promise<number | null> {
  try {
    return (await estate.ledgerHead())?.size ?? 0
  } catch (error) {
    if (error instanceof EstateError) return null
    throw error
  }
}

async function checked(
  estate: Estate,
  location: string,
  { checkpoints, quick, onProgress }: FsckOptions,
  faults: Faults,
): Promise<Omit<FsckReport, 'faults' | 'more'>> {
  for (const line of await unless(faults, [], () => estate.damages())) faults.add('database-damaged', null, line)
  const given = outsideCheckpoints(location, checkpoints)
  const stored = await unless(faults, undefined, () => estate.ledgerHead())
  // where the head cannot be read, the log is as long as the latest checkpoint beside it says
  const head = stored === undefined ? latestOf(given) : stored
  const size = head?.size ?? 0
  const view = await unless(faults, null, () => viewOf(estate, null))
  const trust: LedgerView['trust'] = view?.trust ?? new Map()
  const own = ownKeys(location)
  for (const id of view ? await unless(faults, [], () => writersOf(view)) : [])
    if (own.size > 0 && !own.has(id)) faults.add('foreign-key', null, id)
  const roots: Roots = { stored: growingRoot(), computed: growingRoot() }
  const entries = entryChecks(trust, quick, faults)
  const wanted = givenRoots(given, size)
  const kept = await unless(faults, new Map<number, string>(), () => keptSizes(estate))
  let verified = 0
  await eachEntry(estate, size, faults, async (batch, from, to) => {
    const leaves = await unless(faults, new Map<number, Uint8Array>(), () => estate.leaves(from, to))
    for (let number = from; number < to; number++) {
      const leaf = entries.check(number, batch.get(number), leaves.get(number), roots)
      if (leaf === null) continue
      const at = number + 1
      if (wanted.has(at)) wanted.set(at, [roots.stored.root(), roots.computed.root()])
      const note = kept.get(at)
      if (note === undefined) continue
      checkCheckpoint(at, note, head!.origin, roots, trust, faults)
      verified++
    }
    onProgress?.(to, size)
  })
  const counts = await unless(faults, null, async () => [await estate.indexSize(), await estate.entryCount()] as const)
  entries.finish({ roots, counts, size, isTreeChanged: isTreeChanged(kept.get(size), roots) })
  if (size > 0 && !kept.has(size)) faults.add('missing-checkpoint', size)
  for (const at of kept.keys()) if (at > size) faults.add('head-mismatch', at, `${size}`)
  await unless(faults, undefined, () => checkTiles(estate, size, faults))
  checkGiven(
    given,
    head?.origin ?? null,
    size,
    wanted,
    [...trust.values()].map(({ key }) => key),
    own,
    faults,
  )
  return {
    schema: 'yukue.fsck/1',
    origin: head?.origin ?? null,
    size,
    root: Buffer.from(roots.stored.root()).toString('base64'),
    readable: entries.readable(),
    signatures: entries.signatures(),
    checkpoints: verified,
  }
}

/** Keys that wrote the log: each has introduced itself. Those of other logs that are trusted here were entered by one of these. */
async function writersOf(view: LedgerView): Promise<string[]> {
  return (await view.about([KEYS_TOPIC], ['trusted'])).flatMap(({ signed, statement }) => {
    const id = statement.kind === 'trusted' && statement.predicate.use === 'log' ? keyIn(statement) : null
    return id !== null && signed.signatures.some(({ keyid }) => keyid === id) ? [id] : []
  })
}

/** What can still be read of a damaged database is: a part that cannot counts as damage, and the check goes on. */
async function unless<T>(faults: Faults, otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof EstateError) || error.code !== 'estate-corrupt') throw error
    faults.add('database-damaged', null, `${error.path}: ${error.reason}`)
    return otherwise
  }
}

type Batch = Parameters<EntryChecks['check']>[1]

async function eachEntry(
  estate: Estate,
  size: number,
  faults: Faults,
  work: (batch: Map<number, Batch>, from: number, to: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < size; from += BATCH) {
    const to = Math.min(size, from + BATCH)
    await work(await readable(estate, from, to, faults), from, to)
  }
}

async function readable(estate: Estate, from: number, to: number, faults: Faults): Promise<Map<number, Batch>> {
  try {
    return new Map((await estate.entries(from, to)).map((entry) => [entry.number, entry]))
  } catch (error) {
    if (!(error instanceof EstateError)) throw error
    if (to - from === 1) {
      faults.add('unreadable-statement', from, error.reason)
      return new Map([[from, null]])
    }
    const middle = Math.floor((from + to) / 2)
    const [left, right] = [await readable(estate, from, middle, faults), await readable(estate, middle, to, faults)]
    return new Map([...left, ...right])
  }
}

async function keptSizes(estate: Estate): Promise<Map<number, string>> {
  const kept = new Map<number, string>()
  for (let from = 0; ; ) {
    const some = await estate.checkpoints(from, BATCH)
    for (const { size, note } of some) kept.set(size, note)
    if (some.length < BATCH) return kept
    from = some.at(-1)!.size + 1
  }
}

/** The keys whose files lie beside the estate: what a log that was made up anew is not signed with. */
function ownKeys(location: string): Map<string, PublicKey> {
  const keys = keysIn(keysFolder(location)).flatMap(({ key }) => decodeVerifierKey(key.public)?.key ?? [])
  return new Map(keys.map((key) => [keyIdOf(key), key]))
}

/** Those named, and the copy that every writer of this folder leaves beside its keys. */
function outsideCheckpoints(location: string, given: readonly GivenFile[]): GivenFile[] {
  const beside = readCheckpoint(keysFolder(location))
  return beside === null ? [...given] : [...given, beside]
}

function latestOf(given: readonly GivenFile[]): Checkpoint | null {
  const checkpoints = given.flatMap(({ text }) => checkpointFrom(decodeNote(text)?.text ?? '') ?? [])
  return checkpoints.toSorted((a, b) => b.size - a.size)[0] ?? null
}

function givenRoots(given: readonly GivenFile[], size: number): Map<number, Uint8Array[]> {
  const sizes = given.flatMap(({ text }) => checkpointFrom(decodeNote(text)?.text ?? '')?.size ?? [])
  return new Map(sizes.filter((at) => at <= size).map((at) => [at, at === 0 ? [growingRoot().root()] : []]))
}

function checkGiven(
  given: readonly GivenFile[],
  origin: string | null,
  size: number,
  roots: ReadonlyMap<number, Uint8Array[]>,
  trusted: readonly PublicKey[],
  own: ReadonlyMap<string, PublicKey>,
  faults: Faults,
): void {
  for (const { path, text } of given) {
    const note = decodeNote(text)
    const checkpoint = note && checkpointFrom(note.text)
    if (!note || !checkpoint) throw new CommandError({ code: 'bad-file', path, what: 'checkpoint' })
    const results = [...own.values(), ...trusted].map((key) => signatureOf(note, key))
    if (results.includes('bad') || !results.includes('good')) faults.add('unknown-checkpoint', checkpoint.size, path)
    else if (checkpoint.size > size) faults.add('rolled-back', checkpoint.size, path)
    else if (origin !== null && checkpoint.origin !== origin) faults.add('forked', checkpoint.size, path)
    else {
      const found = roots.get(checkpoint.size) ?? []
      if (found.every((root) => Buffer.compare(root, checkpoint.root) !== 0))
        faults.add('forked', checkpoint.size, path)
    }
  }
}
