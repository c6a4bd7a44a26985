import type { Comparison } from './comparison.ts'
import type { Merge } from './merge.ts'
import { type Edge, edgeOf, isCopy } from './relation.ts'
import type { Subject } from './subject.ts'

/** A copy rounded or quantised from a model that is here is less likely to have been built upon than that model. */
const COPY_FACTOR = 1.05

/** Other models lie as near to a merge as to its parents without descending from it; only much nearer ones do. */
const MERGE_FACTOR = 2

/**
 * The edges between nearest relatives: the minimum spanning tree of every family over the distances, merges being joined to
 * their parents already (docs/lineage.md, section 5).
 */
export function familyEdges(related: Comparison[], merges: Merge[]): Edge[] {
  const edges = related.map(edgeOf)
  const copies = copiedEnds(edges)
  const costs = new Map(edges.map((edge) => [edge, costOf(edge, copies, merges)]))
  const joined = new DisjointSets<Subject>()
  for (const merge of merges) for (const parent of merge.parents) joined.join(merge.child, parent.subject)
  const ordered = [...edges].sort((x, y) => costs.get(x)! - costs.get(y)!)
  return ordered.filter(({ comparison }) => joined.join(comparison.a, comparison.b))
}

function costOf({ comparison, verdict }: Edge, copies: Set<Subject>, merges: Merge[]): number {
  const { a, b, apart } = comparison
  if (isCopy(verdict)) return apart
  const viaMerge = merges.some(({ child }) => child === a || child === b)
  return apart * (viaMerge ? MERGE_FACTOR : 1) * (copies.has(a) || copies.has(b) ? COPY_FACTOR : 1)
}

function copiedEnds(edges: Edge[]): Set<Subject> {
  const copies = edges.filter(({ verdict }) => isCopy(verdict))
  return new Set(copies.map(({ comparison, verdict }) => (verdict.parent === 'a' ? comparison.b : comparison.a)))
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
