import type { Draft, Journal } from '../ledger/journal.ts'
import type { EstateDatabase, EstateDb } from './database.ts'
import { EstateError } from './estate-error.ts'
import { enterDrafts, entryTime, hasTwin } from './ledger.ts'

/** What somebody enters. */
export interface Entering {
  make(time: string): readonly Draft[]
  /** Enters nothing where an entry with the payload of one of the drafts stands. */
  isOnce: boolean
}

/** The number of the first statement, null where it stood already; or why there is none. */
type Outcome = { number: number | null } | { error: unknown }

interface Waiting extends Entering {
  settle(outcome: Outcome): void
}

/** A larger group would keep its first member, and other writers, waiting for its last. */
const MAX_GROUP = 64

/**
 * Enters statements in the order in which they are handed in. Those that come while a transaction is under way share the next one and its checkpoint: a disk
 * keeps twenty in the time of one. Each is on disk when its promise resolves, and one that fails leaves the others as they are.
 */
export function enteringInGroups(
  write: EstateDatabase['write'],
  writing: () => { journal: Journal; now(): Date },
): (wanted: Entering) => Promise<number | null> {
  const waiting: Waiting[] = []
  let isUnderWay = false
  const enterNext = async () => {
    const group: Waiting[] = []
    try {
      const outcomes = await write((db) => {
        // a transaction that is tried again is of the same group
        if (group.length === 0) group.push(...waiting.splice(0, MAX_GROUP))
        return enterGroup(db, writing(), group)
      })
      for (const [at, { settle }] of group.entries()) settle(outcomes[at]!)
    } catch (error) {
      // the database took nobody's turn
      if (group.length === 0) group.push(...waiting.splice(0))
      if (error instanceof EstateError || group.length === 1) for (const { settle } of group) settle({ error })
      else for (const each of group) each.settle(await alone(each))
    }
  }
  /** Where nothing of a group was entered because of one of it, the others are, without it. */
  const alone = async (each: Waiting): Promise<Outcome> => {
    try {
      return (await write((db) => enterGroup(db, writing(), [each])))[0]!
    } catch (error) {
      return { error }
    }
  }
  const enterAll = async () => {
    isUnderWay = true
    while (waiting.length > 0) await enterNext()
    isUnderWay = false
  }
  return (wanted) =>
    new Promise((resolve, reject) => {
      const settle = (outcome: Outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.number))
      waiting.push({ ...wanted, settle })
      if (!isUnderWay) void enterAll()
    })
}

async function enterGroup(
  db: EstateDb,
  writing: { journal: Journal; now(): Date },
  group: readonly Entering[],
): Promise<Outcome[]> {
  const time = await entryTime(db, writing)
  const payloads = new Set<string>()
  const drafts: Draft[] = []
  /** Where in `drafts` each begins. */
  const begun: (number | null | { error: unknown })[] = []
  for (const { make, isOnce } of group) {
    try {
      const made = make(time)
      if (isOnce && (await isKnown(db, made, payloads))) begun.push(null)
      else {
        begun.push(drafts.length)
        drafts.push(...made)
        for (const { signed } of made) payloads.add(signed.payload)
      }
    } catch (error) {
      if (error instanceof EstateError) throw error
      begun.push({ error })
    }
  }
  const first = drafts.length === 0 ? 0 : await enterDrafts(db, writing.journal, time, drafts)
  return begun.map((begin) => {
    if (typeof begin === 'object' && begin !== null) return begin
    return { number: begin === null ? null : first + begin }
  })
}

async function isKnown(db: EstateDb, drafts: readonly Draft[], payloads: ReadonlySet<string>): Promise<boolean> {
  for (const draft of drafts) if (payloads.has(draft.signed.payload) || (await hasTwin(db, draft))) return true
  return false
}
