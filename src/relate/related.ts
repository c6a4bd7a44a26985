import { type Comparison, total } from './comparison.ts'
import { shapeKey } from './match.ts'
import type { Subject } from './subject.ts'

/** Probability that any two of all strangers compared are called related. */
const FAMILY_ERROR = 0.01

/** A few equal buffers among many unlike tensors do not make two models kin. */
const MIN_KIN_SHARE = 0.2

/** Where too few tensors allow a probability, so much of the smaller model must be explained exactly. */
const MIN_EXPLAINED_SHARE = 0.5

/** … by sketches of so many cells together: fewer could agree by chance. */
const MIN_EXPLAINED_CELLS = 64

/** Are two models related (docs/lineage.md, section 2)? `tested` is the number of pairs that had the chance to be. */
export function isRelated(comparison: Comparison, tested: number): boolean {
  if (comparison.p === null) return isExplained(comparison)
  return comparison.p * tested < FAMILY_ERROR && comparison.kinShare >= MIN_KIN_SHARE
}

/** Every matched tensor is equal, converted, rounded or quantised, and the smaller model consists mostly of these. */
function isExplained({ a, b, match, changes }: Comparison): boolean {
  if (changes.some((change) => change.kind === 'changed')) return false
  const shared = total(match.pairs.map((pair) => pair.a))
  const cells = match.pairs.reduce((sum, pair) => sum + pair.a.height * pair.a.width, 0)
  const smaller = Math.min(total(a.weights), total(b.weights))
  return cells >= MIN_EXPLAINED_CELLS && shared >= MIN_EXPLAINED_SHARE * smaller
}

/** A cheap test that spares most pairs of an estate: could a fifth of the smaller model's tensors correspond at all? */
export function shareShapes(a: Subject, b: Subject): boolean {
  const [small, large] = a.weights.length <= b.weights.length ? [a, b] : [b, a]
  const shapes = new Set(large.weights.map(shapeKey))
  const common = small.weights.filter((weight) => shapes.has(shapeKey(weight))).length
  return common >= MIN_KIN_SHARE * small.weights.length
}
