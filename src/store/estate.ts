import type { Lineage } from '../relate/lineage.ts'
import { artifactsOf, knownArtifacts } from './artifacts.ts'
import { type EstateDatabase, openDatabase } from './database.ts'
import { knownFiles, rememberFiles } from './files.ts'
import { coarseGlances, fineGlances, type GlanceRecord, saveGlances } from './glances.ts'
import { type KnownKin, knownKin } from './kin.ts'
import { allPrintHeads, findModel } from './models.ts'
import { loadPrint, savePrint } from './prints.ts'
import type {
  KnownArtifact,
  KnownFile,
  KnownRelation,
  ModelReference,
  PrintHead,
  PrintRecord,
  RecordedScan,
  ScanRecord,
} from './records.ts'
import { allLookAlikes, allRelations, relationsOf, replaceRelations } from './relations.ts'
import {
  allScans,
  type ImportRecord,
  lineageBasis,
  type ReadingRecord,
  recordImport,
  recordReading,
  recordScan,
} from './scans.ts'

import { recordSightings, type SightingRecord, sightingsUnder } from './sightings.ts'

/**
 * What is known about all models of a place: the working folder's `.yukue`, or `--estate DIR`. Every writing function
 * is one transaction, on disk when its promise resolves. Everything may reject with `EstateError`.
 */
export interface Estate {
  /** The database's file. */
  readonly path: string

  /** Every known file at or below `root` (absolute), by path. */
  knownFiles(root: string): Promise<Map<string, KnownFile>>
  /** Keeps the digests of files, so that unchanged ones are not read again (`isUnchanged` of files.ts). */
  rememberFiles(files: readonly KnownFile[]): Promise<void>

  /** What discovery found under these rules in the files at or below `root` (absolute), by path. */
  sightings(root: string, rules: string): Promise<Map<string, SightingRecord>>
  /** Keeps what it found, and forgets the files of `lost`. */
  recordSightings(sightings: readonly SightingRecord[], rules: string, lost: readonly string[]): Promise<void>

  /** Every artifact that is at or below `root` (absolute) now, by path. */
  knownArtifacts(root: string): Promise<Map<string, KnownArtifact>>
  /** Wherever a model is or was. */
  artifactsOf(model: string): Promise<KnownArtifact[]>

  /** Keeps a print, in place of the model's former one; a scanned one never gives way to an imported one. */
  savePrint(print: PrintRecord): Promise<void>
  /** The stored print of a model id, null where there is none. */
  print(model: string): Promise<PrintRecord | null>
  /** Every model, and what stands of its print without the print itself. */
  allPrintHeads(): Promise<PrintHead[]>
  /** What a `<model>` of the command line means: path (`absolute`), name, or digest prefix of four digits at least. */
  findModel(reference: string, absolute: string): Promise<ModelReference>

  /** Keeps artifacts as they are read, before the scan they belong to is done. */
  recordReading(reading: ReadingRecord): Promise<void>
  /** Records a whole scan or nothing of it; gives the scan's id. */
  recordScan(scan: ScanRecord): Promise<string>
  /** Records a print that someone gave, with its model. */
  recordImport(record: ImportRecord): Promise<void>
  /** What the stored lineage was computed from (`ScanRecord.basis`), so that it is not computed again for the same models. */
  lineageBasis(): Promise<string | null>
  /** The latest first. */
  scans(): Promise<RecordedScan[]>

  /** The coarse parts of all glances of this version, by model. */
  coarseGlances(version: number): Promise<Map<string, Uint8Array>>
  /** The fine parts of some. */
  fineGlances(version: number, models: readonly string[]): Promise<Map<string, Uint8Array>>
  saveGlances(glances: readonly GlanceRecord[]): Promise<void>
  /** What relating under these rules found so far, and for which models. */
  knownKin(rules: number): Promise<KnownKin>

  /** Puts a lineage of the whole estate in place of the former one. */
  replaceRelations(lineage: Lineage, time: string): Promise<void>
  /** The relations in which a model is the child or a parent. */
  relationsOf(model: string): Promise<KnownRelation[]>
  /** Every relation of the estate, for walks. */
  allRelations(): Promise<KnownRelation[]>
  lookAlikes(): Promise<Lineage['lookAlikes']>

  close(): Promise<void>
}

/**
 * Opens the estate in `folder` and makes it when it is not there. Rejects with `EstateError` when the file is damaged, of a
 * newer version, or held by another process for longer than `patienceSeconds`.
 */
export async function openEstate(folder: string, options: { patienceSeconds?: number } = {}): Promise<Estate> {
  return estateOver(await openDatabase(folder, options.patienceSeconds))
}

function estateOver(database: EstateDatabase): Estate {
  const { read, write } = database
  return {
    path: database.path,
    knownFiles: (root) => read((db) => knownFiles(db, root)),
    rememberFiles: (files) => write((db) => rememberFiles(db, files)),
    sightings: (root, rules) => read((db) => sightingsUnder(db, root, rules)),
    recordSightings: (sightings, rules, lost) => write((db) => recordSightings(db, sightings, rules, lost)),
    knownArtifacts: (root) => read((db) => knownArtifacts(db, root)),
    artifactsOf: (model) => read((db) => artifactsOf(db, model)),
    savePrint: (print) => write((db) => savePrint(db, print)),
    print: (model) => read((db) => loadPrint(db, model)),
    allPrintHeads: () => read(allPrintHeads),
    findModel: (reference, absolute) => read((db) => findModel(db, reference, absolute)),
    recordReading: (reading) => write((db) => recordReading(db, reading)),
    recordScan: (scan) => write((db) => recordScan(db, scan)),
    recordImport: (record) => write((db) => recordImport(db, record)),
    lineageBasis: () => read(lineageBasis),
    scans: () => read(allScans),
    coarseGlances: (version) => read((db) => coarseGlances(db, version)),
    fineGlances: (version, models) => read((db) => fineGlances(db, version, models)),
    saveGlances: (glances) => write((db) => saveGlances(db, glances)),
    knownKin: (rules) => read((db) => knownKin(db, rules)),
    replaceRelations: (lineage, time) => write((db) => replaceRelations(db, lineage, time)),
    relationsOf: (model) => read((db) => relationsOf(db, model)),
    allRelations: () => read(allRelations),
    lookAlikes: () => read(allLookAlikes),
    close: () => database.close(),
  }
}
