import type { Charter } from '../contract/charter.ts'
import { type ReadCharter, readCharter } from '../govern/charter-text.ts'
import { type Entry, ofKind } from '../ledger/entry.ts'
import { CHARTERS_TOPIC, modelsIn } from '../ledger/statement.ts'
import type { LedgerView } from './ledger-view.ts'

/** One version of a charter as it was signed. */
export interface SignedCharter {
  name: string
  version: number
  /** The first day on which it holds, and the last; null: no end is known. */
  from: string
  until: string | null
  /** The models that it is for; what was made from them is under it too. */
  models: string[]
  read: ReadCharter
  entry: Entry<'charter'>
}

/** Every version of every charter on record, in the order of signing. */
export async function signedCharters(view: LedgerView): Promise<SignedCharter[]> {
  return ofKind(await view.about([CHARTERS_TOPIC], ['charter']), 'charter').map(signedCharter)
}

function signedCharter(entry: Entry<'charter'>): SignedCharter {
  const { name, version, at, text } = entry.statement.predicate
  const read = readCharter(text)
  const until = (read.ok && read.charter.inForce?.until) || null
  return { name, version, from: dayOf(at), until, models: modelsIn(entry.statement), read, entry }
}

/** Of each charter the version that holds on a day: the latest of those that have begun, unless that one has ended. */
export function chartersInForce(signed: readonly SignedCharter[], day: string): SignedCharter[] {
  const latest = new Map<string, SignedCharter>()
  for (const each of signed) {
    const known = latest.get(each.name)
    if (each.from <= day && (known === undefined || each.version >= known.version)) latest.set(each.name, each)
  }
  return [...latest.values()].filter(({ until }) => until === null || day <= until)
}

/** The day of a day or a time, in UTC. */
export function dayOf(time: string): string {
  return time.slice(0, 'YYYY-MM-DD'.length)
}

/** What a charter is called by people. */
export function titleOf({ title, name }: Pick<Charter, 'title' | 'name'>): string {
  return title ?? name
}
