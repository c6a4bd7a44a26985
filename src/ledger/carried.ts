import type { PredicateKind } from '../contract/predicates.ts'
import { type Entry, ofKind } from './entry.ts'
import { statementFrom } from './statement.ts'
import { judged, type TrustedKey, trustFrom } from './trust.ts'

/** What another log says that holds anywhere. Where copies lie, and what is related, is for each log to see for itself. */
const CARRIED = new Set<PredicateKind>([
  'custody',
  'deployed',
  'retired',
  'claimed',
  'evaluated',
  'measured',
  'incident',
])

/** A passport that carries passports that carry passports: more hands than any model goes through. */
const MAX_DEPTH = 32

/**
 * Entries with those that were taken over from other logs opened up behind them, each still with its own log, number and time
 * there. Their signatures are judged by the keys that are trusted here, and by those that the owner of a log trusted here vouches for.
 */
export function withCarried(entries: readonly Entry[], trust: ReadonlyMap<string, TrustedKey>): Entry[] {
  const opened = open(ofKind(entries, 'imported'), MAX_DEPTH)
  const keys = vouched(opened, trust)
  const carried = opened.flatMap(({ number, time, signed, log }) => {
    const statement = statementFrom(signed.payload)
    if (typeof statement === 'string' || !CARRIED.has(statement.kind)) return []
    return [{ number, time, signed, statement, signatures: judged(signed, keys, time), log }]
  })
  return [...entries, ...carried]
}

interface Opened extends Pick<Entry, 'number' | 'time' | 'signed'> {
  log: NonNullable<Entry['log']>
}

/** `here`: the number in this log of the statement by which it was taken over, at whatever depth it stands in that. */
function open(
  entries: readonly Pick<Entry<'imported'>, 'number' | 'statement'>[],
  depth: number,
  within?: number,
): Opened[] {
  return entries.flatMap(({ number, statement }) => {
    const here = within ?? number
    const { log: origin, number: there, time, statement: signed } = statement.predicate
    const inner = statementFrom(signed.payload)
    const deeper =
      typeof inner !== 'string' && inner.kind === 'imported' && depth > 0
        ? open([{ number, statement: inner }], depth - 1, here)
        : []
    return [{ number, time, signed, log: { origin, number: there, here } }, ...deeper]
  })
}

/** The keys trusted here, and those that are trusted in logs whose own key is trusted here as a log's. */
function vouched(opened: readonly Opened[], trust: ReadonlyMap<string, TrustedKey>): Map<string, TrustedKey> {
  const logs = new Map([...trust].filter(([, { use, revoked }]) => use === 'log' && revoked === null))
  const told = opened.flatMap(({ signed, time }) => {
    const statement = statementFrom(signed.payload)
    if (typeof statement === 'string' || (statement.kind !== 'trusted' && statement.kind !== 'revoked')) return []
    return judged(signed, logs, time).some(({ result }) => result === 'good') ? [{ statement, time }] : []
  })
  return new Map([...trustFrom(told), ...trust])
}
