/** What `yukue record` writes down. Apart from the schemas: the command line names them before it knows what is asked, and zod takes long to load. */
export const RECORD_EVENTS = [
  'created',
  'received',
  'handed-over',
  'copied',
  'deployed',
  'retired',
  'claimed',
  'evaluated',
  'audited',
  'incident',
] as const

export type RecordEvent = (typeof RECORD_EVENTS)[number]
