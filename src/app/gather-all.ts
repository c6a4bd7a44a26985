import type { PredicateKind } from '../contract/predicates.ts'
import { withCarried } from '../ledger/carried.ts'
import { type Entry, entriesFrom } from '../ledger/entry.ts'
import type { Estate } from '../store/estate.ts'
import { endOfDay, type Sources } from './facts.ts'
import { graphOf } from './family-graph.ts'
import { sourcesFrom } from './gather.ts'
import type { LedgerView } from './ledger-view.ts'
import { addEntry, nothingRecorded } from './recorded.ts'

export interface GatherProgress {
  onRead?(done: number, total: number): void
}

/** Entries read at once: some tens of megabytes. */
const AT_ONCE = 20_000

/** Of what these say no fact is made. */
const SILENT = new Set<string>(['trusted', 'revoked', 'passport', 'charter', 'notified'] satisfies PredicateKind[])

/** What scans entered is signed by the estate itself, and its status is the relation's or the print's own. */
const OF_SCANS = new Set<string>(['related', 'printed'] satisfies PredicateKind[])

/** What facts about every model are made from: the whole log, read once from its beginning to where the view ends. */
export async function gatherAll(
  estate: Estate,
  view: LedgerView,
  asOf: string,
  progress: GatherProgress = {},
): Promise<Sources> {
  const recorded = nothingRecorded()
  const imported: Entry[] = []
  const end = endOfDay(asOf)
  for (let from = 0; from < view.size; from += AT_ONCE) {
    const raw = await estate.entries(from, Math.min(from + AT_ONCE, view.size))
    const asked = raw.filter(({ kind }) => !SILENT.has(kind))
    const entries = [
      ...entriesFrom(
        asked.filter(({ kind }) => OF_SCANS.has(kind)),
        new Map(),
      ),
      ...entriesFrom(
        asked.filter(({ kind }) => !OF_SCANS.has(kind)),
        view.trust,
      ),
    ]
    for (const entry of entries.sort((a, b) => a.number - b.number)) {
      addEntry(recorded, entry, end)
      if (entry.statement.kind === 'imported') imported.push(entry)
    }
    progress.onRead?.(Math.min(from + AT_ONCE, view.size), view.size)
  }
  for (const entry of withCarried(imported, view.trust)) addEntry(recorded, entry, end)
  const edges = await estate.allEdges(view.size)
  return sourcesFrom(asOf, recorded, graphOf(edges), await namesOfAll(estate, view, recorded.models.keys()))
}

/** Every model that was known then, and those that are known by a declaration only. */
async function namesOfAll(estate: Estate, view: LedgerView, said: Iterable<string>): Promise<Sources['names']> {
  const heads = await estate.allPrintHeads()
  const seen = await estate.modelsAt(
    heads.map(({ id }) => id),
    view.size,
  )
  const names = new Map<string, { name: string; parameters: number | null }>(seen)
  for (const id of said)
    if (id.startsWith('declared:')) names.set(id, { name: id.slice('declared:'.length), parameters: null })
  return names
}
