import type { Generated } from 'kysely'

/** Rows as the database gives them: JSON as text, times as ISO 8601 in UTC, truths as 0 and 1. Reasons: migrations.ts. */
export interface EstateTables {
  files: FileRow
  prints: { model: string; version: number; origin: Origin; bytes: number }
  print_parts: { model: string; part: number; bytes: Uint8Array | ArrayBuffer }
  models: ModelRow
  artifacts: ArtifactRow
  artifact_files: { artifact: string; position: number; path: string; bytes: number; sha256: string }
  relations: RelationRow
  relation_parents: { relation: number; position: number; parent: string; weight: number | null }
  look_alikes: { first: string; second: string; shared: number; similarity: number }
  glances: { model: string; version: number; coarse: Uint8Array | ArrayBuffer; fine: Uint8Array | ArrayBuffer }
  kin: { first: string; second: string; pair: string }
  kin_models: { model: string; rules: number }
  sightings: SightingRow
  scans: ScanRow
  ledger_head: { id: number; origin: string; size: number; time: string }
  ledger_entries: EntryRow
  ledger_tiles: { level: number; position: number; hashes: Uint8Array | ArrayBuffer }
  ledger_checkpoints: { size: number; note: string }
  witnessed: { origin: string; size: number; note: string }
  persons: { commitment: string; salt: string; name: string }
  topics: { number: Generated<number>; topic: string }
  entry_topics: { topic: number; entry: number }
  model_names: { model: number; since: number; name: string }
  edges: EdgeRow
  api_tokens: TokenRow
}

export interface EntryRow {
  number: number
  time: string
  kind: string
  payload: string
  signatures: string
}

/** A parent and a child of a relation by the numbers of their topics. */
export interface EdgeRow {
  relation: number
  parent: number
  child: number
  known: number
  since: number
  until: number | null
}

/** A token of the API: its digest only. Times as ISO 8601; `used`: a day. */
export interface TokenRow {
  id: string
  name: string
  role: string
  digest: string
  created: string
  expires: string | null
  revoked: string | null
  used: string | null
}

export interface ScanRow {
  id: string
  started: string
  finished: string
  roots: string
  totals: string
  basis: string | null
  /** When the scan was entered; null for scans from before there was a log. */
  recorded: string | null
  unread: string
}

/** Read from weights here, or taken from a print that someone gave. */
export type Origin = 'scanned' | 'imported'

export interface FileRow {
  path: string
  bytes: number
  mtime_ns: string
  inode: string
  device: string
  sha256: string
}

/** What discovery found in a file that is as it was then. */
export interface SightingRow {
  path: string
  bytes: number
  mtime_ns: string
  inode: string
  device: string
  rules: string
  found: string
}

export interface ModelRow {
  id: string
  name: string
  parameters: number
  tensors: number
  dtypes: string
  quantisation: string | null
  origin: Origin
}

export interface ArtifactRow {
  id: string
  model: string
  layout: string
  path: string
  place: string
  format: string
  bytes: number
  print_version: number
  findings: string
  side_files: string
  first_seen: string
  last_seen: string
  gone: number
}

export interface RelationRow {
  number: number
  child: string
  changes: string
  direction: 'known' | 'undetermined'
  status: 'verified' | 'declared' | 'inferred'
  p: number | null
  similarity: number
  details: string
  found_at: string
  since: number
  until: number | null
  position: number
}
