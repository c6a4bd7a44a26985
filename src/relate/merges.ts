import type { ChangeKind } from '../contract/scan.ts'
import { type Assembly, partText } from './assembly.ts'
import type { Comparison } from './comparison.ts'
import type { Relation } from './lineage.ts'
import { bestMerge, type Combination, candidateFrom, importance, type Left, type Merge, settingOf } from './merge.ts'
import { recombination, sphericalOr, withoutBase } from './recombination.ts'
import { edgeOf, isCopy } from './relation.ts'
import { roundingError } from './rounding.ts'
import type { Subject } from './subject.ts'

/** Left over by a spherical instead of a straight mean: a quarter of the squared angle between the parents. */
const CLEAN_RESIDUAL = 0.05

/**
 * A merge stored on a grid or in half precision leaves that rounding over, and where it reaches so far the combination is no longer
 * to be told from chance: of a checkpoint amid one training run sin(θ/2) of the way to the next is left over, θ being the angle
 * between the steps (.71 where they are unrelated); of a base between its fine-tunes .71, or .58 between three.
 */
const ROUNDED_RESIDUAL = 0.4

/** Where too few tensors make a family, only an exact combination counts: f32 arithmetic leaves about 1e-7. */
const EXACT_RESIDUAL = 1e-6

/**
 * All merges whose parents are at hand. First those that need nothing but their parents; what is left may be put together about a base,
 * but not from merges, of which one of their parents is an affine combination as well.
 */
export function mergesAmong(comparisons: Comparison[], related: Comparison[]): Merge[] {
  const copies = copiesAmong(related)
  const kin = new Set(related)
  const neighbours = neighboursOf(comparisons.filter((comparison) => kin.has(comparison) || comparison.p === null))
  const settings = [...neighbours].flatMap(([child, around]) => {
    if (copies.has(child)) return []
    const candidates = around
      .filter((comparison) => !copies.has(otherEnd(comparison, child)))
      .map((comparison) => candidateFrom(comparison, child))
    const setting = settingOf(child, candidates)
    return setting ? [{ setting, fewTensors: around.every((comparison) => comparison.p === null) }] : []
  })
  const plain = settings.flatMap(({ setting, fewTensors }) => {
    const merge = bestMerge(setting, (left) => isMerge(left, fewTensors))
    return merge ? [merge.parents.length === 2 ? sphericalOr(merge, setting) : withoutBase(merge, setting)] : []
  })
  const merged = new Set(plain.map(({ child }) => child))
  const others = settings.filter(({ setting, fewTensors }) => !fewTensors && !merged.has(setting.child))
  const recombined = others.flatMap(
    ({ setting }) => recombination(setting, merged, (left) => isMerge(left, false)) ?? [],
  )
  return [...plain, ...recombined]
}

function isMerge(left: Left, fewTensors: boolean): boolean {
  const isStored = left.relativeResidual < storageError(left.child)
  if (left.residual < ROUNDED_RESIDUAL && isStored) return true
  return fewTensors ? left.relativeResidual < EXACT_RESIDUAL : left.residual < CLEAN_RESIDUAL
}

/** What writing the child down has moved it by at most, relative to its size. */
function storageError({ weights }: Subject): number {
  let squares = 0
  let size = 0
  for (const weight of weights) {
    squares += importance(weight) * (roundingError(weight) * weight.norm) ** 2
    size += importance(weight) * weight.norm ** 2
  }
  return size === 0 ? 0 : Math.sqrt(squares / size)
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

/** Stored in half precision though the parents are not: what merging computed was rounded. */
function isNarrower(child: Subject, parents: Merge['parents']): boolean {
  const isHalf = ({ weights }: Subject) =>
    weights.every(({ print }) => print.exact === 'f16' || print.exact === 'bf16' || print.rows === 1)
  return isHalf(child) && !parents.some(({ subject }) => isHalf(subject))
}

export function mergeRelation(merge: Merge, comparisons: Comparison[]): Relation {
  const { child, parents, residual, method, base, density } = merge
  const changes: ChangeKind[] = ['merged']
  if (child.weights.some((weight) => weight.print.encoding)) changes.push('quantised')
  if (isNarrower(child, parents)) changes.push('converted-lossy')
  return {
    ...combinationRelation(merge, comparisons),
    parents: parents.map(({ subject, weight }) => ({ id: subject.id, weight: Number(weight.toFixed(4)) })),
    changes,
    direction: 'known',
    details: {
      weights: parents.map(({ weight }) => weight),
      method,
      ...(base ? { base: base.id } : {}),
      ...(density === null ? {} : { density }),
      residual,
    },
  }
}

export function assemblyRelation(assembly: Assembly, comparisons: Comparison[]): Relation {
  const { parents, known } = assembly
  return {
    ...combinationRelation(assembly, comparisons),
    parents: parents.map(({ subject }) => ({ id: subject.id, weight: null })),
    changes: ['assembled'],
    direction: known ? 'known' : 'undetermined',
    details: {
      parts: parents.map(({ subject, weight, from }) => ({ parent: subject.id, part: partText(from), share: weight })),
    },
  }
}

/** What every relation of several parents says: the weakest p of its sides, the nearest parent's likeness. */
function combinationRelation(
  { child, parents }: Combination,
  comparisons: Comparison[],
): Pick<Relation, 'child' | 'status' | 'p' | 'similarity'> {
  const between = comparisons.filter((comparison) =>
    parents.some(
      ({ subject }) => [comparison.a, comparison.b].includes(subject) && [comparison.a, comparison.b].includes(child),
    ),
  )
  const ps = between.map((comparison) => comparison.p)
  return {
    child: child.id,
    status: 'inferred',
    p: ps.some((p) => p === null) ? null : Math.max(...ps.map((p) => p!)),
    similarity: Math.max(...between.map((comparison) => comparison.similarity)),
  }
}
