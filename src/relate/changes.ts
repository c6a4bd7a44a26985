import type { ChangeKind } from '../contract/scan.ts'
import { ablationOf } from './ablation.ts'
import { type Comparison, countOf, total } from './comparison.ts'
import { extentParts, type Part } from './extent.ts'
import { placeOf } from './layers.ts'
import { lowRankOf, mayBeLowRank } from './low-rank.ts'
import type { Pair } from './pair.ts'
import { settledChanges, type TensorChange } from './tensor-change.ts'

/** What was done between the two ends of a comparison, and which end was there first where that shows. */
export interface Verdict {
  changes: ChangeKind[]
  /** The end that cannot be the child; null when nothing decides (docs/lineage.md, section 4). */
  parent: 'a' | 'b' | null
  status: 'verified' | 'inferred'
  details: Record<string, unknown>
}

/** Less alike than this, a dense difference is no longer a fine-tune of one by the other that we could vouch for. */
const FINE_TUNED_SIMILARITY = 0.5

/** What the tensors say one by one; a change of low rank is called fine-tuned here, for telling it takes longer (`namedVerdict`). */
export function verdictOf(comparison: Comparison): Verdict {
  return verdictFrom(comparison, [...extentParts(comparison), contentPart(comparison)])
}

/** The same with changes of low rank called by their names: an adapter merged in, a direction taken out. */
export function namedVerdict(comparison: Comparison): Verdict {
  const named = lowRankPart(comparison)
  if (!named) return verdictOf(comparison)
  const rest = without(comparison, named.pairs)
  return verdictFrom(comparison, [...extentParts(rest), named.part, contentPart(rest)])
}

function verdictFrom({ changes: kinds }: Comparison, parts: Part[]): Verdict {
  const changes = [...new Set(parts.flatMap((part) => part.changes))]
  const ends = new Set(parts.flatMap(({ parent }) => parent ?? []))
  // nothing tells where a new head came from
  const exact = kinds.every((change) => change.kind === 'equal') && !changes.some((change) => INFERRED.has(change))
  return {
    changes: changes.length > 0 ? changes : ['converted'],
    parent: ends.size === 1 && !parts.some(({ contradicted }) => contradicted) ? [...ends][0]! : null,
    status: exact ? 'verified' : 'inferred',
    details: Object.assign({}, ...parts.map((part) => part.details)),
  }
}

const INFERRED: ReadonlySet<ChangeKind> = new Set(['fine-tuned', 'vocabulary-resized', 'pruned'])

/** Where this is false, `namedVerdict` has no other names than `verdictOf`. */
export function mayBeOfLowRank(comparison: Comparison): boolean {
  return mayBeLowRank(changedMatrices(comparison))
}

/** Columns set to zero are a change of low rank too, but no adapter's. */
function changedMatrices({ match, alone }: Comparison): Pair[] {
  return match.pairs.filter(({ a }, i) => {
    const change = alone[i]!
    return change.kind === 'changed' && change.zeroed === undefined && a.print.rows > 1
  })
}

/** The pairs whose change has low rank, and what that is. */
function lowRankPart(comparison: Comparison): { pairs: Set<Pair>; part: Part } | null {
  const low = lowRankOf(changedMatrices(comparison))
  if (!low) return null
  const pairs = new Set(low.pairs)
  const ablation = low.rank === 1 ? ablationOf(low.pairs) : null
  if (ablation) {
    const { parent, layers, cosine, share } = ablation
    return { pairs, part: { changes: ['direction-ablated'], parent, details: { layers, cosine, share } } }
  }
  const targets = [...new Set(low.pairs.map(({ a }) => targetOf(a.print.role, placeOf(a)?.part)))].sort()
  return { pairs, part: { changes: ['adapter-merged'], parent: null, details: { rank: low.rank, targets } } }
}

/** `self_attn.q_proj` of a layer's part, else the role. */
function targetOf(role: string, part: string | undefined): string {
  return (part?.slice(part.indexOf('#') + 2) ?? role).replace(/\.(weight|kernel)$/, '')
}

/** The comparison without these pairs, and so without their say in whether the model was rounded. */
function without(comparison: Comparison, named: Set<Pair>): Comparison {
  const { match, alone } = comparison
  const kept = match.pairs.map((pair, i) => ({ pair, change: alone[i]! })).filter(({ pair }) => !named.has(pair))
  const pairs = kept.map(({ pair }) => pair)
  const changes = settledChanges(
    pairs,
    kept.map(({ change }) => change),
  )
  return { ...comparison, match: { ...match, pairs }, changes }
}

function contentPart(comparison: Comparison): Part {
  const by = byKind(comparison)
  const changes: ChangeKind[] = []
  const details: Record<string, unknown> = {}
  if (by.converted.length + by.scaled.length > 0) changes.push('converted')
  if (by.permuted.length > 0) changes.push('permuted')
  if (by.rounded.length > 0) changes.push('converted-lossy')
  const zeroed = by.changed.filter(([, change]) => change.kind === 'changed' && change.zeroed !== undefined)
  if (by.pruned.length + zeroed.length > 0) {
    changes.push('pruned')
    details['sparsity'] = sparsity([...by.pruned, ...zeroed])
  }
  const onGrid = by.changed.filter(([, change]) => change.kind === 'changed' && change.onGrid)
  const prunedOnGrid = by.pruned.filter(([{ a, b }]) => (a.print.encoding === null) !== (b.print.encoding === null))
  const gridded = [...by.quantised, ...by.requantised, ...onGrid, ...prunedOnGrid]
  if (gridded.length > 0) {
    changes.push('quantised')
    const [encoding] = gridded.map(([pair]) => pair.b.print.encoding ?? pair.a.print.encoding)
    details['scheme'] = encoding?.scheme
    details['bits'] = encoding?.bits
  }
  if (by.changed.length > 0) {
    changes.push(comparison.similarity >= FINE_TUNED_SIMILARITY ? 'fine-tuned' : 'unclear')
    details['distance'] = comparison.distance
    details['frozen'] = share(by.equal, comparison)
  }
  return { changes, ...firstEnd(by), details }
}

type Judged = [Pair, TensorChange]

function byKind({ match, changes }: Comparison): Record<TensorChange['kind'], Judged[]> {
  const by: Record<TensorChange['kind'], Judged[]> = {
    equal: [],
    converted: [],
    scaled: [],
    permuted: [],
    rounded: [],
    pruned: [],
    quantised: [],
    requantised: [],
    changed: [],
  }
  match.pairs.forEach((pair, i) => {
    by[changes[i]!.kind].push([pair, changes[i]!])
  })
  return by
}

/** A rounded, quantised or pruned end cannot be the parent. Two ends that each are so somewhere decide nothing. */
function firstEnd(by: Record<TensorChange['kind'], Judged[]>): { parent: 'a' | 'b' | null; contradicted: boolean } {
  const ends = new Set<'a' | 'b'>()
  for (const [pair, change] of [...by.rounded, ...by.quantised, ...by.pruned, ...by.changed]) {
    if (change.kind === 'rounded' && !areHalves(pair)) ends.add(change.from)
    if (change.kind === 'quantised' || change.kind === 'pruned') ends.add(change.from)
    // nearer to the grid than rounding to it leaves: the grid may have come first
    if (change.kind === 'changed' && change.tooNear) return { parent: null, contradicted: true }
    if (change.kind === 'changed' && (change.onGrid === 'a' || change.onGrid === 'b'))
      ends.add(change.onGrid === 'a' ? 'b' : 'a')
  }
  return { parent: ends.size === 1 ? [...ends][0]! : null, contradicted: ends.size > 1 }
}

/** A bfloat16 and a binary16 tensor: each may have been rounded from a third, finer one that is not here. */
function areHalves({ a, b }: Pair): boolean {
  const half = ['bf16', 'f16']
  return half.includes(a.print.exact ?? '') && half.includes(b.print.exact ?? '')
}

/** Share of these tensors' values that became zero. */
function sparsity(judged: Judged[]): number {
  let [zeros, all] = [0, 0]
  for (const [{ a }, change] of judged) {
    const part = change.kind === 'pruned' ? change.share : change.kind === 'changed' ? (change.zeroed ?? 0) : 0
    zeros += part * countOf(a)
    all += countOf(a)
  }
  return all === 0 ? 0 : zeros / all
}

function share(judged: Judged[], { match }: Comparison): number {
  const all = total(match.pairs.map((pair) => pair.a))
  return all === 0 ? 0 : judged.reduce((sum, [pair]) => sum + countOf(pair.a), 0) / all
}
