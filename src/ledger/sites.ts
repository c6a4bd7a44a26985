import { type Entry, ofKind } from './entry.ts'
import { modelsIn } from './statement.ts'

/** A deployment, and its end where one is on record. */
export interface Deployment {
  entry: Entry<'deployed'>
  model: string
  /** Null while it has no known end. */
  until: string | null
}

/** What begins or ends a use; of entries, or of what was kept of them. */
export interface UseEvent {
  kind: 'deployed' | 'retired'
  /** Null: retired everywhere. */
  site: string | null
  models: readonly string[]
  at: string
  until: string | null
  number: number
}

/** A use of one model, and its end where one is on record. */
export interface Use<E> {
  event: E
  model: string
  until: string | null
}

/**
 * Uses in the order in which they began. One ends with its own date, with the next one at its site, or when its model is
 * retired there or everywhere.
 */
export function usesFrom<E extends UseEvent>(events: readonly E[]): Use<E>[] {
  const all: Use<E>[] = []
  const open = new Map<string, Use<E>[]>()
  const byModel = new Map<string, Use<E>[]>()
  for (const event of [...events].sort((a, b) => compare(a.at, b.at) || a.number - b.number)) {
    const { site, models, at } = event
    if (event.kind === 'deployed' && site !== null) {
      for (const former of open.get(site) ?? []) end(former, at)
      const started = models.map((model) => ({ event, model, until: event.until }))
      open.set(site, started)
      for (const use of started) {
        all.push(use)
        const before = byModel.get(use.model)
        if (before) before.push(use)
        else byModel.set(use.model, [use])
      }
    } else if (event.kind === 'retired') {
      const meant = site === null ? models.flatMap((model) => byModel.get(model) ?? []) : (open.get(site) ?? [])
      for (const use of meant) if (models.includes(use.model)) end(use, at)
    }
  }
  return all
}

/** Deployments in the order in which they happened (`usesFrom`). */
export function deploymentsFrom(entries: readonly Entry[]): Deployment[] {
  const events = [...ofKind(entries, 'deployed'), ...ofKind(entries, 'retired')].map((entry) => {
    const { statement, number } = entry
    const { site, at } = statement.predicate
    const until = statement.kind === 'deployed' ? statement.predicate.until : null
    return { kind: statement.kind, site, models: modelsIn(statement), at, until, number, entry }
  })
  return usesFrom(events).map(({ event, model, until }) => ({ entry: event.entry as Entry<'deployed'>, model, until }))
}

function end(use: { until: string | null }, at: string): void {
  if (use.until === null || at < use.until) use.until = at
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
