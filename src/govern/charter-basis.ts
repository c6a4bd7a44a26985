import type { FactStatus } from '../contract/trace.ts'
import type { Fact } from './facts.ts'
import { weakest } from './known.ts'

/** What stands behind a fact: how sure it is, in which statement, and since when. */
export interface Basis {
  status: FactStatus
  statement: number | null
  at: string | null
}

/** A fact of a charter, and the day on which what it tells showed; null where it has none. */
export interface CharterFact {
  fact: Fact
  since: string | null
}

/** One thing held against a charter: `unknown` where nothing tells, `against` where it departs and in which words. */
export interface Held {
  outcome: 'agrees' | 'unknown' | { against: string }
  basis: Basis | null
}

/**
 * All that departs, by name. One departure decides, whatever else is not known; with none, one thing that is not known leaves it open.
 * What rests on a disputed statement is not known.
 */
export function listFact(held: readonly Held[]): CharterFact {
  const settled = held.map((each) =>
    each.basis?.status === 'disputed' ? { ...each, outcome: 'unknown' as const } : each,
  )
  const against = settled.flatMap(({ outcome, basis }) =>
    typeof outcome === 'object' ? [{ text: outcome.against, basis }] : [],
  )
  if (against.length > 0) {
    const bases = against.flatMap(({ basis }) => basis ?? [])
    return { fact: factOf([...new Set(against.map(({ text }) => text))], bases), since: latest(bases) }
  }
  const bases = settled.flatMap(({ basis }) => basis ?? [])
  if (settled.some(({ outcome }) => outcome === 'unknown')) return { fact: unknown(bases), since: latest(bases) }
  return { fact: factOf([], bases), since: latest(bases) }
}

/** A value with what it rests on; null for what is not known. */
export function valueFact(value: Fact['value'], bases: readonly Basis[]): CharterFact {
  if (value === null || bases.some(({ status }) => status === 'disputed'))
    return { fact: unknown(bases), since: latest(bases) }
  return { fact: factOf(value, bases), since: latest(bases) }
}

function factOf(value: NonNullable<Fact['value']>, bases: readonly Basis[]): Fact {
  return { value, status: weakest(bases), statements: statementsOf(bases) }
}

function unknown(bases: readonly Basis[]): Fact {
  return { value: null, status: null, statements: statementsOf(bases) }
}

function statementsOf(bases: readonly Basis[]): number[] {
  return [...new Set(bases.flatMap(({ statement }) => statement ?? []))].sort((a, b) => a - b)
}

function latest(bases: readonly Basis[]): string | null {
  const days = bases.flatMap(({ at }) => (at === null ? [] : [at.slice(0, 'YYYY-MM-DD'.length)]))
  return days.sort().at(-1) ?? null
}
