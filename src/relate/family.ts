import { type Comparison, total } from './comparison.ts'
import type { Combination } from './merge.ts'
import { otherEnd } from './merges.ts'
import { type Edge, edgeOf, isCopy } from './relation.ts'
import type { Subject } from './subject.ts'

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
 * The edges between nearest relatives (docs/lineage.md, section 5): every copy hangs from the nearest original; the originals are
 * joined by the minimum spanning tree over their differences, first without merges and what was built on them, so that a merge
 * does not stand between its parents and their base; then merges join their parents, and what is left finds its place.
 */
export function familyEdges(related: Comparison[], merges: Combination[]): Edge[] {
  const edges = related.map(edgeOf)
  const joined = new DisjointSets<Subject>()
  const join = ({ comparison }: Edge) => joined.join(comparison.a, comparison.b)
  const toCopies = copyEdges(edges)
  const hung = new Set(toCopies.map(copyOf))
  const descendants = mergeDescendants(edges, merges)
  const tree = edges.filter(({ comparison: { a, b } }) => !hung.has(a) && !hung.has(b))
  const costs = new Map(tree.map((edge) => [edge, costOf(edge, descendants)]))
  const ordered = tree.sort((x, y) => costs.get(x)! - costs.get(y)!)
  const ofOriginals = tree.filter(({ comparison: { a, b } }) => !descendants.has(a) && !descendants.has(b))
  toCopies.forEach(join)
  const first = grownTree(ofOriginals)
  first.forEach(join)
  for (const merge of merges) for (const parent of merge.parents) joined.join(merge.child, parent.subject)
  return [...toCopies, ...first, ...ordered.filter(join)]
}

/**
 * For each component the tree that grows from its largest model, by Prim's algorithm: next comes whatever takes least to make from
 * what is there. Not the same as the nearest two first: new heads are made, old ones only left out, so that of two models with small
 * new heads each is nearer to its base with a large one than they are to each other.
 */
function grownTree(edges: Edge[]): Edge[] {
  const around = new Map<Subject, Edge[]>()
  for (const edge of edges)
    for (const end of [edge.comparison.a, edge.comparison.b]) around.set(end, [...(around.get(end) ?? []), edge])
  const grown = new Set<Subject>()
  const tree: Edge[] = []
  for (const start of [...around.keys()].sort((x, y) => sizeOf(y) - sizeOf(x) || (x.id < y.id ? -1 : 1))) {
    if (grown.has(start)) continue
    const best = new Map<Subject, { edge: Edge; cost: number }>()
    for (let model: Subject | undefined = start; model; model = leastOf(best)) {
      const step = best.get(model)
      if (step) tree.push(step.edge)
      best.delete(model)
      grown.add(model)
      for (const edge of around.get(model)!) {
        const other = otherEnd(edge.comparison, model)
        const cost = costOfMaking(other, edge.comparison)
        if (!grown.has(other) && cost < (best.get(other)?.cost ?? Number.POSITIVE_INFINITY) * CLEARLY_LESS)
          best.set(other, { edge, cost })
      }
    }
  }
  return tree
}

/** The earlier model, which is nearer to the root, is kept where two are as near. */
const CLEARLY_LESS = 0.999

function leastOf(best: Map<Subject, { cost: number }>): Subject | undefined {
  let [least, cost]: [Subject | undefined, number] = [undefined, Number.POSITIVE_INFINITY]
  for (const [model, option] of best) if (option.cost < cost) [least, cost] = [model, option.cost]
  return least
}

/** What is left out costs a tenth of what is new. */
const LEFT_OUT = 0.1

/** Elements of `made` that the other model does not give, as far as they differ. */
function costOfMaking(made: Subject, { a, b, match, moved }: Comparison): number {
  const [fresh, gone] = made === a ? [match.onlyInA, match.onlyInB] : [match.onlyInB, match.onlyInA]
  const all = Math.max(sizeOf(a), sizeOf(b))
  return all === 0 ? 0 : (moved + total(fresh) + LEFT_OUT * total(gone)) / all
}

function sizeOf({ weights }: Subject): number {
  return total(weights)
}

function costOf({ comparison: { a, b, difference } }: Edge, descendants: Set<Subject>): number {
  return difference * (descendants.has(a) !== descendants.has(b) ? MERGE_FACTOR : 1)
}

/** For every copy whose original is here, the edge to the nearest one that is no copy itself. */
function copyEdges(edges: Edge[]): Edge[] {
  const candidates = edges.filter(({ verdict }) => isCopy(verdict))
  const copies = new Set(candidates.map(copyOf))
  const nearest = new Map<Subject, Edge>()
  for (const edge of candidates) {
    const copy = copyOf(edge)
    const known = nearest.get(copy)
    if (copies.has(otherEnd(edge.comparison, copy))) continue
    if (!known || edge.comparison.difference < known.comparison.difference) nearest.set(copy, edge)
  }
  return [...nearest.values()]
}

function copyOf({ comparison, verdict }: Edge): Subject {
  return verdict.parent === 'a' ? comparison.b : comparison.a
}

/** Merges, their copies, and what was trained on from them. */
function mergeDescendants(edges: Edge[], merges: Combination[]): Set<Subject> {
  const between = distancesBetween(edges)
  return new Set(
    merges.flatMap((merge) => {
      const around = edges.filter(({ comparison: { a, b } }) => a === merge.child || b === merge.child)
      const copies = around.filter(({ verdict }) => isCopy(verdict)).map(copyOf)
      const others = around.map(({ comparison }) => otherEnd(comparison, merge.child))
      return [merge.child, ...copies, ...others.filter((model) => isBuiltOn(merge, model, between))]
    }),
  )
}

type Distances = (x: Subject, y: Subject) => number

function distancesBetween(edges: Edge[]): Distances {
  const byEnd = new Map<Subject, Map<Subject, number>>()
  for (const { comparison } of edges)
    for (const end of [comparison.a, comparison.b]) {
      if (!byEnd.has(end)) byEnd.set(end, new Map())
      byEnd.get(end)!.set(otherEnd(comparison, end), comparison.apart)
    }
  return (x, y) => byEnd.get(x)?.get(y) ?? Number.NaN
}

/** Whether a model was trained on from a merge, and is not the one its parents were trained from. */
function isBuiltOn({ child, parents }: Combination, model: Subject, between: Distances): boolean {
  const squares = parents.map(({ subject }) => between(model, subject) ** 2)
  // judged on the merge's own scale: a model far away stands at right angles to anything
  const isRight = parents.every(({ subject }, i) => {
    const [side, far] = [between(child, subject), between(model, child)]
    return Math.abs(far ** 2 + side ** 2 - squares[i]!) <= RIGHT_ANGLE * side ** 2 + FAR_ANGLE * side * far
  })
  const weights = parents.map(({ weight }) => weight)
  const isUneven = Math.max(...weights) - Math.min(...weights) > EVEN_WEIGHTS
  return (
    isRight &&
    (isUneven ||
      isAmid(
        parents.map(({ subject }) => subject),
        squares,
        between,
      ))
  )
}

/** Seen from their base the parents' changes do not oppose each other; seen from a near child of the merge they do. */
function isAmid(parents: Subject[], squares: number[], between: Distances): boolean {
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
