import type { DiffReport, TensorDiff } from '../contract/diff.ts'
import type { ChangeKind } from '../contract/scan.ts'
import type { Relation } from '../relate/lineage.ts'
import { isIdentity } from './layers.ts'

/** What was done to the model, from its tensors. */
export type Change = Pick<DiffReport, 'changes' | 'details' | 'projections' | 'frozen'>

/** A tensor with its elements, and those that became zero where the weights were read. */
export interface ExplainedTensor extends TensorDiff {
  elements: number
  zeroed: number | null
}

/**
 * What `relate` says of the two models, sharpened by what only all the weights tell: the exact rank of an adapter, zeros, layers in
 * other places, permuted neurons.
 */
export function changeOf(
  relation: Pick<Relation, 'changes' | 'details'> | null,
  tensors: readonly ExplainedTensor[],
  layers: { map: readonly (number | null)[] | null; parentRoles: readonly string[] },
): Change {
  const changes = new Set<ChangeKind>(relation?.changes ?? [])
  const details: Record<string, unknown> = { ...relation?.details }
  const frozen = frozenShare(tensors)
  if (relation) addLayers(changes, details, layers)
  addPruning(changes, details, tensors)
  if (relation) addAdapter(changes, details, tensors)
  addPermutation(changes, tensors)
  if (changes.has('fine-tuned') || changes.has('adapter-merged')) details['frozen'] = frozen
  return { changes: [...changes], details, projections: projectionsOf(tensors), frozen }
}

function addLayers(
  changes: Set<ChangeKind>,
  details: Record<string, unknown>,
  { map, parentRoles }: { map: readonly (number | null)[] | null; parentRoles: readonly string[] },
): void {
  if (map === null || map.every((from) => from === null) || isIdentity(map, parentRoles)) return
  changes.add('layers-changed')
  details['map'] ??= map
}

/** Narrower matrices have few ranks, and any change of them is of low rank. */
const MIN_SIDE = 16

/** So many of the changed matrices must have a low-rank change; single ones may drown in rounding. */
const MIN_LOW_RANK_SHARE = 0.8

/** More of the changed elements than this outside of low-rank changes were trained besides. */
const NEGLIGIBLE_DENSE = 1e-3

/** Changes of low rank, or of part of the weights, that are no adapter's. */
const OTHER_CAUSES: readonly ChangeKind[] = ['direction-ablated', 'merged', 'pruned', 'adapter']

function addAdapter(
  changes: Set<ChangeKind>,
  details: Record<string, unknown>,
  tensors: readonly ExplainedTensor[],
): void {
  const changed = tensors.filter(({ status }) => status === 'changed')
  const matrices = changed.filter(({ shape }) => Math.min(...shape) >= MIN_SIDE)
  const low = matrices.filter(({ rank }) => rank !== null)
  if (low.length === 0 || low.length < MIN_LOW_RANK_SHARE * matrices.length) return
  if (OTHER_CAUSES.some((cause) => changes.has(cause))) return
  changes.add('adapter-merged')
  changes.delete('unclear')
  // one adapter has one rank nearly always, and rounding only ever hides directions
  details['rank'] = Math.max(...low.map(({ rank }) => rank!))
  details['targets'] = [...new Set(low.flatMap(({ projection }) => projection ?? []))].sort()
  const dense = elementsOf(changed.filter((tensor) => !low.includes(tensor) && !matrices.includes(tensor)))
  if (dense <= NEGLIGIBLE_DENSE * elementsOf(changed)) changes.delete('fine-tuned')
}

/** A tensor of which every changed element became zero was pruned, and trained no further. */
function addPruning(
  changes: Set<ChangeKind>,
  details: Record<string, unknown>,
  tensors: readonly ExplainedTensor[],
): void {
  const read = tensors.filter(({ status, zeroed }) => status === 'changed' && zeroed !== null)
  const pruned = read.filter(
    ({ zeroed, changed, elements }) => zeroed! > 0 && zeroed === Math.round(changed! * elements),
  )
  if (pruned.length === 0 || elementsOf(pruned) < elementsOf(read) / 2) return
  changes.add('pruned')
  details['sparsity'] ??= pruned.reduce((sum, { zeroed }) => sum + zeroed!, 0) / elementsOf(tensors)
  if (pruned.length < read.length) return
  changes.delete('fine-tuned')
  changes.delete('unclear')
}

function addPermutation(changes: Set<ChangeKind>, tensors: readonly ExplainedTensor[]): void {
  if (tensors.some(({ status }) => status === 'permuted')) changes.add('permuted')
}

function frozenShare(tensors: readonly ExplainedTensor[]): number {
  const all = elementsOf(tensors)
  return all === 0 ? 0 : elementsOf(tensors.filter(({ status }) => status === 'equal')) / all
}

function projectionsOf(tensors: readonly ExplainedTensor[]): DiffReport['projections'] {
  const groups = new Map<string, ExplainedTensor[]>()
  for (const tensor of tensors) {
    if (tensor.projection === null) continue
    const group = groups.get(tensor.projection)
    if (group) group.push(tensor)
    else groups.set(tensor.projection, [tensor])
  }
  return [...groups]
    .map(([projection, group]) => ({
      projection,
      tensors: group.length,
      changed: group.filter(({ status }) => status !== 'equal').length,
      relativeDistance: togetherOf(group),
      rank: group.reduce<number | null>((most, { rank }) => (rank === null ? most : Math.max(most ?? 0, rank)), null),
    }))
    .sort((a, b) => (b.relativeDistance ?? 0) - (a.relativeDistance ?? 0))
}

/** Root mean square of relative distances, by elements. */
function togetherOf(tensors: readonly Pick<ExplainedTensor, 'relativeDistance' | 'elements'>[]): number | null {
  const known = tensors.filter(({ relativeDistance }) => relativeDistance !== null)
  const elements = elementsOf(known)
  if (elements === 0) return null
  const squares = known.reduce((sum, tensor) => sum + tensor.elements * tensor.relativeDistance! ** 2, 0)
  return Math.sqrt(squares / elements)
}

function elementsOf(tensors: readonly { elements: number }[]): number {
  return tensors.reduce((sum, { elements }) => sum + elements, 0)
}
