import type { Print } from '../../src/identify/print.ts'
import type { Lineage, Relation } from '../../src/relate/lineage.ts'
import { relate } from '../../src/relate/relate.ts'
import { type Model, printed } from './models.ts'

/** Models or prints by the name a test gives them. */
export type Named = Record<string, Model | Print>

export interface NamedLineage extends Lineage {
  /**
   * One line a relation, sorted: `base → copy: quantised` where the direction is known, `base – tuned: fine-tuned` (ends by name)
   * where not, `.3 a + .7 b → mixed: merged` for merges, weights to two digits.
   */
  lines: string[]
  /** The same without changes and weights, `–` for every edge: the shape of the families. */
  shape: string[]
  /** Model ids by name. */
  ids: Record<string, string>
}

/** Relates them and calls them by their names. */
export function lineageOf(models: Named): NamedLineage {
  const prints = Object.entries(models).map(([name, model]) => ({ name, print: printOf(model) }))
  const names = new Map(prints.map(({ name, print }) => [print.id, name]))
  const lineage = relate(prints.map(({ print }) => print))
  return {
    ...lineage,
    lines: lineage.relations.map((relation) => lineOf(relation, names)).sort(),
    shape: lineage.relations.flatMap((relation) => edgesOf(relation, names)).sort(),
    ids: Object.fromEntries(prints.map(({ name, print }) => [name, print.id])),
  }
}

function printOf(model: Model | Print): Print {
  return Array.isArray(model) ? printed(model) : model
}

function lineOf({ child, parents, changes, direction }: Relation, names: Map<string, string>): string {
  const what = [...changes].sort().join(', ')
  if (parents.length > 1) {
    const parts = parents.map(
      ({ id, weight }) => `${weight === null ? '' : `${weight.toFixed(2).replace(/^0/, '')} `}${names.get(id)}`,
    )
    return `${parts.sort((x, y) => x.slice(4).localeCompare(y.slice(4))).join(' + ')} → ${names.get(child)}: ${what}`
  }
  if (parents.length === 0) return `${names.get(child)}: ${what}`
  const ends = [names.get(parents[0]!.id)!, names.get(child)!]
  return direction === 'known' ? `${ends.join(' → ')}: ${what}` : `${ends.sort().join(' – ')}: ${what}`
}

function edgesOf({ child, parents }: Relation, names: Map<string, string>): string[] {
  return parents.map(({ id }) => [names.get(id)!, names.get(child)!].sort().join(' – '))
}
