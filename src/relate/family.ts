import { copyIn, type Kin, kinByModel, otherEnd, type Related } from './kin.ts'
import type { Relation } from './lineage.ts'

/** Other models lie as near to a merge as to its parents without descending from it; only much nearer ones do … */
const MERGE_FACTOR = 2

/** … or those at right angles to its parents, as every new direction of training is: Pythagoras holds to these shares. */
const RIGHT_ANGLE = 0.05
const FAR_ANGLE = 0.02

/** With weights nearer to each other than this, the parents' own base stands at right angles too … */
const EVEN_WEIGHTS = 0.1

/** … and only a model clearly within the sphere about the parents is the merge's. */
const OPPOSED = 0.8

/**
 * The pairs of nearest relatives (docs/lineage.md, section 6): every copy hangs from the nearest original; the originals are joined
 * by the tree that takes least to make, first without merges and what was built on them, so that a merge does not stand between its
 * parents and their base; then merges join their parents, and what is left finds its place by the least difference.
 */
export function familyTree(all: readonly Related[], merges: readonly Relation[]): Related[] {
  // in one order, so that what is as near as another does not depend on who asks
  const kin = all.toSorted((x, y) => (keyOf(x) < keyOf(y) ? -1 : 1))
  const joined = new DisjointSets<string>()
  const join = ({ a, b }: Kin) => joined.join(a, b)
  const toCopies = copyEdges(kin)
  const hung = new Set(toCopies.map(copyIn))
  const descendants = mergeDescendants(kin, merges)
  const tree = kin.filter(({ a, b }) => !hung.has(a) && !hung.has(b))
  const costs = new Map(tree.map((pair) => [pair, costOf(pair, descendants)]))
  const ordered = tree.toSorted((x, y) => costs.get(x)! - costs.get(y)!)
  toCopies.forEach(join)
  const first = grownTree(tree.filter(({ a, b }) => !descendants.has(a) && !descendants.has(b)))
  first.forEach(join)
  for (const { child, parents } of merges) for (const parent of parents) joined.join(child, parent.id)
  const edges = [...toCopies, ...first, ...ordered.filter(join)]
  return edges.map((edge) => shorter(edge, kin, toCopies))
}

/** The same edge from a copy of its parent, where less had to be done to that: a head taken off what had been rounded. */
function shorter(edge: Related, kin: readonly Related[], toCopies: readonly Related[]): Related {
  const { child, parents, changes, direction } = edge.relation
  if (direction !== 'known' || edge.copy !== null) return edge
  const copies = new Set(toCopies.filter((pair) => otherEnd(pair, copyIn(pair)!) === parents[0]?.id).map(copyIn))
  const options = kin.filter(({ relation }) => relation.child === child && copies.has(relation.parents[0]!.id))
  return options.find(({ relation }) => isPartOf(relation.changes, changes)) ?? edge
}

function keyOf({ a, b }: Kin): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

/**
 * For each component the tree that grows from its largest model, by Prim's algorithm: next comes whatever takes least to make from
 * what is there. Not the same as the nearest two first: new heads are made, old ones only left out, so that of two models with small
 * new heads each is nearer to its base with a large one than they are to each other.
 */
function grownTree(kin: readonly Related[]): Related[] {
  const around = kinByModel(kin)
  const sizes = new Map(kin.flatMap(({ a, b, size }) => [[a, size.a] as const, [b, size.b] as const]))
  const grown = new Set<string>()
  const tree: Related[] = []
  for (const start of [...around.keys()].sort((x, y) => sizes.get(y)! - sizes.get(x)! || (x < y ? -1 : 1))) {
    if (grown.has(start)) continue
    const best = new Map<string, { pair: Related; cost: number }>()
    for (let model: string | undefined = start; model !== undefined; model = leastOf(best)) {
      const step = best.get(model)
      if (step) tree.push(step.pair)
      best.delete(model)
      grown.add(model)
      for (const pair of around.get(model)!) {
        const other = otherEnd(pair, model)
        const cost = costOfMaking(pair, other)
        const known = best.get(other)
        const isBetter =
          known === undefined ||
          cost < known.cost * CLEARLY_LESS ||
          (cost * CLEARLY_LESS <= known.cost && isPlainer(pair, known.pair))
        if (!grown.has(other) && isBetter) best.set(other, { pair, cost })
      }
    }
  }
  return tree
}

/** Elements that have to be given, of all that the model has. */
function costOfMaking({ a, making, size }: Kin, model: string): number {
  return model === a ? making.a / size.a : making.b / size.b
}

/** The earlier model, which is nearer to the root, is kept where two are as near. */
const CLEARLY_LESS = 0.999

/**
 * Of two models that a third takes as little to make from (one is the other with a head more, layers repeated, neurons in another order), the
 * one of which less is to be said, or that is as large.
 */
function isPlainer(pair: Related, than: Related): boolean {
  const changes = pair.relation.changes.length - than.relation.changes.length
  return changes < 0 || (changes === 0 && sizesApart(pair) < sizesApart(than))
}

function sizesApart({ size }: Kin): number {
  return Math.abs(size.a - size.b)
}

function leastOf(best: Map<string, { cost: number }>): string | undefined {
  let [least, cost]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY]
  for (const [model, option] of best) if (option.cost < cost) [least, cost] = [model, option.cost]
  return least
}

function costOf(pair: Kin, descendants: Set<string>): number {
  const { a, b } = pair
  const cost = Math.min(costOfMaking(pair, a), costOfMaking(pair, b))
  return cost * (descendants.has(a) !== descendants.has(b) ? MERGE_FACTOR : 1)
}

/**
 * For every copy whose original is here, the pair with the nearest one that is no copy itself; or with another copy of which less had to be
 * done to it: what was rounded before it was quantised still has rounded vectors.
 */
function copyEdges(kin: readonly Related[]): Related[] {
  const candidates = kin.filter(({ copy }) => copy !== null)
  const copies = new Set(candidates.map(copyIn))
  const isOfCopy = (pair: Related) => copies.has(otherEnd(pair, copyIn(pair)!))
  const nearest = new Map<string, Related>()
  const put = (pair: Related) => {
    const copy = copyIn(pair)!
    const known = nearest.get(copy)
    if (!known || costOfMaking(pair, copy) < costOfMaking(known, copy)) nearest.set(copy, pair)
  }
  candidates.filter((pair) => !isOfCopy(pair)).forEach(put)
  const originals = new Map(nearest)
  const isShorter = (pair: Related) => {
    const original = originals.get(copyIn(pair)!)
    return original !== undefined && isPartOf(pair.relation.changes, original.relation.changes)
  }
  candidates.filter((pair) => isOfCopy(pair) && isShorter(pair)).forEach(put)
  return [...nearest.values()]
}

function isPartOf<T>(some: readonly T[], all: readonly T[]): boolean {
  return some.length < all.length && some.every((one) => all.includes(one))
}

/** Merges, their copies, and what was trained on from them. */
function mergeDescendants(kin: readonly Kin[], merges: readonly Relation[]): Set<string> {
  if (merges.length === 0) return new Set()
  const byModel = kinByModel(kin)
  const between = distancesIn(byModel)
  const descendants = new Set(
    merges.flatMap((merge) => {
      const around = byModel.get(merge.child) ?? []
      const copies = around.flatMap((pair) => copyIn(pair) ?? [])
      const others = around.map((pair) => otherEnd(pair, merge.child))
      return [merge.child, ...copies, ...others.filter((model) => isBuiltOn(merge, model, between))]
    }),
  )
  // a set gives what is added to it while it is gone through
  for (const model of descendants) for (const child of madeOf(model, byModel.get(model) ?? [])) descendants.add(child)
  return descendants
}

/** What is one model but for what was taken out of it or added to it. */
function madeOf(model: string, kin: readonly Kin[]): string[] {
  return kin.flatMap(({ relation }) => {
    const isMade = relation?.direction === 'known' && relation.parents[0]!.id === model
    return isMade && !relation.changes.includes('fine-tuned') && !relation.changes.includes('unclear')
      ? [relation.child]
      : []
  })
}

type Distances = (x: string, y: string) => number

function distancesIn(byModel: Map<string, Kin[]>): Distances {
  // not by `apart`: the running means of a few vectors are larger than all weights
  return (x, y) => byModel.get(x)?.find((pair) => otherEnd(pair, x) === y)?.difference ?? Number.NaN
}

/** Whether a model was trained on from a merge, and is not the one its parents were trained from. */
function isBuiltOn({ child, parents, details }: Relation, model: string, between: Distances): boolean {
  const ids = parents.map(({ id }) => id)
  const squares = ids.map((id) => between(model, id) ** 2)
  // judged on the merge's own scale: a model far away stands at right angles to anything
  const isRight = ids.every((id, i) => {
    const [side, far] = [between(child, id), between(model, child)]
    return Math.abs(far ** 2 + side ** 2 - squares[i]!) <= RIGHT_ANGLE * side ** 2 + FAR_ANGLE * side * far
  })
  const weights = sharesOf({ parents, details })
  const isUneven = Math.max(...weights) - Math.min(...weights) > EVEN_WEIGHTS
  return isRight && (isUneven || isAmid(ids, squares, between))
}

/** The weights of a merge; the shares of an assembled model's elements. */
function sharesOf({ parents, details }: Pick<Relation, 'parents' | 'details'>): number[] {
  const parts = (details['parts'] ?? []) as { share: number }[]
  return parents.map(({ weight }, i) => weight ?? parts[i]?.share ?? 0)
}

/** Seen from their base the parents' changes do not oppose each other; seen from a near child of the merge they do. */
function isAmid(parents: string[], squares: number[], between: Distances): boolean {
  return parents.every((x, i) =>
    parents.every((y, k) => k <= i || squares[i]! + squares[k]! < OPPOSED * between(x, y) ** 2),
  )
}

/** Union–find with path halving. */
class DisjointSets<T> {
  private readonly above = new Map<T, T>()

  /** Joins two sets; false when they were one already. */
  join(x: T, y: T): boolean {
    const [top, other] = [this.top(x), this.top(y)]
    this.above.set(other, top)
    return top !== other
  }

  private top(item: T): T {
    let at = item
    for (let next = this.above.get(at); next !== undefined && next !== at; next = this.above.get(at)) {
      this.above.set(at, this.above.get(next) ?? next)
      at = next
    }
    return at
  }
}
