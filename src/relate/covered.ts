import { MIN_COVERED, MIN_PART } from './assembly.ts'
import type { Glance } from './glance.ts'
import { type Kin, kinByModel, otherEnd } from './kin.ts'

/** A model, and others that came to what it consists of. */
export interface Parts {
  child: string
  parents: string[]
}

/**
 * Those of some models that may consist of parts of others here, each of which stands there unchanged but for its storage: the largest
 * part first, and of each other what it adds to those before.
 */
export function coveredAmong(children: Iterable<string>, kin: readonly Kin[], glances: Glances): Parts[] {
  const byModel = kinByModel(kin)
  return [...children].flatMap((child) => {
    const parents = coverOf(glances.get(child)!, byModel.get(child) ?? [])
    return parents.length > 1 ? [{ child, parents }] : []
  })
}

type Glances = ReadonlyMap<string, Pick<Glance, 'id' | 'rows' | 'columns'>>

function coverOf({ id, rows, columns }: Pick<Glance, 'id' | 'rows' | 'columns'>, kin: readonly Kin[]): string[] {
  const parts = kin.map((pair) => ({ other: otherEnd(pair, id), part: pair.a === id ? pair.parts.a : pair.parts.b }))
  if (parts.some(({ part }) => part === null)) return []
  const sizes = Array.from(rows, (height, k) => height * columns[k]!)
  const sizeOf = (part: readonly number[]) => part.reduce((sum, number) => sum + sizes[number]!, 0)
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const covered = new Set<number>()
  const parents: string[] = []
  const ordered = parts
    .map(({ other, part }) => ({ other, part: part! }))
    .sort((x, y) => sizeOf(y.part) - sizeOf(x.part))
  for (const { other, part } of ordered) {
    const added = part.filter((number) => !covered.has(number))
    if (sizeOf(added) < MIN_PART * all) continue
    for (const number of added) covered.add(number)
    parents.push(other)
  }
  return sizeOf([...covered]) >= MIN_COVERED * all ? parents : []
}
