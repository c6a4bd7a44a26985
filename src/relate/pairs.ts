import { compare } from './comparison.ts'
import type { Glance } from './glance.ts'
import { type Kin, kinOf, named, type Related } from './kin.ts'
import type { Span } from './nearest.ts'
import type { Asking, Models } from './wanted.ts'

/** What is known of pairs of models, each compared once. */
export interface Pairs {
  /** Of all that were related, or of too few tensors to tell. */
  kin: Kin[]
  compare(spans: readonly Span[]): Asking<void>
  /** Whether two models were compared and are neither. */
  areStrangers(a: string, b: string): boolean
  /** The kin between two lists of models; pairs that were not compared yet are. */
  between(models: readonly string[], others: readonly string[]): Asking<Kin[]>
  /** The same pairs with changes of low rank called by their names; only these pairs are looked at for them. */
  named(pairs: readonly Related[]): Asking<Related[]>
}

/** Pairs compared at a time: their models are asked for together. */
const BATCH = 16

/** `tested` is the number of pairs that had the chance to be related. */
export function pairsAmong(glances: readonly Glance[], tested: number, models: Models, known: readonly Kin[]): Pairs {
  const kin = [...known]
  const compared = new Map<string, Kin | null>()
  for (const pair of kin) compared.set(keyOf(pair.a, pair.b), pair)
  const compareAll = function* (pairs: (readonly [string, string])[]): Asking<void> {
    const fresh = pairs.filter(([a, b]) => !compared.has(keyOf(a, b)))
    for (let from = 0; from < fresh.length; from += BATCH) {
      const batch = fresh.slice(from, from + BATCH)
      const ids = [...new Set(batch.flat())]
      const subjects = yield* models.weights(ids)
      const byId = new Map(ids.map((id, i) => [id, subjects[i]!]))
      for (const [a, b] of batch) {
        const pair = kinOf(compare(byId.get(a)!, byId.get(b)!), tested)
        if (pair) kin.push(pair)
        compared.set(keyOf(a, b), pair)
      }
    }
  }
  return {
    kin,
    compare: (spans) => compareAll(inOrder(spans).map(({ a, b }) => [glances[a]!.id, glances[b]!.id])),
    areStrangers: (a, b) => compared.get(keyOf(a, b)) === null,
    *between(some, others) {
      const all = some.flatMap((a) => others.filter((b) => b !== a).map((b) => [a, b] as const))
      const distinct = [...new Map(all.map((pair) => [keyOf(...pair), pair])).values()]
      yield* compareAll(distinct)
      return distinct.flatMap(([a, b]) => compared.get(keyOf(a, b)) ?? [])
    },
    *named(pairs) {
      const result: Related[] = []
      for (const pair of pairs) {
        if (pair.isOpen) {
          const [a, b] = yield* models.weights([pair.a, pair.b])
          result.push(named(pair, compare(a!, b!)))
          kin[kin.indexOf(pair)] = result.at(-1)!
        } else result.push(pair)
      }
      return result
    },
  }
}

/** By model, so that one that has many pairs is asked for once. */
function inOrder(spans: readonly Span[]): Span[] {
  const counts = new Map<number, number>()
  for (const { a, b } of spans) for (const end of [a, b]) counts.set(end, (counts.get(end) ?? 0) + 1)
  const rare = ({ a, b }: Span) =>
    counts.get(a)! < counts.get(b)! || (counts.get(a) === counts.get(b) && a < b) ? a : b
  return spans.toSorted((x, y) => rare(x) - rare(y) || x.distance - y.distance)
}

function keyOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
