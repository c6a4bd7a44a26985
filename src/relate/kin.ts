import type { Comparison } from './comparison.ts'
import type { Relation } from './lineage.ts'
import { FAMILY_ERROR, isRelated } from './related.ts'
import { edgeOf, edgeRelation, isCopy } from './relation.ts'

/** What is kept of a pair of models once their tensors are put away: enough to build families. Ends are model ids. */
export interface Kin {
  a: string
  b: string
  /** As in `Comparison`. */
  p: number | null
  apart: number
  difference: number
  similarity: number
  /** The end that is only the other one in other storage. */
  copy: 'a' | 'b' | null
  /** Null for two of too few tensors to tell: these can be parents and child of a merge only. */
  relation: Relation | null
}

/** Null for strangers. `tested` is the number of pairs that had the chance to be related. */
export function kinOf(comparison: Comparison, tested: number): Kin | null {
  const { a, b, p, apart, difference, similarity } = comparison
  const kin = { a: a.id, b: b.id, p, apart, difference, similarity }
  if (!isRelated(comparison, tested)) return p === null ? { ...kin, copy: null, relation: null } : null
  const edge = edgeOf(comparison)
  const copy = isCopy(edge.verdict) ? (edge.verdict.parent === 'a' ? 'b' : 'a') : null
  return { ...kin, copy, relation: edgeRelation(edge) }
}

/** Whether a pair found among fewer models is still beyond chance among more. */
export function isStillRelated({ p, relation }: Kin, tested: number): boolean {
  return relation === null || p === null || p * tested < FAMILY_ERROR
}

/** A pair that is related, with its relation. */
export type Related = Kin & { relation: Relation }

export function related(kin: readonly Kin[]): Related[] {
  return kin.filter((pair): pair is Related => pair.relation !== null)
}

export function otherEnd({ a, b }: Kin, end: string): string {
  return a === end ? b : a
}

/** The copy of a pair, the end that was stored otherwise. */
export function copyIn({ a, b, copy }: Kin): string | null {
  return copy === null ? null : copy === 'a' ? a : b
}

/** The pairs that each model is in. */
export function kinByModel(kin: readonly Kin[]): Map<string, Kin[]> {
  const byModel = new Map<string, Kin[]>()
  for (const pair of kin)
    for (const end of [pair.a, pair.b]) {
      const list = byModel.get(end)
      if (list) list.push(pair)
      else byModel.set(end, [pair])
    }
  return byModel
}
