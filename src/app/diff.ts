import type { DiffReport } from '../contract/diff.ts'
import { changeOf, type ExplainedTensor } from '../explain/change.ts'
import { layerMap } from '../explain/layers.ts'
import { type TensorPair, tensorDiff } from '../explain/pair.ts'
import type { Permutation } from '../explain/permutation.ts'
import type { Print, TensorPrint } from '../identify/print.ts'
import { type Comparison, compare } from '../relate/comparison.ts'
import { innerOf, squaredDistance } from '../relate/likeness.ts'
import type { Relation } from '../relate/lineage.ts'
import type { Pair } from '../relate/pair.ts'
import { relate } from '../relate/relate.ts'
import { subjectOf } from '../relate/subject.ts'
import type { TensorChange } from '../relate/tensor-change.ts'
import { type WeightPairs, withWeights } from './diff-weights.ts'
import { claimsOf, type EndOptions, type ModelEnd, modelEnd } from './model-end.ts'
import { summaryOf } from './model-summary.ts'
import type { ScanProgress } from './scan.ts'

/** A diff before its messages are put into words. */
export type Diff = Omit<DiffReport, 'unanswered'> & { unanswered: DiffReport['unanswered'][number]['code'][] }

/** What was changed from one model to another: over all weights where both are at hand, else from their prints. */
export async function diff(
  parentReference: string,
  childReference: string,
  options: EndOptions,
  progress: ScanProgress,
): Promise<Diff> {
  const parent = await modelEnd(parentReference, options, progress)
  const child = await modelEnd(childReference, options, progress)
  progress.onPhase('relating', 2)
  const claims = await claimsOf(child, [{ end: parent, reference: parentReference }], options.estate)
  return withWeights(parent, child, progress.onBytes, async (weights) => {
    if (weights) progress.onTotal(4 * (parent.print.parameters + child.print.parameters))
    return { ...explained(parent, child, weights), claims }
  })
}

function explained(parent: ModelEnd, child: ModelEnd, weights: WeightPairs | null): Omit<Diff, 'claims'> {
  const comparison = compareEnds(parent.print, child.print)
  const [relation] = parent.print.id === child.print.id ? [] : relate([parent.print, child.print]).relations
  const { permuted, parentLeft, childLeft, pairs } = correspondence(comparison, weights)
  const tensors = [
    ...pairs.map((pair) => explainedPair(pair, weights)),
    ...permuted.map(({ pair, found }) => permutedTensor(pair, found)),
  ]
  const childRoles = rolesOf(child)
  const map = layerMap([...pairs, ...permuted.map(({ pair }) => pair)].map(rolesOfPair), childRoles)
  const isPermuted = elementsOf(permuted.map(({ pair }) => pair.parent)) > MIN_PERMUTED_SHARE * parent.print.parameters
  const change = changeOf(relation ?? null, tensors, { map, parentRoles: rolesOf(parent) })
  const sides = sideFilesOf(parent, child)
  return {
    schema: 'yukue.diff/1',
    parent: parent.print.id,
    child: child.print.id,
    names: { parent: parent.name, child: child.name },
    related: relation !== undefined || isPermuted || parent.print.id === child.print.id,
    ...change,
    changes: withConfiguration(change.changes, parent, child, sides),
    ...directionOf(relation, parent.print.id === child.print.id, change.changes.includes('pruned')),
    reversed: relation?.direction === 'known' && relation.child === parent.print.id,
    p: relation ? relation.p : comparison.p,
    similarity: relation ? relation.similarity : comparison.similarity,
    ...(relation === undefined && isPermuted ? permutedEvidence(tensors) : {}),
    basis: weights ? 'weights' : 'print',
    unanswered: unanswered(pairs, weights),
    layers: map,
    quantisation: {
      parent: summaryOf(parent.print).quantisation,
      child: summaryOf(child.print).quantisation,
    },
    tensors: tensors.map(({ elements: _, zeroed: __, ...tensor }) => tensor),
    onlyInParent: parentLeft.map(({ name }) => name),
    onlyInChild: childLeft.map(({ name }) => name),
    sideFiles: sides,
  }
}

/** An adapter's factors are no weights, and compare with those of no model. */
function compareEnds(parent: Print, child: Print): Comparison {
  if ((parent.adapter === undefined) === (child.adapter === undefined))
    return compare(subjectOf(parent), subjectOf(child))
  const comparison = compare({ id: parent.id, weights: [] }, { id: child.id, weights: [] })
  const match = { ...comparison.match, onlyInA: subjectOf(parent).weights, onlyInB: subjectOf(child).weights }
  return { ...comparison, match }
}

/** Neurons in another order make a copy when most of the weights are so. */
const MIN_PERMUTED_SHARE = 0.5

/** Weights that are zero in the child alone were there before it. */
function directionOf(
  relation: Relation | undefined,
  isSame: boolean,
  isPruned: boolean,
): Pick<Diff, 'direction' | 'status'> {
  if (isSame) return { direction: 'undetermined', status: 'verified' }
  const direction = isPruned ? 'known' : (relation?.direction ?? 'undetermined')
  return { direction, status: relation?.status ?? 'inferred' }
}

/** What is in another order has no likeness by place, and nothing to be tested by it. */
function permutedEvidence(tensors: readonly ExplainedTensor[]): Pick<Diff, 'status' | 'p' | 'similarity'> {
  const isExact = tensors.every(({ relativeDistance }) => (relativeDistance ?? 1) <= EXACT_DISTANCE)
  const known = tensors.filter(({ cosine }) => cosine !== null)
  const elements = known.reduce((sum, tensor) => sum + tensor.elements, 0)
  const similarity = known.reduce((sum, tensor) => sum + tensor.cosine! * tensor.elements, 0) / Math.max(1, elements)
  return { status: isExact ? 'verified' : 'inferred', p: null, similarity: Math.min(1, similarity) }
}

/** Sums in another order leave this much of equal values. */
const EXACT_DISTANCE = 1e-6

interface Correspondence {
  pairs: TensorPair[]
  permuted: { pair: TensorPair; found: Permutation }[]
  parentLeft: TensorPrint[]
  childLeft: TensorPrint[]
}

/** Less alike than this, two tensors of one place may be one with its rows in another order. */
const UNLIKE = 0.9

/** What `relate` matched; of what is left over, tables of another length and tensors in another order. */
function correspondence({ match, changes }: Comparison, weights: WeightPairs | null): Correspondence {
  const matched = match.pairs.map((pair, at) => ({ pair: pairOf(pair, changes[at]!), source: pair }))
  // norm vectors of strangers are alike already; they are taken for permuted only where every value is there
  const isWeak = ({ pair: { parent, child, estimate } }: { pair: TensorPair }) =>
    parent.digest !== child.digest && (parent.rows === 1 || (estimate?.cosine ?? 1) < UNLIKE)
  const weak = weights ? matched.filter(isWeak) : []
  const left = leftOver(match)
  const loose = {
    parents: [...left.parents, ...weak.map(({ pair }) => pair.parent)],
    children: [...left.children, ...weak.map(({ pair }) => pair.child)],
  }
  const permuted = weights ? permutedAmong(loose.parents, loose.children, weights) : []
  const taken = new Set(permuted.flatMap(({ pair }) => [pair.parent, pair.child]))
  const kept = matched.map(({ pair }) => pair).filter(({ parent, child }) => !taken.has(parent) && !taken.has(child))
  const held = new Set(kept.flatMap(({ parent, child }) => [parent, child]))
  const isFree = (print: TensorPrint) => !taken.has(print) && !held.has(print)
  const [parents, children] = [loose.parents.filter(isFree), loose.children.filter(isFree)]
  const resized = weights ? resizedAmong(parents, children) : []
  const sized = new Set(resized.flatMap(({ parent, child }) => [parent, child]))
  return {
    pairs: [...kept, ...resized],
    permuted,
    parentLeft: parents.filter((print) => !sized.has(print)),
    childLeft: children.filter((print) => !sized.has(print)),
  }
}

/** What has no counterpart of its own size, of which part may stand in a larger one or a second time. */
function leftOver({ pairs, repeats, resized, cut, onlyInA, onlyInB }: Comparison['match']) {
  const matched = new Set(pairs.flatMap(({ a, b }) => [a, b]))
  const partly = [...repeats, ...resized, ...cut]
  const rest = (weights: Pair['a'][]) =>
    [...new Set(weights)].filter((weight) => !matched.has(weight)).map(({ print }) => print)
  return {
    parents: rest([...onlyInA, ...partly.map(({ a }) => a)]),
    children: rest([...onlyInB, ...partly.map(({ b }) => b)]),
  }
}

/** What was done to a model is named over all its tensors; of one alone is told whether its values moved. */
function statusOf({ kind }: TensorChange): TensorPair['status'] {
  return kind === 'pruned' ? 'changed' : kind === 'scaled' ? 'converted' : kind
}

function pairOf({ a, b, transposed }: Pair, change: TensorChange): TensorPair {
  const norms = a.norm * b.norm
  const cosine = norms === 0 ? 0 : innerOf({ ...a }, b, transposed) / norms
  const scale = Math.max(a.norm, b.norm)
  const distance = scale === 0 ? 0 : Math.sqrt(squaredDistance(a, b, transposed)) / scale
  return {
    parent: a.print,
    child: b.print,
    transposed,
    status: statusOf(change),
    estimate:
      a.sketch && b.sketch
        ? { cosine: Math.max(-1, Math.min(1, cosine)), relativeDistance: distance, delta: deltaOf(a, b, transposed) }
        : null,
  }
}

/** Sketches are linear: that of a difference is the difference of the two. */
function deltaOf(a: Pair['a'], b: Pair['b'], transposed: boolean) {
  const { height, width } = a
  if (a.print.rows === 1 || !a.sketch || !b.sketch) return null
  const values = Float64Array.from(a.sketch, (value, at) => {
    const other = transposed ? (at % width) * height + Math.floor(at / width) : at
    return b.sketch![other]! - value
  })
  return { height, width, values }
}

/** By role: two models in one order of layers; what no role tells is not searched for among all others. */
function permutedAmong(
  parents: readonly TensorPrint[],
  children: readonly TensorPrint[],
  weights: WeightPairs,
): { pair: TensorPair; found: Permutation }[] {
  const byRole = new Map(children.map((child) => [child.role, child]))
  return parents.flatMap((parent) => {
    const child = byRole.get(parent.role)
    const found = child ? weights.permutation(parent, child) : null
    if (!child || !found) return []
    return [{ pair: { parent, child, transposed: false, status: 'permuted' as const, estimate: null }, found }]
  })
}

/** Tables of one width and role with more or fewer rows: compared on the rows they have in common. */
function resizedAmong(parents: readonly TensorPrint[], children: readonly TensorPrint[]): TensorPair[] {
  const byRole = new Map(children.map((child) => [child.role, child]))
  return parents.flatMap((parent) => {
    const child = byRole.get(parent.role)
    if (!child || parent.rows < 2 || child.columns !== parent.columns || child.rows === parent.rows) return []
    return [{ parent, child, transposed: false, status: 'resized' as const, estimate: null }]
  })
}

function explainedPair(pair: TensorPair, weights: WeightPairs | null): ExplainedTensor {
  const isEqual = pair.parent.digest === pair.child.digest
  const difference = isEqual ? null : (weights?.difference(pair.parent, pair.child, pair.transposed) ?? null)
  const told = tensorDiff(pair, difference)
  return {
    ...told,
    basis: isEqual && weights ? 'weights' : told.basis,
    elements: pair.parent.invariants.count,
    zeroed: difference?.zeroed ?? (isEqual && weights ? 0 : null),
  }
}

function permutedTensor(pair: TensorPair, { cosine, relativeDistance }: Permutation): ExplainedTensor {
  const told = tensorDiff(pair, null)
  const elements = pair.parent.invariants.count
  return { ...told, basis: 'weights', cosine, relativeDistance, elements, zeroed: null }
}

function rolesOfPair({ parent, child }: TensorPair) {
  return { parentRole: parent.role, childRole: child.role, elements: parent.invariants.count }
}

function rolesOf({ print }: ModelEnd): string[] {
  return print.tensors.filter(({ standing }) => standing === 'weight').map(({ role }) => role)
}

function elementsOf(tensors: readonly TensorPrint[]): number {
  return tensors.reduce((sum, { invariants }) => sum + invariants.count, 0)
}

/** What the prints leave open, for these two models. */
function unanswered(pairs: readonly TensorPair[], weights: WeightPairs | null): Diff['unanswered'] {
  if (weights) return []
  const differing = pairs.filter(({ parent, child }) => parent.digest !== child.digest)
  const open: Diff['unanswered'] = []
  if (differing.length > 0) open.push('exact-distances', 'changed-elements')
  if (differing.some(({ status }) => status === 'changed')) open.push('exact-rank')
  if (differing.some(({ estimate }) => estimate === null)) open.push('small-tensors')
  return [...open, 'permutation']
}

function sideFilesOf(parent: ModelEnd, child: ModelEnd): DiffReport['sideFiles'] {
  if (parent.candidate === null || child.candidate === null) return []
  const [before, after] = [parent, child].map(
    ({ sideFiles }) => new Map(sideFiles.map((side) => [side.path.split('/').at(-1)!, side])),
  )
  const names = [...new Set([...before!.keys(), ...after!.keys()])].sort()
  return names.map((path) => {
    const [old, now] = [before!.get(path), after!.get(path)]
    const role = (old ?? now)!.role
    if (!old) return { role, path, status: 'added' }
    if (!now) return { role, path, status: 'removed' }
    return { role, path, status: old.sha256 === now.sha256 ? 'equal' : 'changed' }
  })
}

/** Files that only say what a model is do not change what it does. */
const SPEAKING_ONLY = new Set(['card', 'license'])

function withConfiguration(
  changes: Diff['changes'],
  parent: ModelEnd,
  child: ModelEnd,
  sides: DiffReport['sideFiles'],
): Diff['changes'] {
  const differs = sides.some(({ role, status }) => status === 'changed' && !SPEAKING_ONLY.has(role))
  if (!differs || parent.print.id !== child.print.id || changes.includes('configuration-changed')) return changes
  return [...changes, 'configuration-changed']
}
