import type { ChangeKind } from '../contract/scan.ts'
import type { Comparison } from './comparison.ts'
import type { Relation } from './lineage.ts'
import { bestMerge, candidateFrom, type Merge } from './merge.ts'
import { edgeOf, isCopy } from './relation.ts'
import type { Subject } from './subject.ts'

/** Left over by rounding the merged weights to f16 or bf16, or by a spherical instead of a straight mean. */
const CLEAN_RESIDUAL = 0.05

/**
 * A base model lies between its fine-tunes too: between two at right angles .71 of the distance is left over, between three .58,
 * and of two checkpoints around a third on one training run about half. What is reported as merged must leave clearly less.
 */
const MERGED_RESIDUAL = 0.4

/** Where too few tensors make a family, only an exact combination counts: f32 arithmetic leaves about 1e-7. */
const EXACT_RESIDUAL = 1e-6

/** All merges whose parents are at hand. */
export function mergesAmong(comparisons: Comparison[], related: Comparison[]): Merge[] {
  const copies = copiesAmong(related)
  const kin = new Set(related)
  const neighbours = neighboursOf(comparisons.filter((comparison) => kin.has(comparison) || comparison.p === null))
  return [...neighbours].flatMap(([child, around]) => {
    if (copies.has(child)) return []
    const candidates = around
      .filter((comparison) => !copies.has(otherEnd(comparison, child)))
      .map((comparison) => candidateFrom(comparison, child))
    const merge = bestMerge(child, candidates)
    return merge &&
      isMerge(
        merge,
        around.every((comparison) => comparison.p === null),
      )
      ? [merge]
      : []
  })
}

function isMerge(merge: Merge, fewTensors: boolean): boolean {
  return fewTensors ? merge.relativeResidual < EXACT_RESIDUAL : merge.residual < MERGED_RESIDUAL
}

/** Rounded or quantised copies of a model that is here too: neither parent nor child of a merge, their original is. */
function copiesAmong(related: Comparison[]): Set<Subject> {
  const copies = related.flatMap((comparison) => {
    const { verdict } = edgeOf(comparison)
    return isCopy(verdict) ? [verdict.parent === 'a' ? comparison.b : comparison.a] : []
  })
  return new Set(copies)
}

export function otherEnd({ a, b }: Comparison, end: Subject): Subject {
  return a === end ? b : a
}

function neighboursOf(comparisons: Comparison[]): Map<Subject, Comparison[]> {
  const neighbours = new Map<Subject, Comparison[]>()
  for (const comparison of comparisons)
    for (const end of [comparison.a, comparison.b]) {
      const list = neighbours.get(end)
      if (list) list.push(comparison)
      else neighbours.set(end, [comparison])
    }
  return neighbours
}

export function mergeRelation(
  { child, parents, residual, relativeResidual }: Merge,
  comparisons: Comparison[],
): Relation {
  const between = comparisons.filter((comparison) =>
    parents.some(
      ({ subject }) => [comparison.a, comparison.b].includes(subject) && [comparison.a, comparison.b].includes(child),
    ),
  )
  const changes: ChangeKind[] = ['merged']
  if (child.weights.some((weight) => weight.print.encoding)) changes.push('quantised')
  if (residual > CLEAN_RESIDUAL && relativeResidual >= EXACT_RESIDUAL) changes.push('unclear')
  const ps = between.map((comparison) => comparison.p)
  return {
    child: child.id,
    parents: parents.map(({ subject, weight }) => ({ id: subject.id, weight: Number(weight.toFixed(4)) })),
    changes,
    direction: 'known',
    status: 'inferred',
    p: ps.some((p) => p === null) ? null : Math.max(...ps.map((p) => p!)),
    similarity: Math.max(...between.map((comparison) => comparison.similarity)),
    details: { weights: parents.map(({ weight }) => weight), method: 'linear', residual },
  }
}
