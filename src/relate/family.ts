import type { Comparison } from './comparison.ts'
import type { Merge } from './merge.ts'
import { otherEnd } from './merges.ts'
import { type Edge, edgeOf, isCopy } from './relation.ts'
import type { Subject } from './subject.ts'

/** A copy rounded or quantised from a model that is here is less likely to have been built upon than that model. */
const COPY_FACTOR = 1.05

/** Other models lie as near to a merge as to its parents without descending from it; only much nearer ones do … */
const MERGE_FACTOR = 2

/** … or those at right angles to its parents, as every new direction of training is: Pythagoras holds to this share. */
const RIGHT_ANGLE = 0.05

/** With weights nearer to each other than this, the parents' own base stands at right angles too … */
const EVEN_WEIGHTS = 0.1

/** … and only a model clearly within the sphere about the parents is the merge's. */
const OPPOSED = 0.8

/**
 * The edges between nearest relatives: the minimum spanning tree of every family over the distances, merges being joined to
 * their parents already (docs/lineage.md, section 5).
 */
export function familyEdges(related: Comparison[], merges: Merge[]): Edge[] {
  const edges = related.map(edgeOf)
  const copies = copiedEnds(edges)
  const descendants = mergeDescendants(edges, merges)
  const costs = new Map(edges.map((edge) => [edge, costOf(edge, copies, descendants)]))
  const joined = new DisjointSets<Subject>()
  for (const merge of merges) for (const parent of merge.parents) joined.join(merge.child, parent.subject)
  const ordered = [...edges].sort((x, y) => costs.get(x)! - costs.get(y)!)
  return ordered.filter(({ comparison }) => joined.join(comparison.a, comparison.b))
}

function costOf({ comparison, verdict }: Edge, copies: Set<Subject>, descendants: Set<Subject>): number {
  const { a, b, apart } = comparison
  if (isCopy(verdict)) return apart
  const viaMerge = descendants.has(a) !== descendants.has(b)
  return apart * (viaMerge ? MERGE_FACTOR : 1) * (copies.has(a) || copies.has(b) ? COPY_FACTOR : 1)
}

function copiedEnds(edges: Edge[]): Set<Subject> {
  return new Set(edges.filter(({ verdict }) => isCopy(verdict)).map(copyOf))
}

function copyOf({ comparison, verdict }: Edge): Subject {
  return verdict.parent === 'a' ? comparison.b : comparison.a
}

/** Merges, their copies, and what was trained on from them. */
function mergeDescendants(edges: Edge[], merges: Merge[]): Set<Subject> {
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
function isBuiltOn({ child, parents }: Merge, model: Subject, between: Distances): boolean {
  const squares = parents.map(({ subject }) => between(model, subject) ** 2)
  const isRight = parents.every(({ subject }, i) => {
    const sum = between(model, child) ** 2 + between(child, subject) ** 2
    return Math.abs(sum - squares[i]!) <= RIGHT_ANGLE * squares[i]!
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
