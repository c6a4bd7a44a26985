import type { TraceReport } from '../contract/trace.ts'
import type { Entry } from '../ledger/entry.ts'
import { placesFrom } from '../ledger/places.ts'
import type { Estate } from '../store/estate.ts'
import type { CoveredByScan } from '../store/records.ts'
import { isUnder } from '../store/rows.ts'
import type { LedgerView } from './ledger-view.ts'

/** Where a model was at the time of a view. A scan enters only what is other than before; what it saw again it has covered. */
export async function placesOf(
  estate: Estate,
  view: LedgerView,
  entries: readonly Entry[],
): Promise<TraceReport['places']> {
  const { present } = placesFrom(entries)
  const scans = present.length === 0 ? [] : await estate.scansBy(view.time)
  return present.map(({ entry, path, firstSeen, lastSeen, status }) => {
    const { format, bytes } = entry.statement.predicate
    const again = scans.find((scan) => scan.finished > lastSeen && covers(scan, path))
    return { path, format, bytes, firstSeen, lastSeen: again?.finished ?? lastSeen, status }
  })
}

function covers({ roots, unread }: CoveredByScan, path: string): boolean {
  return roots.some((root) => isUnder(path, root)) && !unread.some((place) => isUnder(path, place))
}
