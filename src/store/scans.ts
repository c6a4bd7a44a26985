import { randomUUID } from 'node:crypto'
import { PRINT_FORMAT } from '../contract/print.ts'
import type { Change } from '../ledger/changes.ts'
import { loseArtifacts, recordArtifacts, seeArtifacts } from './artifacts.ts'
import type { EstateDb } from './database.ts'
import { rememberFiles } from './files.ts'
import { addKin } from './kin.ts'
import { enterChanges, entryTime, sinceOf, type Writing } from './ledger.ts'
import { recordModels } from './models.ts'
import { printDigests, savePrint } from './prints.ts'
import type {
  ArtifactRecord,
  CoveredByScan,
  KnownFile,
  ModelRecord,
  PrintRecord,
  RecordedScan,
  ScanRecord,
} from './records.ts'
import { replaceRelations } from './relations.ts'

/**
 * Records a scan: its models, what is where, what is gone, and the lineage, and enters statements of all that is other than
 * it was. Gives the scan's id.
 */
export async function recordScan(db: EstateDb, scan: ScanRecord, writing: Writing): Promise<string> {
  const since = await sinceOf(db, writing)
  const named = await recordModels(db, scan.models, since)
  const seen = await recordArtifacts(db, scan.artifacts, scan.finished)
  await seeArtifacts(db, scan.unchanged, scan.finished)
  const paths = new Set([...scan.unchanged, ...scan.artifacts.map((artifact) => artifact.path)])
  const lost = await loseArtifacts(db, scan.roots, paths, scan.unread)
  if (scan.kin) await addKin(db, scan.kin)
  const related = scan.lineage ? await replaceRelations(db, scan.lineage, scan.finished, since) : []
  await enterChanges(db, [...(await printings(db, named)), ...seen, ...lost, ...related], writing)
  return addScan(db, scan, await entryTime(db, writing))
}

/** What is on record of models and their prints, as changes. */
async function printings(db: EstateDb, models: readonly ModelRecord[]): Promise<Change[]> {
  const digests = await printDigests(
    db,
    models.map(({ id }) => id),
  )
  return models.map((model) => ({ kind: 'printed', printing: { ...model, print: digests.get(model.id) ?? null } }))
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
export async function recordReading(db: EstateDb, reading: ReadingRecord, writing: Writing): Promise<void> {
  await rememberFiles(db, reading.files)
  const named = await recordModels(db, reading.models, await sinceOf(db, writing))
  for (const print of reading.prints) await savePrint(db, print)
  const seen = await recordArtifacts(db, reading.artifacts, reading.time, true)
  await enterChanges(db, [...(await printings(db, named)), ...seen], writing)
}

/** A print that someone gave, as a model whose place is the print's file. */
export interface ImportRecord {
  time: string
  model: ModelRecord
  /** The file it lies in; null where a passport brought it. */
  artifact: Omit<ArtifactRecord, 'format'> | null
  print: PrintRecord
}

/** Records an imported print with its model. */
export async function recordImport(
  db: EstateDb,
  { time, model, artifact, print }: ImportRecord,
  writing: Writing,
): Promise<void> {
  const named = await recordModels(db, [{ ...model, origin: 'imported' }], await sinceOf(db, writing))
  await savePrint(db, { ...print, origin: 'imported' })
  const seen = artifact ? await recordArtifacts(db, [{ ...artifact, format: PRINT_FORMAT }], time) : []
  await enterChanges(db, [...(await printings(db, named)), ...seen], writing)
}

/** All scans, the latest first. */
export async function allScans(db: EstateDb): Promise<RecordedScan[]> {
  const rows = await db.selectFrom('scans').selectAll().orderBy('finished', 'desc').orderBy('id').execute()
  return rows.map(({ id, started, finished, roots, totals }) => ({
    id,
    started,
    finished,
    roots: JSON.parse(roots),
    totals: JSON.parse(totals),
  }))
}

/** What the latest scan said that the estate's lineage is computed from. */
export async function lineageBasis(db: EstateDb): Promise<string | null> {
  const latest = db.selectFrom('scans').select('basis').orderBy('finished', 'desc').orderBy('id').limit(1)
  return (await latest.executeTakeFirst())?.basis ?? null
}

/** The scans that were entered by `time` (RFC 3339), the latest first: what they covered. */
export async function scansBy(db: EstateDb, time: string): Promise<CoveredByScan[]> {
  const rows = db.selectFrom('scans').select(['finished', 'roots', 'unread'])
  const entered = rows.where((eb) => eb.or([eb('recorded', '<=', time), eb('recorded', 'is', null)]))
  const scans = await entered.orderBy('finished', 'desc').orderBy('id').execute()
  return scans.map(({ finished, roots, unread }) => ({
    finished,
    roots: JSON.parse(roots),
    unread: JSON.parse(unread),
  }))
}

async function addScan(db: EstateDb, scan: ScanRecord, recorded: string): Promise<string> {
  const { started, finished, roots, totals, basis, unread } = scan
  const id = randomUUID()
  const texts = { roots: JSON.stringify(roots), totals: JSON.stringify(totals), unread: JSON.stringify(unread) }
  const row = { id, started, finished, basis, recorded, ...texts }
  await db.insertInto('scans').values(row).execute()
  return id
}
