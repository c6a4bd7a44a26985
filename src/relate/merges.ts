import type { ChangeKind } from '../contract/scan.ts'
import type { Glance } from './glance.ts'
import { copyIn, type Kin, kinByModel, otherEnd } from './kin.ts'
import type { Relation } from './lineage.ts'
import { match } from './match.ts'
import { bestMerge, candidateFrom, type Merge } from './merge.ts'
import { likelyParents } from './merge-screening.ts'
import { roundingError } from './rounding.ts'
import type { Subject } from './subject.ts'
import type { Asking, Models } from './wanted.ts'

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

/** The nearest of a model's kin among which the parents of a merge are looked for. */
const MAX_PARENTS = 24

/** The merges among `children` whose parents are at hand. */
export function* mergesAmong(
  children: readonly string[],
  kin: readonly Kin[],
  glances: ReadonlyMap<string, Glance>,
  models: Models,
): Asking<Relation[]> {
  const copies = new Set(kin.flatMap((pair) => copyIn(pair) ?? []))
  const byModel = kinByModel(kin)
  const merges: Relation[] = []
  for (const child of children) {
    const around = byModel.get(child) ?? []
    if (copies.has(child) || around.length < 2) continue
    const parents = around.filter((pair) => !copies.has(otherEnd(pair, child)))
    const nearest = parents.sort((x, y) => x.apart - y.apart).slice(0, MAX_PARENTS)
    const likely = yield* likelyParents(glances.get(child)!, otherEnds(nearest, child, glances), models)
    if (likely.length < 2) continue
    const fewTensors = around.every((pair) => pair.p === null)
    const merge = yield* mergeOf(child, likely, models, (left) => isMerge(left, fewTensors))
    if (merge) merges.push(mergeRelation(merge, nearest))
  }
  return merges
}

function otherEnds(pairs: Kin[], end: string, glances: ReadonlyMap<string, Glance>): Glance[] {
  return pairs.map((pair) => glances.get(otherEnd(pair, end))!)
}

function* mergeOf(
  child: string,
  likely: string[],
  models: Models,
  isGood: Parameters<typeof bestMerge>[2],
): Asking<Merge | null> {
  const [subject, ...parents] = yield* models.weights([child, ...likely])
  const candidates = parents.map((parent) =>
    candidateFrom({ a: subject!, b: parent, match: match(subject!, parent) }, subject!),
  )
  return bestMerge(subject!, candidates, isGood)
}

function isMerge(merge: Omit<Merge, 'parents'>, fewTensors: boolean): boolean {
  if (fewTensors) return merge.relativeResidual < EXACT_RESIDUAL
  if (merge.residual < CLEAN_RESIDUAL) return true
  return merge.residual < ROUNDED_RESIDUAL && merge.relativeResidual < storageError(merge.child)
}

/** What writing the child down has moved it by at most, relative to its size. */
function storageError({ weights }: Subject): number {
  let squares = 0
  let size = 0
  for (const weight of weights) {
    squares += (roundingError(weight) * weight.norm) ** 2
    size += weight.norm ** 2
  }
  return size === 0 ? 0 : Math.sqrt(squares / size)
}

/** Stored in half precision though the parents are not: what merging computed was rounded. */
function isNarrower(child: Subject, parents: Merge['parents']): boolean {
  const isHalf = ({ weights }: Subject) =>
    weights.every(({ print }) => print.exact === 'f16' || print.exact === 'bf16' || print.rows === 1)
  return isHalf(child) && !parents.some(({ subject }) => isHalf(subject))
}

function mergeRelation({ child, parents, residual }: Merge, around: readonly Kin[]): Relation {
  const between = around.filter((pair) => parents.some(({ subject }) => otherEnd(pair, child.id) === subject.id))
  const changes: ChangeKind[] = ['merged']
  if (child.weights.some((weight) => weight.print.encoding)) changes.push('quantised')
  if (isNarrower(child, parents)) changes.push('converted-lossy')
  const ps = between.map((pair) => pair.p)
  return {
    child: child.id,
    parents: parents.map(({ subject, weight }) => ({ id: subject.id, weight: Number(weight.toFixed(4)) })),
    changes,
    direction: 'known',
    status: 'inferred',
    p: ps.some((p) => p === null) ? null : Math.max(...ps.map((p) => p!)),
    similarity: Math.max(...between.map((pair) => pair.similarity)),
    details: { weights: parents.map(({ weight }) => weight), method: 'linear', residual },
  }
}
