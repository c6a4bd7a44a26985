import type { FactStatus } from '../contract/trace.ts'
import { type ClaimFact, type Fact, type FactValue, type Gathered, UNKNOWN } from './facts.ts'

/** From the weakest; a fact drawn from several is as good as the weakest of them. */
const RANKS: readonly FactStatus[] = ['disputed', 'declared', 'inferred', 'attested', 'verified']

export type Basis = Pick<Fact, 'status' | 'statements'>

/** What the log itself shows, all of it having been read: that nothing of a kind stands there. */
export const READ: Basis = { status: 'verified', statements: [] }

export function weakest(all: Iterable<{ status: FactStatus | null }>): FactStatus {
  let least = RANKS.length - 1
  for (const { status } of all) if (status !== null) least = Math.min(least, RANKS.indexOf(status))
  return RANKS[least]!
}

/** The basis of what rests on all of these. */
export function restingOn(all: readonly { status: FactStatus; statement?: number | null }[]): Basis {
  const [only] = all
  if (only === undefined) return READ
  if (all.length === 1) return { status: only.status, statements: numbered(only) }
  return { status: weakest(all), statements: numbersOf(all) }
}

/** In order, each once. */
function numbersOf(all: readonly { statement?: number | null }[]): number[] {
  const numbers: number[] = []
  for (const { statement } of all) if (statement !== undefined && statement !== null) numbers.push(statement)
  numbers.sort((a, b) => a - b)
  return numbers.filter((number, at) => number !== numbers[at - 1])
}

function numbered({ statement }: { statement?: number | null }): number[] {
  return statement === undefined || statement === null ? [] : [statement]
}

export function known(value: FactValue, { status, statements }: Basis): Fact {
  return { value, status, statements }
}

export function notKnown(statements: readonly number[] = []): Fact {
  return statements.length === 0 ? UNKNOWN : { ...UNKNOWN, statements }
}

/** The last that each party said of a subject, and by which kind of source: a party may correct itself, and nobody else. */
export function latestClaims(claims: readonly ClaimFact[], subject: string, site: string | null): ClaimFact[] {
  const last = new Map<string, ClaimFact>()
  for (const claim of claims)
    if (claim.subject === subject && (claim.site === null || claim.site === site))
      last.set(`${claim.source}\0${claim.site}\0${JSON.stringify(claim.by)}`, claim)
  const found = [...last.values()]
  // what was said of this very site goes before what was said of the model anywhere
  return found.some((claim) => claim.site !== null) ? found.filter((claim) => claim.site !== null) : found
}

/**
 * What is claimed of a subject, read by `read` (null: says nothing that can be read). Parties that contradict each other make it
 * disputed, and so does a statement that was tampered with.
 */
export function claimed<T extends FactValue>(
  gathered: Pick<Gathered, 'claims' | 'subject'>,
  subject: string,
  read: (value: string) => T | null,
): Fact {
  const claims = latestClaims(gathered.claims, subject, gathered.subject.site)
  if (claims.length === 0) return UNKNOWN
  const values = claims.map(({ value }) => read(value))
  const statements = restingOn(claims).statements
  if (values.some((value) => value === null)) return notKnown(statements)
  const different = new Set(values.map((value) => JSON.stringify(value)))
  const status = different.size > 1 ? 'disputed' : strongest(claims)
  return { value: values.at(-1) ?? null, status, statements }
}

/** Of several that say the same the best counts; unless one was tampered with. */
function strongest(all: readonly { status: FactStatus }[]): FactStatus {
  const ranks = all.map(({ status }) => RANKS.indexOf(status))
  return ranks.includes(0) ? 'disputed' : RANKS[Math.max(...ranks)]!
}

const YES = /^\s*(yes|true|1|done|はい|有|あり|済)/i
const NO = /^\s*(no|false|0|none|not|without|いいえ|無|なし|未)/i

/** Yes or no; any other text that names a thing (an address, a person) stands for yes. */
export function yesOrNo(value: string): boolean | null {
  if (NO.test(value)) return false
  if (YES.test(value)) return true
  return value.trim() === '' || /^\s*(unknown|\?|不明)/i.test(value) ? null : true
}
