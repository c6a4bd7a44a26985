import type { TraceReport } from '../contract/trace.ts'
import { attestation } from '../ledger/custody.ts'
import { type Entry, ofKind } from '../ledger/entry.ts'
import { modelsIn } from '../ledger/statement.ts'
import { type NameActor, shownSignatures } from './ledger-view.ts'
import { summaryOf } from './result-summary.ts'

/** Results on record, in the order in which they were entered. `whole`: with all that the statements hold. */
export function resultsOf(
  entries: readonly Entry[],
  named: NameActor,
  { whole = false }: { whole?: boolean } = {},
): TraceReport['results'] {
  return ofKind(entries, 'measured').map((entry) => {
    const { at, site, window, parent = null, leftOut = [], result } = entry.statement.predicate
    return {
      ...summaryOf(result),
      model: modelsIn(entry.statement)[0] ?? '',
      parent,
      site,
      window,
      leftOut,
      ...(whole ? { result } : {}),
      at,
      note: null,
      status: attestation(entry),
      statement: entry.number,
      signatures: shownSignatures(entry.signatures, named),
      ...(entry.log ? { log: entry.log } : {}),
    }
  })
}
