import type { ChangeKind } from '../contract/scan.ts'
import type { Related } from './kin.ts'
import type { Relation } from './lineage.ts'

/** A model, and others that it may be made of instead. */
export interface Doubtful {
  model: string
  others: string[]
}

/** What is done to a finished model; that it was trained on as well may mean that another is nearer, of which nothing else was changed. */
const WORKED_OVER: ReadonlySet<ChangeKind> = new Set([
  'pruned',
  'layers-changed',
  'vocabulary-resized',
  'permuted',
  'extracted',
])

const TRAINED_ON: ReadonlySet<ChangeKind> = new Set(['fine-tuned', 'adapter-merged'])

/** Of a large family only so many are looked at. */
const MAX_OTHERS = 32

/**
 * Models that screening compared with what looks nearest at a glance, which for a pruned or shortened one may be its parent's relative: with those that
 * stand up to two steps from there.
 */
export function doubtfulIn(tree: readonly Related[], merges: readonly Relation[]): Doubtful[] {
  const beside = new Map<string, Set<string>>()
  const join = (x: string, y: string) => {
    for (const [from, to] of [
      [x, y],
      [y, x],
    ] as const)
      beside.set(from, (beside.get(from) ?? new Set()).add(to))
  }
  for (const { a, b } of tree) join(a, b)
  for (const { child, parents } of merges) for (const { id } of parents) join(child, id)
  const near = (model: string) => [...(beside.get(model) ?? [])]
  const isDoubtful = ({ changes }: Relation) =>
    changes.some((change) => TRAINED_ON.has(change)) && changes.some((change) => WORKED_OVER.has(change))
  return tree
    .filter(({ relation }) => isDoubtful(relation))
    .flatMap(({ a, b }) =>
      [
        [a, b],
        [b, a],
      ].map(([model, from]) => {
        const others = new Set([...near(from!), ...near(from!).flatMap(near)])
        return { model: model!, others: [...others].filter((id) => id !== model).slice(0, MAX_OTHERS) }
      }),
    )
}
