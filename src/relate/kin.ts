import { type Part, partOf } from './assembly.ts'
import { mayBeOfLowRank } from './changes.ts'
import { type Comparison, total } from './comparison.ts'
import type { Relation } from './lineage.ts'
import { FAMILY_ERROR, isRelated } from './related.ts'
import { edgeOf, isCopy, namedRelation, plainRelation } from './relation.ts'

/** What is kept of a pair of models once their tensors are put away: enough to build families. Ends are model ids. */
export interface Kin {
  a: string
  b: string
  /** As in `Comparison`. */
  p: number | null
  apart: number
  difference: number
  similarity: number
  /** Elements of each. */
  size: Ends<number>
  /** What it takes to make each of the other one. */
  making: Ends<number>
  /** What of each came from the other one unchanged. */
  parts: Ends<Part>
  /** The end that is only the other one in other storage. */
  copy: 'a' | 'b' | null
  /** Null for two of too few tensors to tell: these can be parents and child of a merge only. */
  relation: Relation | null
  /** Whether a change of low rank may yet be told in it, which takes longer than all the rest (`named`). */
  isOpen: boolean
}

interface Ends<T> {
  a: T
  b: T
}

/** Null for strangers. `tested` is the number of pairs that had the chance to be related. */
export function kinOf(comparison: Comparison, tested: number): Kin | null {
  const { a, b, p, apart, difference, similarity, match, moved } = comparison
  const kinship = isRelated(comparison, tested)
  if (!kinship && p !== null) return null
  const size = { a: total(a.weights), b: total(b.weights) }
  const [onlyInA, onlyInB] = [total(match.onlyInA), total(match.onlyInB)]
  const all = Math.max(size.a, size.b)
  const cost = (fresh: number, gone: number) => (all === 0 ? 0 : (moved + fresh + LEFT_OUT * gone) / all)
  const kin = {
    a: a.id,
    b: b.id,
    p,
    apart,
    difference,
    similarity,
    size,
    making: { a: cost(onlyInA, onlyInB), b: cost(onlyInB, onlyInA) },
    parts: { a: partOf(comparison, 'a'), b: partOf(comparison, 'b') },
  }
  if (!kinship) return { ...kin, copy: null, relation: null, isOpen: false }
  const edge = edgeOf(comparison)
  const copy = isCopy(edge.verdict) ? (edge.verdict.parent === 'a' ? 'b' : 'a') : null
  return { ...kin, copy, relation: plainRelation(edge), isOpen: mayBeOfLowRank(comparison) }
}

/** What is left out costs a tenth of what is new. */
const LEFT_OUT = 0.1

/** The same with a change of low rank called by its name. `comparison` is of the same two models. */
export function named(kin: Related, comparison: Comparison): Related {
  return { ...kin, relation: namedRelation(comparison), isOpen: false }
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

export function otherEnd({ a, b }: Pick<Kin, 'a' | 'b'>, end: string): string {
  return a === end ? b : a
}

/** The copy of a pair, the end that was stored otherwise. */
export function copyIn({ a, b, copy }: Kin): string | null {
  return copy === null ? null : copy === 'a' ? a : b
}

/** The pairs that each model is in. */
export function kinByModel<T extends Kin>(kin: readonly T[]): Map<string, T[]> {
  const byModel = new Map<string, T[]>()
  for (const pair of kin)
    for (const end of [pair.a, pair.b]) {
      const list = byModel.get(end)
      if (list) list.push(pair)
      else byModel.set(end, [pair])
    }
  return byModel
}
