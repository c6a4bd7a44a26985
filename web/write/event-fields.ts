import type { RecordEvent } from '../../src/contract/record-events.ts'

/** Fields of the form; those of the API, but that a claim is one text there, of subject and value. */
export type FieldName =
  | 'at'
  | 'from'
  | 'to'
  | 'actor'
  | 'role'
  | 'site'
  | 'purpose'
  | 'jurisdiction'
  | 'place'
  | 'until'
  | 'subject'
  | 'value'
  | 'source'
  | 'suite'
  | 'metrics'
  | 'severity'
  | 'text'
  | 'reference'
  | 'note'

interface Asked {
  needed: readonly FieldName[]
  also: readonly FieldName[]
}

/** What each event is told with, as `yukue record` takes it (docs/ledger.md). */
export const ASKED: Readonly<Record<RecordEvent, Asked>> = {
  received: { needed: [], also: ['from', 'to', 'at', 'place', 'note'] },
  'handed-over': { needed: ['to'], also: ['from', 'at', 'place', 'note'] },
  copied: { needed: [], also: ['from', 'to', 'at', 'place', 'note'] },
  created: { needed: [], also: ['to', 'at', 'place', 'note'] },
  deployed: {
    needed: ['site'],
    also: ['actor', 'role', 'purpose', 'jurisdiction', 'place', 'at', 'until', 'note'],
  },
  retired: { needed: [], also: ['site', 'actor', 'place', 'at', 'note'] },
  claimed: { needed: ['subject', 'value'], also: ['source', 'actor', 'site', 'at', 'note'] },
  evaluated: { needed: ['suite'], also: ['metrics', 'actor', 'at', 'note'] },
  audited: { needed: ['suite'], also: ['metrics', 'actor', 'at', 'note'] },
  incident: { needed: ['severity', 'text'], also: ['reference', 'actor', 'at', 'note'] },
}

/** In the order of a copy's life, with what happens most at the top. */
export const EVENTS_OF_MODEL = [
  'received',
  'handed-over',
  'deployed',
  'retired',
  'claimed',
  'evaluated',
  'audited',
  'incident',
  'copied',
  'created',
] as const satisfies readonly RecordEvent[]

export const EVENTS_OF_SITE = [
  'deployed',
  'retired',
  'claimed',
  'evaluated',
  'audited',
  'incident',
] as const satisfies readonly RecordEvent[]
