import type { PredicateKind } from '../contract/predicates.ts'
import type { Statements } from '../contract/statement.ts'
import type { Signed } from './dsse.ts'
import { statementFrom } from './statement.ts'
import { type JudgedSignature, judged, type TrustedKey } from './trust.ts'

/** A statement as it was entered, with what became of its signatures. */
export interface Entry<K extends PredicateKind = PredicateKind> {
  number: number
  time: string
  signed: Signed
  statement: Statements[K]
  signatures: JudgedSignature[]
  /** Of an entry that was taken over from another log: which, its number there, and that of the statement here that took it over. */
  log?: { origin: string; number: number | null; here: number }
}

/** Entries read and judged. Those that cannot be read are left out here: `fsck` names them, and the rest stays readable. */
export function entriesFrom(
  raw: readonly { number: number; time: string; signed: Signed }[],
  trust: ReadonlyMap<string, TrustedKey>,
): Entry[] {
  return raw.flatMap((each) => entryFrom(each, () => judged(each.signed, trust, each.time)) ?? [])
}

/** One entry read, with what is known of its signatures; null where it cannot be read. */
export function entryFrom(
  { number, time, signed }: { number: number; time: string; signed: Signed },
  judge: () => JudgedSignature[],
): Entry | null {
  const statement = statementFrom(signed.payload)
  return typeof statement === 'string' ? null : { number, time, signed, statement, signatures: judge() }
}

export function ofKind<K extends PredicateKind>(entries: readonly Entry[], kind: K): Entry<K>[] {
  return entries.filter(({ statement }) => statement.kind === kind) as Entry<K>[]
}

/** The number in this log under which an entry is found: its own, or that of the statement that took it over. */
export function numberHere({ number, log }: Pick<Entry, 'number' | 'log'>): number {
  return log?.here ?? number
}

/** Whether nothing is wrong with the signatures and one of them counts. */
export function isSigned({ signatures }: Pick<Entry, 'signatures'>): boolean {
  return !isTampered({ signatures }) && signatures.some(({ result }) => result === 'good')
}

/** Whether a signature does not fit what it stands under: somebody changed one or the other. */
export function isTampered({ signatures }: Pick<Entry, 'signatures'>): boolean {
  return signatures.some(({ result }) => result === 'bad')
}
