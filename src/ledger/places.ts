import { type Entry, isTampered, ofKind } from './entry.ts'

/** A copy of a model where scans saw it, from its first statement there to the last. */
export interface SeenPlace {
  entry: Entry<'observed'>
  path: string
  /** When the first and the last statement of it were entered. */
  firstSeen: string
  lastSeen: string
  status: 'verified' | 'disputed'
}

/** Where a model is by its statements, and where it was; both by path. */
export function placesFrom(entries: readonly Entry[]): { present: SeenPlace[]; gone: SeenPlace[] } {
  const present = new Map<string, SeenPlace>()
  const gone = new Map<string, SeenPlace>()
  for (const entry of ofKind(entries, 'observed')) {
    const { path, state } = entry.statement.predicate
    const known = present.get(path)
    const place: SeenPlace = {
      entry,
      path,
      firstSeen: known?.firstSeen ?? entry.time,
      lastSeen: entry.time,
      status: isTampered(entry) || known?.status === 'disputed' ? 'disputed' : 'verified',
    }
    if (state === 'present') present.set(path, place)
    else {
      present.delete(path)
      gone.set(path, place)
    }
  }
  return { present: byPath(present), gone: byPath(gone) }
}

function byPath(places: ReadonlyMap<string, SeenPlace>): SeenPlace[] {
  return [...places.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
