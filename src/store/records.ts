import type { Finding } from '../read/model-file.ts'
import type { SideRole } from '../read/side-role.ts'
import type { Lineage, Relation } from '../relate/lineage.ts'
import type { KinRecord } from './kin.ts'
import type { Origin } from './schema.ts'

/** By which a file is taken for the one that was read before. `path` is absolute; the rest as `stat` with bigint gives it. */
export interface FileKey {
  path: string
  bytes: number
  mtimeNs: string
  inode: string
  device: string
}

export interface KnownFile extends FileKey {
  /** Hexadecimal. */
  sha256: string
}

/** A file of an artifact as it was when the artifact was read. `path` is absolute. */
export interface ArtifactFile {
  path: string
  bytes: number
  sha256: string
}

/** A file beside an artifact that changes what it does. `path` is absolute. */
export interface SideFileRecord extends ArtifactFile {
  role: SideRole
}

/** A model as found at a place. */
export interface ArtifactRecord {
  /** Model id. */
  model: string
  layout: string
  /** Absolute; `archive.zip!/inner` inside archives. At one path there is one artifact at a time. */
  path: string
  /** The scanned root under which it was found, absolute. */
  place: string
  format: string
  bytes: number
  /** `PRINT_VERSION` when it was read. */
  printVersion: number
  /** The main file first. */
  files: ArtifactFile[]
  findings: Finding[]
  sideFiles: SideFileRecord[]
}

export interface KnownArtifact extends ArtifactRecord {
  /** ISO 8601, UTC. */
  firstSeen: string
  lastSeen: string
  /** Not there any more, or something else lies there, since the scan after `lastSeen`. */
  gone: boolean
}

export interface ModelRecord {
  id: string
  name: string
  parameters: number
  tensors: number
  /** Tensors by dtype. */
  dtypes: Record<string, number>
  quantisation: { scheme: string; bits: number } | null
  origin: Origin
}

/** A model and what stands of its print, without the print itself. */
export interface PrintHead extends ModelRecord {
  /** Of the stored print; null where none is stored. */
  printVersion: number | null
  /** Bytes of the stored print. */
  printBytes: number | null
}

/** A print as a file's bytes (src/identify/print-file.ts). */
export interface PrintRecord {
  model: string
  /** `PRINT_VERSION` of whoever made it. */
  version: number
  origin: Origin
  bytes: Uint8Array
}

/** What one scan found; recorded as a whole or not at all. Paths are absolute, times ISO 8601 in UTC. */
export interface ScanRecord {
  started: string
  finished: string
  roots: string[]
  /** At least every model of `artifacts` that the estate does not know yet. */
  models: ModelRecord[]
  /** Artifacts that were read. */
  artifacts: ArtifactRecord[]
  /** Paths of artifacts that are as the estate knows them. */
  unchanged: string[]
  /** Files and folders that are there but could not be read: nothing known under them is taken for gone. */
  unread: string[]
  /** Of all models of the estate; null leaves the relations as they are. */
  lineage: Lineage | null
  /** What finding it out found beside, so that it can be continued; null where nothing was. */
  kin: KinRecord | null
  /** What the estate's lineage is computed from, as `lineageBasis` will give it back; null where it is not known. */
  basis: string | null
  totals: Record<string, number>
}

export interface RecordedScan extends Pick<ScanRecord, 'started' | 'finished' | 'roots' | 'totals'> {
  id: string
}

/** What a scan looked at. */
export interface CoveredByScan extends Pick<ScanRecord, 'finished' | 'roots' | 'unread'> {}

export interface KnownRelation extends Relation {
  /** When a scan first found it so. */
  foundAt: string
}

/** What a `<model>` of the command line means. */
export type ModelReference =
  | { kind: 'found'; model: PrintHead }
  | { kind: 'ambiguous'; models: PrintHead[] }
  | { kind: 'unknown' }
