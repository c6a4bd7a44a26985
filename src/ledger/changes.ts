import type { Finding } from '../read/model-file.ts'
import type { Relation } from '../relate/lineage.ts'

/** A copy of a model as a scan found it; paths are absolute. */
export interface Sighting {
  model: string
  layout: string
  path: string
  place: string
  format: string
  bytes: number
  files: { path: string; bytes: number; sha256: string }[]
  findings: Finding[]
  /** Null while nobody has looked. */
  sideFiles: { role: string; path: string; bytes: number; sha256: string }[] | null
}

/** What stands of a print, and the digest of its file; null where no print is kept. */
export interface Printing {
  id: string
  name: string
  origin: 'scanned' | 'imported'
  parameters: number
  tensors: number
  dtypes: Record<string, number>
  quantisation: { scheme: string; bits: number } | null
  print: { version: number; sha256: string; bytes: number } | null
}

/** What a transaction of the estate found to be other than it was on record; each becomes a statement in the same transaction. */
export type Change =
  | { kind: 'observed'; state: 'present' | 'gone'; sighting: Sighting }
  | { kind: 'printed'; printing: Printing }
  | { kind: 'related'; state: 'found' | 'withdrawn'; relation: Relation }
