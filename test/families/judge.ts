import type { Relation } from '../../src/relate/lineage.ts'
import { lineageOf } from '../builders/lineage.ts'
import type { Scenario, Truth } from './scenario.ts'

/** How a scenario was told. */
export interface Outcome {
  /** Right: parents, changes and parameter. Abstained: nothing false was said, but not all that is so. */
  verdict: 'right' | 'abstained' | 'wrong'
  direction: 'stated' | 'left open' | 'wrong'
  /** Of the parameter, where it was stated. */
  error: number | null
  found: string
}

export function outcomeOf({ models, truth }: Scenario): Outcome {
  const { relations, ids } = lineageOf(models)
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]))
  const nameOf = (id: string) => names.get(id)!
  const relation = bestOf(relations, truth, ids)
  const found = relations.map((each) => textOf(each, nameOf)).join(' | ')
  if (!relation) return { verdict: 'abstained', direction: 'left open', error: null, found }
  const parents = new Map(relation.parents.map(({ id, weight }) => [nameOf(id), weight]))
  const error = truth.parameter ? truth.parameter.error(relation.details, parents) : 0
  return {
    verdict: verdictOf(relation, truth, nameOf, error),
    direction: directionOf(relation, truth, nameOf),
    error: Number.isFinite(error) ? error : null,
    found,
  }
}

/** The relation that speaks of the child and most of its parents. */
function bestOf(relations: Relation[], { child, parents }: Truth, ids: Record<string, string>): Relation | undefined {
  const wanted = new Set([child, ...parents].map((name) => ids[name]!))
  const score = (relation: Relation) => {
    const ends = [relation.child, ...relation.parents.map(({ id }) => id)]
    if (!ends.includes(ids[child]!)) return 0
    return 10 * Number(relation.child === ids[child]) + ends.filter((id) => wanted.has(id)).length - 0.1 * ends.length
  }
  return relations.filter((relation) => score(relation) > 0).sort((x, y) => score(y) - score(x))[0]
}

function verdictOf(
  relation: Relation,
  truth: Truth,
  nameOf: (id: string) => string,
  error: number,
): Outcome['verdict'] {
  const ends = new Set([relation.child, ...relation.parents.map(({ id }) => id)].map(nameOf))
  const isPlace =
    ends.size === truth.parents.length + 1 && truth.parents.every((name) => ends.has(name)) && ends.has(truth.child)
  const named = new Set(relation.changes)
  const missing = truth.changes.filter((change) => !named.has(change))
  const extra = relation.changes.filter((change) => ![...truth.changes, ...(truth.also ?? [])].includes(change))
  const isParameter = !truth.parameter || error <= truth.parameter.allowed
  if (isPlace && missing.length === 0 && extra.length === 0 && isParameter) return 'right'
  if (extra.length === 1 && extra[0] === 'unclear') return 'abstained'
  return isPlace && extra.length === 0 && missing.length > 0 && missing.length < truth.changes.length
    ? 'abstained'
    : 'wrong'
}

function directionOf(
  { direction, child }: Relation,
  truth: Truth,
  nameOf: (id: string) => string,
): Outcome['direction'] {
  if (direction === 'undetermined') return 'left open'
  return truth.direction === 'known' && nameOf(child) === truth.child ? 'stated' : 'wrong'
}

function textOf({ child, parents, changes, direction, details }: Relation, nameOf: (id: string) => string): string {
  const from = parents.map(({ id, weight }) => `${weight === null ? '' : `${weight} `}${nameOf(id)}`).join(' + ')
  const shown = Object.entries(details).map(([key, value]) => `${key} ${JSON.stringify(value)?.slice(0, 80)}`)
  return `${from} ${direction === 'known' ? '→' : '–'} ${nameOf(child)}: ${changes.join(', ')} (${shown.join('; ')})`
}
