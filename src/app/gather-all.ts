import type { PredicateKind } from '../contract/predicates.ts'
import { withCarried } from '../ledger/carried.ts'
import { checkpointFrom } from '../ledger/checkpoint.ts'
import { type Entry, entryFrom } from '../ledger/entry.ts'
import { growingRoot } from '../ledger/growing-root.ts'
import { leafOf } from '../ledger/journal.ts'
import { decodeNote, signatureOf } from '../ledger/note.ts'
import { type JudgedSignature, judged, type TrustedKey, vouchedByLog } from '../ledger/trust.ts'
import type { Estate } from '../store/estate.ts'
import type { LedgerEntry } from '../store/ledger.ts'
import { endOfDay, type Sources } from './facts.ts'
import { graphOf } from './family-graph.ts'
import { sourcesFrom } from './gather.ts'
import type { LedgerView } from './ledger-view.ts'
import { addEntry, nothingRecorded, type Recorded } from './recorded.ts'

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
  const log = [...view.trust.values()].find(({ use }) => use === 'log') ?? null
  const recorded =
    (log && (await vouchedLog(estate, view, asOf, log, progress))) ??
    (await readLog(estate, view, asOf, null, progress)).recorded
  const edges = await estate.allEdges(view.size)
  return sourcesFrom(asOf, recorded, graphOf(edges), await namesOfAll(estate, view, recorded.models.keys()))
}

/** With the log's own entries taken as its checkpoint vouches for them; null where the log is not what its checkpoint says. */
async function vouchedLog(
  estate: Estate,
  view: LedgerView,
  asOf: string,
  log: TrustedKey,
  progress: GatherProgress,
): Promise<Recorded | null> {
  const { recorded, root } = await readLog(estate, view, asOf, log, progress)
  const [checkpoint] = await estate.checkpoints(view.size, 1)
  const note = checkpoint?.size === view.size ? decodeNote(checkpoint.note) : null
  if (note === null || signatureOf(note, log.key) !== 'good') return null
  const signed = checkpointFrom(note.text)
  return signed?.size === view.size && Buffer.from(signed.root).equals(root) ? recorded : null
}

/** Everything recorded, and the root over what was read. */
async function readLog(
  estate: Estate,
  view: LedgerView,
  asOf: string,
  log: TrustedKey | null,
  { onRead }: GatherProgress,
): Promise<{ recorded: Recorded; root: Uint8Array }> {
  const recorded = nothingRecorded()
  const imported: Entry[] = []
  const end = endOfDay(asOf)
  const root = growingRoot()
  for (let from = 0; from < view.size; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, view.size)
    for (const raw of await estate.entriesInBulk(from, to)) {
      if (log) root.add(leafOf(raw.signed, raw.time))
      const entry = SILENT.has(raw.kind) ? null : entryFrom(raw, () => signaturesOf(raw, view, log))
      if (entry === null) continue
      addEntry(recorded, entry, end)
      if (entry.statement.kind === 'imported') imported.push(entry)
    }
    onRead?.(to, view.size)
  }
  const carried = imported.length > 0 ? withCarried(imported, view.trust).slice(imported.length) : []
  for (const entry of carried) addEntry(recorded, entry, end)
  return { recorded, root: root.root() }
}

function signaturesOf(
  { kind, signed, time }: LedgerEntry,
  { trust }: LedgerView,
  log: TrustedKey | null,
): JudgedSignature[] {
  if (OF_SCANS.has(kind)) return []
  return (log && vouchedByLog(signed, log, time)) ?? judged(signed, trust, time)
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
