import { type Entry, ofKind } from './entry.ts'
import { modelsIn } from './statement.ts'

/** A deployment, and its end where one is on record. */
export interface Deployment {
  entry: Entry<'deployed'>
  model: string
  /** Null while it has no known end. */
  until: string | null
}

/**
 * Deployments in the order in which they happened. One ends with its own date, with the next one at its site, or when its
 * model is retired there or everywhere.
 */
export function deploymentsFrom(entries: readonly Entry[]): Deployment[] {
  const all: Deployment[] = []
  const open = new Map<string, Deployment[]>()
  for (const event of inOrder(entries)) {
    if (event.statement.kind === 'deployed') {
      const { site, at } = event.statement.predicate
      for (const former of open.get(site) ?? []) end(former, at)
      const started = deploymentsOf(event as Entry<'deployed'>)
      open.set(site, started)
      all.push(...started)
    } else {
      const { site, at } = (event as Entry<'retired'>).statement.predicate
      const models = modelsIn(event.statement)
      const meant = site === null ? all : (open.get(site) ?? [])
      for (const deployment of meant) if (models.includes(deployment.model)) end(deployment, at)
    }
  }
  return all
}

function deploymentsOf(entry: Entry<'deployed'>): Deployment[] {
  return modelsIn(entry.statement).map((model) => ({ entry, model, until: entry.statement.predicate.until }))
}

function end(deployment: Deployment, at: string): void {
  if (deployment.until === null || at < deployment.until) deployment.until = at
}

function inOrder(entries: readonly Entry[]): (Entry<'deployed'> | Entry<'retired'>)[] {
  return [...ofKind(entries, 'deployed'), ...ofKind(entries, 'retired')].sort(
    (a, b) => compare(a.statement.predicate.at, b.statement.predicate.at) || a.number - b.number,
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
