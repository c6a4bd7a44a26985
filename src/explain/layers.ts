import { partOf } from './part.ts'

/**
 * For each layer of the child the parent's layer that most of its matched elements came from, null where none did; null for a model
 * whose names tell of no layers.
 */
export function layerMap(
  pairs: readonly { parentRole: string; childRole: string; elements: number }[],
  childRoles: readonly string[],
): (number | null)[] | null {
  const count = 1 + Math.max(-1, ...childRoles.map((role) => partOf(role).layer ?? -1))
  // a name may say any number; no network is deeper than it has tensors
  if (count === 0 || count > childRoles.length) return null
  const votes = Array.from({ length: count }, () => new Map<number, number>())
  for (const { parentRole, childRole, elements } of pairs) {
    const [from, to] = [partOf(parentRole).layer, partOf(childRole).layer]
    if (from !== null && to !== null) votes[to]!.set(from, (votes[to]!.get(from) ?? 0) + elements)
  }
  return votes.map((of) => [...of].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null)
}

/** Whether every layer came from its own place and the parent has no more of them. */
export function isIdentity(map: readonly (number | null)[], parentRoles: readonly string[]): boolean {
  const parentLayers = 1 + Math.max(-1, ...parentRoles.map((role) => partOf(role).layer ?? -1))
  return parentLayers === map.length && map.every((from, to) => from === to)
}
