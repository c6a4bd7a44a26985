import type { ChangeKind } from '../contract/scan.ts'
import { type Comparison, countOf, total } from './comparison.ts'
import type { Pair } from './match.ts'
import type { TensorChange } from './tensor-change.ts'

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

/** Weights left out on one side that are fewer than this share are odds and ends of an export. */
const NEGLIGIBLE_SHARE = 1e-3

export function verdictOf(comparison: Comparison): Verdict {
  const changed = contentChanges(comparison)
  const extent = extentChanges(comparison)
  const changes = [...new Set([...extent.changes, ...changed.changes])]
  const parent = changed.parent ?? null
  // nothing tells where a new head came from
  const exact = comparison.changes.every((change) => change.kind === 'equal') && !changes.includes('fine-tuned')
  return {
    changes: changes.length > 0 ? changes : ['converted'],
    parent,
    status: exact ? 'verified' : 'inferred',
    details: { ...extent.details, ...changed.details },
  }
}

interface Part {
  changes: ChangeKind[]
  parent?: 'a' | 'b' | null
  details: Record<string, unknown>
}

/** One end holds only part of the other: a branch, a sample rate, a backbone without its head. */
function extentChanges({ match }: Comparison): Part {
  const shared = total(match.pairs.map((pair) => pair.a))
  const onlyA = total(match.onlyInA)
  const onlyB = total(match.onlyInB)
  const negligible = NEGLIGIBLE_SHARE * shared
  if (onlyA <= negligible && onlyB <= negligible) return { changes: [], details: {} }
  const details = { leftOut: Math.max(onlyA, onlyB), added: Math.min(onlyA, onlyB) }
  // a new head on a shared backbone is both: part of the parent, and something trained anew
  return { changes: details.added > negligible ? ['extracted', 'fine-tuned'] : ['extracted'], details }
}

function contentChanges(comparison: Comparison): Part {
  const by = byKind(comparison)
  const changes: ChangeKind[] = []
  const details: Record<string, unknown> = {}
  if (by.converted.length > 0) changes.push('converted')
  if (by.rounded.length > 0) changes.push('converted-lossy')
  const onGrid = by.changed.filter(([, change]) => change.kind === 'changed' && change.onGrid)
  if (by.quantised.length + by.requantised.length + onGrid.length > 0) {
    changes.push('quantised')
    const scheme = [...by.quantised, ...by.requantised, ...onGrid].map(
      ([pair]) => pair.b.print.encoding ?? pair.a.print.encoding,
    )
    details['scheme'] = scheme[0]?.scheme
  }
  if (by.changed.length > 0) {
    changes.push(comparison.similarity >= FINE_TUNED_SIMILARITY ? 'fine-tuned' : 'unclear')
    details['distance'] = comparison.distance
    details['frozen'] = share(by.equal, comparison)
  }
  return { changes, parent: firstEnd(by), details }
}

type Judged = [Pair, TensorChange]

function byKind({ match, changes }: Comparison): Record<TensorChange['kind'], Judged[]> {
  const by: Record<TensorChange['kind'], Judged[]> = {
    equal: [],
    converted: [],
    rounded: [],
    quantised: [],
    requantised: [],
    changed: [],
  }
  match.pairs.forEach((pair, i) => {
    by[changes[i]!.kind].push([pair, changes[i]!])
  })
  return by
}

/** A rounded or quantised end cannot be the parent. Two ends that each are rounded somewhere decide nothing. */
function firstEnd(by: Record<TensorChange['kind'], Judged[]>): 'a' | 'b' | null {
  const ends = new Set<'a' | 'b'>()
  for (const [pair, change] of [...by.rounded, ...by.quantised, ...by.changed]) {
    if (change.kind === 'rounded' && !areHalves(pair)) ends.add(change.from)
    if (change.kind === 'quantised') ends.add(change.from)
    // nearer to the grid than rounding to it leaves: the grid may have come first
    if (change.kind === 'changed' && change.tooNear) return null
    if (change.kind === 'changed' && (change.onGrid === 'a' || change.onGrid === 'b'))
      ends.add(change.onGrid === 'a' ? 'b' : 'a')
  }
  return ends.size === 1 ? [...ends][0]! : null
}

/** A bfloat16 and a binary16 tensor: each may have been rounded from a third, finer one that is not here. */
function areHalves({ a, b }: Pair): boolean {
  const half = ['bf16', 'f16']
  return half.includes(a.print.exact ?? '') && half.includes(b.print.exact ?? '')
}

function share(judged: Judged[], { match }: Comparison): number {
  const all = total(match.pairs.map((pair) => pair.a))
  return all === 0 ? 0 : judged.reduce((sum, [pair]) => sum + countOf(pair.a), 0) / all
}
