import { type Entry, isTampered, numberHere } from './entry.ts'

/** A step of a walk along relations, as the store gives it. */
interface Step {
  model: string
  relation: { child: string; parents: readonly { id: string }[] }
}

/**
 * From each model that a walk reached to the one before it on the way from the start. Steps come nearest first, so the end of a relation
 * that is known already is nearer to the start.
 */
export function backwards(
  start: string,
  steps: readonly Step[],
  way: 'ancestors' | 'descendants',
): Map<string, string> {
  const before = new Map<string, string>()
  const seen = new Set([start])
  for (const { model, relation } of steps) {
    const ends = way === 'ancestors' ? [relation.child] : relation.parents.map(({ id }) => id)
    const from = ends.find((end) => seen.has(end))
    if (from !== undefined && !before.has(model)) before.set(model, from)
    seen.add(model)
  }
  return before
}

/** The models from a model back to the start of a walk, both included. */
export function pathBack(model: string, before: ReadonlyMap<string, string>): string[] {
  const path = [model]
  const seen = new Set(path)
  for (let at = before.get(model); at !== undefined && !seen.has(at); at = before.get(at)) {
    seen.add(at)
    path.push(at)
  }
  return path
}

/**
 * What ends a model's exposure to an incident: the first evaluation, audit or comparison of that model that was made no earlier than the
 * incident and entered after it. A measurement of its parent says nothing of it; a simulation measures nothing.
 */
export function settlementOf(incident: Entry<'incident'>, ofModel: readonly Entry[]): Entry | null {
  const isLater = (entry: Entry) => numberHere(entry) > numberHere(incident)
  const since = incident.statement.predicate.at.slice(0, DAY)
  const found = ofModel.find((entry) => {
    const { statement } = entry
    if (statement.kind !== 'evaluated' && statement.kind !== 'measured') return false
    if (isTampered(entry)) return false
    if (statement.kind === 'measured' && statement.predicate.result.schema === 'yukue.simulation/1') return false
    return isLater(entry) && statement.predicate.at.slice(0, DAY) >= since
  })
  return found ?? null
}

const DAY = 'YYYY-MM-DD'.length
