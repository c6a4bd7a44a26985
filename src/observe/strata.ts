import type { AuditReport } from '../contract/audit.ts'
import type { Disparity } from './disparity.ts'
import { entryOf } from './entry.ts'
import { mantelHaenszel, type Stratum } from './statistics/mantel-haenszel.ts'
import { add, emptyTally, type Judged, type Tally } from './tally.ts'

type Stratified = NonNullable<AuditReport['strata']['mantelHaenszel']>[number]

/** Each category against the reference within strata; rows without a stratum count in none. */
export function stratified(cells: readonly Judged[], attribute: string, index: number, whole: Disparity): Stratified[] {
  const { reference } = whole
  if (!reference) return []
  const [base] = reference.parts
  return whole.categories
    .filter(({ figures, parts }) => !figures.excluded && parts !== reference.parts)
    .map(({ parts }) => {
      const strata = strataOf(cells, index, parts[0]!, base!)
      return { attribute, category: parts[0]!, ...mantelHaenszel(strata), strata: strata.length }
    })
}

function strataOf(cells: readonly Judged[], index: number, category: string, base: string): Stratum[] {
  const strata = new Map<string, { category: Tally; reference: Tally }>()
  for (const cell of cells) {
    const group = cell.groups[index]
    if (cell.stratum === null || (group !== category && group !== base)) continue
    const stratum = entryOf(strata, cell.stratum, () => ({ category: emptyTally(), reference: emptyTally() }))
    add(group === category ? stratum.category : stratum.reference, cell)
  }
  return [...strata.values()].filter(({ category: own, reference }) => own.n > 0 && reference.n > 0)
}
