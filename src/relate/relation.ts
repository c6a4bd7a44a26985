import type { ChangeKind } from '../contract/scan.ts'
import { namedVerdict, type Verdict, verdictOf } from './changes.ts'
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

/** With a change of low rank called by its name. */
export function namedRelation(comparison: Comparison): Relation {
  return relationOf(comparison, namedVerdict(comparison))
}

/** A change of low rank is called fine-tuned here. */
export function plainRelation({ comparison, verdict }: Edge): Relation {
  return relationOf(comparison, verdict)
}

function relationOf(comparison: Comparison, verdict: Verdict): Relation {
  const { mapFromA, mapFromB, ...details } = verdict.details as { mapFromA?: LayerMap; mapFromB?: LayerMap }
  const [parent, child] = endsOf(comparison, verdict)
  const map = parent === comparison.a ? mapFromA : mapFromB
  return {
    child: child.id,
    parents: [{ id: parent.id, weight: null }],
    changes: verdict.changes,
    direction: verdict.parent ? 'known' : 'undetermined',
    status: verdict.status,
    p: comparison.p,
    similarity: comparison.similarity,
    details: map ? { ...details, map } : details,
  }
}

/** For each layer of the child the parent's layer it is; null for a new one. */
type LayerMap = (number | null)[]

/**
 * Where nothing decides: an order to print, not a claim. The model that has a layer of the other twice stands last, else the
 * smaller one, else that of the greater id.
 */
function endsOf({ a, b }: Comparison, { parent, details }: Verdict): [Subject, Subject] {
  if (parent) return parent === 'a' ? [a, b] : [b, a]
  const repeats = ({ mapFromA = [], mapFromB = [] }: { mapFromA?: LayerMap; mapFromB?: LayerMap }) =>
    Number(hasTwins(mapFromB)) - Number(hasTwins(mapFromA))
  const first = -repeats(details) || sizeOf(a) - sizeOf(b) || (a.id < b.id ? 1 : -1)
  return first > 0 ? [a, b] : [b, a]
}

function hasTwins(map: LayerMap): boolean {
  const layers = map.filter((layer) => layer !== null)
  return new Set(layers).size < layers.length
}

function sizeOf(subject: Subject): number {
  return subject.weights.reduce((sum, weight) => sum + weight.print.invariants.count, 0)
}
