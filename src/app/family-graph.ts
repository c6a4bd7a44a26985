import { CHANGE_KINDS, type ChangeKind } from '../contract/scan.ts'
import type { LineageEdge } from '../store/ancestry.ts'

/** Relations by the models that they lead up from. */
export interface FamilyGraph {
  parents: ReadonlyMap<string, readonly LineageEdge[]>
  /** By either end: of undetermined direction. */
  open: ReadonlyMap<string, readonly LineageEdge[]>
}

/** An ancestor as the graph has it. */
export interface Ascent {
  model: string
  distance: number
  /** The relation of the shortest way; its child is the next model towards the one asked for. */
  edge: LineageEdge
  /** Of all ways. */
  changesSince: readonly ChangeKind[]
}

export function graphOf(edges: readonly LineageEdge[]): FamilyGraph {
  const parents = new Map<string, LineageEdge[]>()
  const open = new Map<string, LineageEdge[]>()
  const add = (map: Map<string, LineageEdge[]>, model: string, edge: LineageEdge) => {
    const before = map.get(model)
    if (before) before.push(edge)
    else map.set(model, [edge])
  }
  for (const edge of edges)
    if (edge.isKnown) add(parents, edge.child, edge)
    else {
      add(open, edge.child, edge)
      add(open, edge.parent, edge)
    }
  return { parents, open }
}

/** Every ancestor once, nearest first. Iterative, as a chain of ten thousand would overrun the stack. */
export function ancestorsIn({ parents }: FamilyGraph, model: string): Ascent[] {
  const found = new Map<string, { distance: number; edge: LineageEdge; changes: number }>()
  const order = [model]
  for (let at = 0; at < order.length; at++) {
    const child = order[at]!
    const distance = (found.get(child)?.distance ?? 0) + 1
    // relations are measured pair by pair: nothing keeps a circle from being found
    for (const edge of parents.get(child) ?? [])
      if (edge.parent !== model && !found.has(edge.parent)) {
        found.set(edge.parent, { distance, edge, changes: 0 })
        order.push(edge.parent)
      }
  }
  spread(parents, model, order, found)
  return order.slice(1).map((id) => {
    const { distance, edge, changes } = found.get(id)!
    return { model: id, distance, edge, changesSince: kindsIn(changes) }
  })
}

/** Brings the changes of every way to each ancestor, as bits: a model is looked at again only when it has gained one. */
function spread(
  parents: FamilyGraph['parents'],
  model: string,
  order: readonly string[],
  found: ReadonlyMap<string, { changes: number }>,
): void {
  const queue = [...order]
  for (let at = 0; at < queue.length; at++) {
    const child = queue[at]!
    const since = found.get(child)?.changes ?? 0
    for (const edge of parents.get(child) ?? []) {
      const above = found.get(edge.parent) as { changes: number } | undefined
      if (above === undefined || edge.parent === model) continue
      const changes = above.changes | since | bitsOf(edge.changes)
      if (changes === above.changes) continue
      const isLater = above.changes === 0
      above.changes = changes
      // those not reached yet come later in the queue anyway
      if (!isLater) queue.push(edge.parent)
    }
  }
}

const BITS = new Map(CHANGE_KINDS.map((kind, at) => [kind, 1 << at]))

function bitsOf(changes: readonly ChangeKind[]): number {
  return changes.reduce((bits, change) => bits | (BITS.get(change) ?? 0), 0)
}

const kinds = new Map<number, ChangeKind[]>()

function kindsIn(bits: number): ChangeKind[] {
  const known = kinds.get(bits) ?? CHANGE_KINDS.filter((_, at) => (bits & (1 << at)) !== 0)
  kinds.set(bits, known)
  return known
}

/** Models joined by an open relation to a model or to one of its ancestors, and not known to be ancestors. */
export function relativesIn({ open }: FamilyGraph, model: string, ancestors: readonly Ascent[]): string[] {
  if (open.size === 0) return []
  const known = new Set([model, ...ancestors.map((ancestor) => ancestor.model)])
  const found = new Set<string>()
  for (const id of known)
    for (const { parent, child } of open.get(id) ?? []) {
      const other = parent === id ? child : parent
      if (!known.has(other)) found.add(other)
    }
  return [...found].sort()
}
