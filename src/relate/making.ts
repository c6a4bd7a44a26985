import { type Comparison, countOf, total } from './comparison.ts'
import type { Pair } from './pair.ts'
import { prefixCosine } from './prefix.ts'
import { relativeDistance, type TensorChange } from './tensor-change.ts'

/** What it takes to make either end of a comparison of the other one, in elements. */
export interface Making {
  a: number
  b: number
}

/** What is left out costs a tenth of what is new. */
const LEFT_OUT = 0.1

/** An order of few words (zeros, layers taken twice, another order of neurons) costs little, yet more than nothing. */
const ORDERED = 0.01

/**
 * Elements that have to be given to make one end of the other: each changed one as far as its tensor moved, each new one whole. What
 * is made by an order costs little, what undoes it all that was lost. `share`: of what moved, how much it takes to say how.
 */
export function makingOf({ match, alone }: Pick<Comparison, 'match' | 'alone'>, share = 1): Making {
  const movedIn = (pair: Pair, change: TensorChange) => share * movedOf(pair, change)
  const matrices = match.pairs.flatMap((pair, i) =>
    pair.a.print.rows > 1 ? [{ moved: movedIn(pair, alone[i]!), count: countOf(pair.a) }] : [],
  )
  const moved = sum(matrices.map((one) => one.moved)) / Math.max(1, sum(matrices.map((one) => one.count)))
  const taken = new Set(match.pairs.flatMap(({ a, b }) => [a, b]))
  const costs: Making[] = [
    ...match.pairs.map((pair, i) => ofPair(pair, alone[i]!, movedIn(pair, alone[i]!))),
    added('a', total(match.onlyInA)),
    added('b', total(match.onlyInB)),
    ordered('a', total(match.twinsInA)),
    ordered('b', total(match.twinsInB)),
    ...match.repeats.map(({ a }) => ordered(taken.has(a) ? 'b' : 'a', countOf(a))),
    ...match.resized.map((pair) => ofPart(pair, Math.sqrt(Math.max(0, 2 - 2 * (prefixCosine(pair.a, pair.b) ?? 0))))),
    // what is left is taken to have moved as far as the rest
    ...match.cut.map((pair) => ofPart(pair, moved)),
  ]
  return { a: sum(costs.map(({ a }) => a)), b: sum(costs.map(({ b }) => b)) }
}

function ofPair(pair: Pair, change: TensorChange, moved: number): Making {
  if (change.kind === 'permuted') return { a: ORDERED * countOf(pair.a), b: ORDERED * countOf(pair.a) }
  if (change.kind !== 'pruned') return { a: moved, b: moved }
  const zeros = change.share * countOf(pair.a)
  return change.from === 'a' ? { a: zeros, b: ORDERED * zeros } : { a: ORDERED * zeros, b: zeros }
}

function movedOf(pair: Pair, { kind }: TensorChange): number {
  const haveSameValues = pair.by === 'moments' || pair.a.print.digest === pair.b.print.digest
  if (haveSameValues || kind === 'scaled') return 0
  const apart = relativeDistance(pair)
  return Number.isNaN(apart) ? 0 : countOf(pair.a) * Math.min(1, apart)
}

/** Of what both have, and the rest is new in the larger. */
function ofPart({ a, b }: Pair, apart: number): Making {
  const [inA, inB] = [countOf(a), countOf(b)]
  const moved = Math.min(1, apart + ORDERED) * Math.min(inA, inB)
  const rest = added(inA > inB ? 'a' : 'b', Math.abs(inA - inB))
  return { a: moved + rest.a, b: moved + rest.b }
}

function added(end: 'a' | 'b', elements: number): Making {
  return costing(end, elements)
}

function ordered(end: 'a' | 'b', elements: number): Making {
  return costing(end, elements, ORDERED)
}

function costing(end: 'a' | 'b', elements: number, share = 1): Making {
  const [own, other] = [share * elements, LEFT_OUT * elements]
  return end === 'a' ? { a: own, b: other } : { a: other, b: own }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
