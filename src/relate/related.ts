import { type Comparison, total } from './comparison.ts'

/** Probability that any two of all strangers compared are called related. */
export const FAMILY_ERROR = 0.01

/** A few equal buffers among many unlike tensors do not make two models kin. */
export const MIN_KIN_SHARE = 0.2

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
  const seen = match.pairs.filter(({ a, b }) => (a.sketch && b.sketch) || a.print.digest === b.print.digest)
  const cells = seen.reduce((sum, pair) => sum + pair.a.height * pair.a.width, 0)
  const smaller = Math.min(total(a.weights), total(b.weights))
  return cells >= MIN_EXPLAINED_CELLS && shared >= MIN_EXPLAINED_SHARE * smaller
}
