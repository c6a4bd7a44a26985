import type { ChangeKind } from '../contract/scan.ts'
import { type Verdict, verdictOf } from './changes.ts'
import type { Comparison } from './comparison.ts'
import type { Relation } from './lineage.ts'
import type { Subject } from './subject.ts'

/** An edge of a family: two related models and what was done between them. */
export interface Edge {
  comparison: Comparison
  verdict: Verdict
}

export function edgeOf(comparison: Comparison): Edge {
  return { comparison, verdict: verdictOf(comparison) }
}

/** Changes that only store a model otherwise. */
const STORAGE_CHANGES: ReadonlySet<ChangeKind> = new Set(['converted', 'converted-lossy', 'quantised'])

/** True when one end is only the other in other storage, and so is neither parent nor child of what was made from it. */
export function isCopy({ changes, parent }: Verdict): boolean {
  return parent !== null && changes.every((change) => STORAGE_CHANGES.has(change))
}

export function edgeRelation({ comparison, verdict }: Edge): Relation {
  const [parent, child] = endsOf(comparison, verdict)
  return {
    child: child.id,
    parents: [{ id: parent.id, weight: null }],
    changes: verdict.changes,
    direction: verdict.parent ? 'known' : 'undetermined',
    status: verdict.status,
    p: comparison.p,
    similarity: comparison.similarity,
    details: verdict.details,
  }
}

/** Where nothing decides, the larger model stands first, then the smaller id: an order to print, not a claim. */
function endsOf({ a, b }: Comparison, { parent }: Verdict): [Subject, Subject] {
  if (parent) return parent === 'a' ? [a, b] : [b, a]
  const larger = sizeOf(a) - sizeOf(b) || (a.id < b.id ? 1 : -1)
  return larger > 0 ? [a, b] : [b, a]
}

function sizeOf(subject: Subject): number {
  return subject.weights.reduce((sum, weight) => sum + weight.print.invariants.count, 0)
}
