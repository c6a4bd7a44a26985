import type { ChangeKind } from '../contract/scan.ts'
import { type Part, partOf } from './assembly.ts'
import { mayBeOfLowRank } from './changes.ts'
import { type Comparison, total } from './comparison.ts'
import { keptIn } from './kept.ts'
import type { Relation } from './lineage.ts'
import { type Making, makingOf } from './making.ts'
import { FAMILY_ERROR, isRelated } from './related.ts'
import { edgeOf, isCopy, namedRelation, plainRelation } from './relation.ts'

/** What is kept of a pair of models once their tensors are put away: enough to build families. Ends are model ids. */
export interface Kin {
  a: string
  b: string
  /** As in `Comparison`. */
  p: number | null
  difference: number
  similarity: number
  /** Elements of each. */
  size: Ends<number>
  /** What it takes to make each of the other one, in elements. */
  making: Making
  /** What of each came from the other one unchanged. */
  parts: Ends<Part>
  /** Share of single elements that are equal, in what differs. */
  kept: number
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
  const { a, b, p, difference, similarity } = comparison
  const kinship = isRelated(comparison, tested)
  if (!kinship && p !== null) return null
  const size = { a: total(a.weights), b: total(b.weights) }
  const kin = {
    a: a.id,
    b: b.id,
    p,
    difference,
    similarity,
    size,
    making: makingOf(comparison),
    kept: keptIn(comparison),
    parts: { a: partOf(comparison, 'a'), b: partOf(comparison, 'b') },
  }
  if (!kinship) return { ...kin, copy: null, relation: null, isOpen: false }
  const edge = edgeOf(comparison)
  const copy = isCopy(edge.verdict) ? (edge.verdict.parent === 'a' ? 'b' : 'a') : null
  return { ...kin, copy, relation: plainRelation(edge), isOpen: mayBeOfLowRank(comparison) }
}

/** The same with a change of low rank called by its name. `comparison` is of the same two models. */
export function named(kin: Related, comparison: Comparison): Related {
  const relation = namedRelation(comparison)
  const isWhole = relation.changes.every((change) => !UNNAMED.has(change))
  const share = isWhole ? NAMED * shareOfRank(relation, comparison) : 1
  return { ...kin, making: makingOf(comparison, share), relation, isOpen: false }
}

/** Changes that anything could have made. */
const UNNAMED: ReadonlySet<ChangeKind> = new Set(['fine-tuned', 'unclear'])

/** Two models differ by a few directions alone where one was made of the other, or both of a third. */
const NAMED = 0.5

/** Numbers that a change of that rank takes ÷ elements of the matrices. */
function shareOfRank({ changes, details }: Relation, { match }: Comparison): number {
  const rank = changes.includes('direction-ablated') ? 1 : details['rank']
  if (typeof rank !== 'number') return 1
  const shapes = match.pairs.map(({ a }) => a.print).filter(({ rows }) => rows > 1)
  const [taken, all] = [
    shapes.reduce((sum, { rows, columns }) => sum + rank * (rows + columns), 0),
    shapes.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
  ]
  return Math.min(1, taken / all)
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
