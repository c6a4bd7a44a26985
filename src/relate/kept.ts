import type { Comparison } from './comparison.ts'
import { singleCells } from './single-cells.ts'

/** So many tensors say enough. */
const MAX_TENSORS = 4

/** Share of the single elements seen that are equal, in matrices that differ: of a dense change none are. 0 where none are seen. */
export function keptIn({ match, alone }: Pick<Comparison, 'match' | 'alone'>): number {
  const changed = match.pairs.filter(({ a, transposed }, i) => {
    const change = alone[i]!
    return change.kind === 'changed' && !transposed && a.print.rows > 1 && a.print.columns < 2 * a.width
  })
  let [same, seen] = [0, 0]
  for (const { a, b } of changed.slice(0, MAX_TENSORS)) {
    if (!a.sketch || !b.sketch) continue
    for (const at of singleCells(a)) {
      same += Number(a.sketch[at] === b.sketch[at])
      seen++
    }
  }
  return seen === 0 ? 0 : same / seen
}
