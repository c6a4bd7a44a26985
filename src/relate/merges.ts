import type { ChangeKind } from '../contract/scan.ts'
import type { Glance } from './glance.ts'
import { copyIn, type Kin, kinByModel } from './kin.ts'
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

/** The nearest of a model among which the parents of a merge are looked for. */
const MAX_PARENTS = 24

/** A model and how far it is, by a comparison or a glance. */
export interface Neighbour {
  id: string
  distance: number
}

/** The merges among models whose parents are at hand, nearest neighbours by model. Copies take no part; their originals do. */
export function* mergesAmong(
  neighbours: ReadonlyMap<string, Neighbour[]>,
  kin: readonly Kin[],
  glances: ReadonlyMap<string, Glance>,
  models: Models,
): Asking<Merge[]> {
  const copies = new Set(kin.flatMap((pair) => copyIn(pair) ?? []))
  const byModel = kinByModel(kin)
  const merges: Merge[] = []
  for (const [child, around] of neighbours) {
    if (copies.has(child)) continue
    const originals = around.filter(({ id }) => !copies.has(id)).sort((x, y) => x.distance - y.distance)
    const nearest = originals.slice(0, MAX_PARENTS).map(({ id }) => glances.get(id)!)
    const likely = yield* likelyParents(glances.get(child)!, nearest, models)
    if (likely.length < 2) continue
    const fewTensors = (byModel.get(child) ?? []).every((pair) => pair.p === null)
    const merge = yield* mergeOf(child, likely, models, (left) => isMerge(left, fewTensors))
    if (merge) merges.push(merge)
  }
  return merges
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

export function mergeRelation({ child, parents, residual }: Merge, between: readonly Kin[]): Relation {
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
