import { randomUUID } from 'node:crypto'
import { PRINT_FORMAT } from '../contract/print.ts'
import { loseArtifacts, recordArtifacts, seeArtifacts } from './artifacts.ts'
import type { EstateDb } from './database.ts'
import { rememberFiles } from './files.ts'
import { addKin } from './kin.ts'
import { recordModels } from './models.ts'
import { savePrint } from './prints.ts'
import type { ArtifactRecord, KnownFile, ModelRecord, PrintRecord, RecordedScan, ScanRecord } from './records.ts'
import { replaceRelations } from './relations.ts'

/** Records a scan: its models, what is where, what is gone, and the lineage. Gives the scan's id. */
export async function recordScan(db: EstateDb, scan: ScanRecord): Promise<string> {
  await recordModels(db, scan.models)
  await recordArtifacts(db, scan.artifacts, scan.finished)
  await seeArtifacts(db, scan.unchanged, scan.finished)
  const seen = new Set([...scan.unchanged, ...scan.artifacts.map((artifact) => artifact.path)])
  await loseArtifacts(db, scan.roots, seen, scan.unread)
  if (scan.kin) await addKin(db, scan.kin)
  if (scan.lineage) await replaceRelations(db, scan.lineage, scan.finished)
  return addScan(db, scan)
}

/** Artifacts that a scan has read so far, with all that makes reading them again needless. */
export interface ReadingRecord {
  time: string
  files: KnownFile[]
  prints: PrintRecord[]
  models: ModelRecord[]
  artifacts: ArtifactRecord[]
}

/** Keeps what was read, so that a scan that is cut off goes on from there. Relations and losses wait for `recordScan`. */
export async function recordReading(db: EstateDb, reading: ReadingRecord): Promise<void> {
  await rememberFiles(db, reading.files)
  await recordModels(db, reading.models)
  for (const print of reading.prints) await savePrint(db, print)
  await recordArtifacts(db, reading.artifacts, reading.time)
}

/** A print that someone gave, as a model whose place is the print's file. */
export interface ImportRecord {
  time: string
  model: ModelRecord
  artifact: Omit<ArtifactRecord, 'format'>
  print: PrintRecord
}

/** Records an imported print with its model. */
export async function recordImport(db: EstateDb, { time, model, artifact, print }: ImportRecord): Promise<void> {
  await recordModels(db, [{ ...model, origin: 'imported' }])
  await savePrint(db, { ...print, origin: 'imported' })
  await recordArtifacts(db, [{ ...artifact, format: PRINT_FORMAT }], time)
}

/** All scans, the latest first. */
export async function allScans(db: EstateDb): Promise<RecordedScan[]> {
  const rows = await db.selectFrom('scans').selectAll().orderBy('finished', 'desc').orderBy('id').execute()
  return rows.map(({ roots, totals, basis: _, ...scan }) => ({
    ...scan,
    roots: JSON.parse(roots),
    totals: JSON.parse(totals),
  }))
}

/** What the latest scan said that the estate's lineage is computed from. */
export async function lineageBasis(db: EstateDb): Promise<string | null> {
  const latest = db.selectFrom('scans').select('basis').orderBy('finished', 'desc').orderBy('id').limit(1)
  return (await latest.executeTakeFirst())?.basis ?? null
}

async function addScan(db: EstateDb, { started, finished, roots, totals, basis }: ScanRecord): Promise<string> {
  const id = randomUUID()
  const row = { id, started, finished, roots: JSON.stringify(roots), totals: JSON.stringify(totals), basis }
  await db.insertInto('scans').values(row).execute()
  return id
}
