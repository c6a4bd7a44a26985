import type { FactStatus } from '../contract/trace.ts'
import { attestation } from './custody.ts'
import type { Entry } from './entry.ts'

/** What was measured, to hold a claim against. */
export interface Measured {
  /** Models that a claimed base may mean, by their ids. */
  bases: string[]
  ancestors: ReadonlySet<string>
  /** Related, with nothing to say which came first. */
  relatives: ReadonlySet<string>
  descendants: ReadonlySet<string>
  /** Undefined where the weights are not at hand. */
  quantisation: { scheme: string; bits: number } | null | undefined
}

/** A claim's status, and what the weights say to it (null: nothing). Never verified by anybody's word. */
export function judgeClaim(
  entry: Entry<'claimed'>,
  measured: Measured,
): { status: FactStatus; measured: string | null } {
  const { subject, value } = entry.statement.predicate
  const word = attestation(entry)
  if (word === 'disputed') return { status: word, measured: null }
  if (subject === 'base') return judgeBase(word, measured)
  if (subject === 'quantisation') return judgeQuantisation(word, value, measured)
  return { status: word, measured: null }
}

function judgeBase(word: FactStatus, { bases, ancestors, relatives, descendants }: Measured) {
  const found = (ids: ReadonlySet<string>) => bases.find((id) => ids.has(id))
  const ancestor = found(ancestors)
  if (ancestor !== undefined) return { status: 'verified' as const, measured: ancestor }
  const relative = found(relatives)
  // the weights agree that the two are related, and leave open which was first
  if (relative !== undefined) return { status: 'inferred' as const, measured: relative }
  const descendant = found(descendants)
  if (descendant !== undefined) return { status: 'disputed' as const, measured: descendant }
  // no base of this name has been seen here: nothing to compare with
  if (bases.length === 0) return { status: word, measured: null }
  return { status: 'disputed' as const, measured: null }
}

const NONE = /^(none|no|unquantised|unquantized|なし)$/i

function judgeQuantisation(word: FactStatus, value: string, { quantisation }: Measured) {
  if (quantisation === undefined) return { status: word, measured: null }
  const measured = quantisation === null ? 'none' : quantisation.scheme
  const bits = /^(\d+(?:\.\d+)?)[ -]?bits?$/i.exec(value)?.[1]
  const isSo =
    quantisation === null
      ? NONE.test(value)
      : value.toLowerCase() === quantisation.scheme.toLowerCase() || Number(bits) === Math.floor(quantisation.bits)
  return { status: isSo ? ('verified' as const) : ('disputed' as const), measured }
}
