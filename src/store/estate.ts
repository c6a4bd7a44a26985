import type { PredicateKind } from '../contract/predicates.ts'
import type { Draft, Journal } from '../ledger/journal.ts'
import type { Tile, TileKey } from '../ledger/tiles.ts'
import type { Lineage } from '../relate/lineage.ts'
import { allEdges, edgesAbove, type LineageEdge } from './ancestry.ts'
import { artifactsOf, knownArtifacts } from './artifacts.ts'
import type { EstateDatabase, Opening } from './database.ts'
import { enteringInGroups } from './entering.ts'
import { knownFiles, rememberFiles } from './files.ts'
import { coarseGlances, fineGlances, type GlanceRecord, saveGlances } from './glances.ts'
import { type NearEdge, type Neighbourhood, neighbourhood, pathBetween } from './graph.ts'
import { type KnownKin, knownKin } from './kin.ts'
import {
  checkpointsFrom,
  enterChanges,
  entriesAbout,
  entriesBetween,
  entriesInBulk,
  headOf,
  type LedgerEntry,
  type LedgerHead,
  lastCheckpoints,
  latestCheckpoint,
  leavesBetween,
  replaceCheckpoint,
  rowCount,
  sinceOf,
  sizeAt,
  tilesAt,
  type Writing,
} from './ledger.ts'
import {
  countsOf,
  type EstateCounts,
  entriesBefore,
  entriesOf,
  figuresOf,
  type ListedModel,
  listedModels,
  type ModelFigures,
  madeBy,
  ofFormat,
} from './listings.ts'
import { candidates, type ModelCandidates, modelsAt, type NamedModel } from './model-names.ts'
import { allPrintHeads, findModel } from './models.ts'
import { commitmentFor, commitmentsOf, namesBehind } from './persons.ts'
import { isPostgresUrl, openPostgres } from './postgres.ts'
import { loadPrint, savePrint } from './prints.ts'
import type {
  CoveredByScan,
  KnownArtifact,
  KnownFile,
  KnownRelation,
  ModelReference,
  PrintHead,
  PrintRecord,
  RecordedScan,
  ScanRecord,
} from './records.ts'
import { allLookAlikes, allRelations, lookAlikesOf, relationsOf, replaceRelations } from './relations.ts'
import {
  allScans,
  type ImportRecord,
  lineageBasis,
  type ReadingRecord,
  recordImport,
  recordReading,
  recordScan,
  scansBy,
} from './scans.ts'
import { recordSightings, type SightingRecord, sightingsUnder } from './sightings.ts'
import { damages, openDamagedSqlite, openSqlite } from './sqlite.ts'
import { addToken, allTokens, noteTokens, revokeToken, type StoredToken } from './tokens.ts'
import { type Walk, type Way, walk } from './walks.ts'
import { lastWitnessed, recordWitnessed } from './witnessed.ts'

/**
 * What is known about all models of a place: the working folder's `.yukue`, or `--estate DIR`. Every writing function
 * is one transaction, on disk when its promise resolves. Everything may reject with `EstateError`.
 */
export interface Estate {
  /** The database's file, or its address without the password. */
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
  /** Where the log stands; null while it is empty. */
  ledgerHead(): Promise<LedgerHead | null>
  /**
   * Enters statements, under one checkpoint, or none of them; with those of others who enter at the same time (entering.ts). Throws without a journal. Gives the
   * first's number.
   */
  enter(make: (time: string) => readonly Draft[]): Promise<number>
  /** Entries with numbers in [from, to), in order. */
  entries(from: number, to: number): Promise<LedgerEntry[]>
  /** The same, for whoever reads all of the log. */
  entriesInBulk(from: number, to: number): Promise<LedgerEntry[]>
  /** Entries about any of these topics among the first `size`, in order; of these kinds only, where kinds are named. */
  entriesAbout(topics: readonly string[], size: number, kinds?: readonly PredicateKind[]): Promise<LedgerEntry[]>
  /** Enters a statement that others signed, unless one with its payload stands already. Gives its number; null where it stood. */
  enterOnce(draft: Draft): Promise<number | null>
  /** How many entries there were at a time (RFC 3339). */
  sizeAt(time: string): Promise<number>
  tiles(keys: readonly TileKey[]): Promise<Tile[]>
  /** The leaves that the tree holds for entries with numbers in [from, to), by number. */
  leaves(from: number, to: number): Promise<Map<number, Uint8Array>>
  /** How many entries, and how many mentions of topics, there are; for checks. */
  entryCount(): Promise<number>
  indexSize(): Promise<number>
  /** What the database itself finds wrong with its files, in its own words; nothing where it has no such check. */
  damages(): Promise<string[]>
  latestCheckpoint(): Promise<{ size: number; note: string } | null>
  checkpoints(from: number, count: number): Promise<{ size: number; note: string }[]>
  /** The largest first. */
  lastCheckpoints(count: number): Promise<{ size: number; note: string }[]>
  /** Puts a checkpoint with further signatures in place of the one of its size. */
  replaceCheckpoint(checkpoint: { size: number; note: string }): Promise<void>
  /** What this estate, as a witness, has cosigned last of a log. */
  lastWitnessed(origin: string): Promise<{ size: number; note: string } | null>
  /**
   * Keeps what a witness cosigns, where the last one was of `former` (null: none) still. False where another process was
   * quicker.
   */
  recordWitnessed(origin: string, former: number | null, checkpoint: { size: number; note: string }): Promise<boolean>
  /** The commitment that stands for a person in the log; the same for the same name. */
  commitmentFor(name: string, salted: () => { salt: string; commitment: string }): Promise<string>
  /** The names behind commitments, where they are (still) kept. */
  namesBehind(commitments: readonly string[]): Promise<Map<string, string>>
  /** The other way: commitments that stand for persons of these names. */
  commitmentsOf(names: readonly string[]): Promise<Map<string, string>>

  /** The models that a name, a path or the beginning of a digest meant when the log had `size` entries. */
  candidates(reference: string, absolute: string, size: number): Promise<ModelCandidates>
  /** What stands of models, with the names that they had when the log had `size` entries; those not known then are left out. */
  modelsAt(ids: readonly string[], size: number): Promise<Map<string, NamedModel>>
  /** Models that a model is related to, as of a size of the log (walks.ts). */
  walk(start: string, size: number, way: Way, limit: number): Promise<Walk>
  /** The relations by which models have ancestors, nearest and furthest, and open ones beside (ancestry.ts). */
  edgesAbove(models: readonly string[], size: number): Promise<LineageEdge[]>
  /** Every relation that held at a size of the log. */
  allEdges(size: number): Promise<LineageEdge[]>
  /** The scans entered by a time, the latest first. */
  scansBy(time: string): Promise<CoveredByScan[]>

  /** Puts a lineage of the whole estate in place of the former one. */
  replaceRelations(lineage: Lineage, time: string): Promise<void>
  /** The relations in which a model is the child or a parent. */
  relationsOf(model: string): Promise<KnownRelation[]>
  /** Every relation of the estate, for walks. */
  allRelations(): Promise<KnownRelation[]>
  lookAlikes(): Promise<Lineage['lookAlikes']>
  lookAlikesOf(model: string): Promise<Lineage['lookAlikes']>
  /** The models near one, and the relations among them; null where it is not on record. */
  neighbourhood(model: string, depth: number, limit: number): Promise<Neighbourhood | null>
  /** The shortest way from one model to another; null where there is none. */
  pathBetween(from: string, to: string): Promise<{ ids: string[]; edges: NearEdge[] } | null>

  /** Every model with the places where it is or was. */
  listedModels(): Promise<ListedModel[]>
  figuresOf(models: readonly string[]): Promise<Map<string, ModelFigures>>
  /** Models that a kind of change made; models with a copy in a format. */
  madeBy(change: string): Promise<string[]>
  ofFormat(format: string): Promise<string[]>
  counts(): Promise<EstateCounts>
  /** Entries with smaller numbers than `before`, the newest first; about all of `topics`, of one kind where it is named. */
  entriesBefore(
    wanted: { before: number; kind: string | null; topics: readonly string[] },
    limit: number,
  ): Promise<LedgerEntry[]>
  /** Entries of some kinds with numbers in [from, to), in order, at most `limit`. */
  entriesOf(kinds: readonly PredicateKind[], range: { from: number; to: number }, limit: number): Promise<LedgerEntry[]>

  /** Who may use the API, by digests of their tokens. */
  addToken(token: StoredToken): Promise<void>
  tokens(): Promise<StoredToken[]>
  /** False where no such token stands. */
  revokeToken(id: string, time: string): Promise<boolean>
  /** Keeps the days on which tokens were used last, by their ids. */
  noteTokens(days: ReadonlyMap<string, string>): Promise<void>

  /** Another text after every write of any process: while it is the same, every answer is. */
  version(): Promise<string>
  close(): Promise<void>
}

/**
 * Opens the estate in `folder` and makes it when it is not there. Rejects with `EstateError` when the file is damaged, of a
 * newer version, or held by another process for longer than `patienceSeconds`.
 */
export async function openEstate(location: string, options: EstateOptions = {}): Promise<Estate> {
  const writing = { journal: null, now: () => new Date(), ...options }
  return estateOver(await openDatabase(location, options), writing)
}

/**
 * What can still be read of an estate whose file is damaged; null of a PostgreSQL, which looks after its files itself. Nothing is
 * written; anything may reject with `EstateError`.
 */
export function openDamagedEstate(location: string): Estate | null {
  if (isPostgresUrl(location)) return null
  return estateOver(openDamagedSqlite(location), { journal: null, now: () => new Date() })
}

export interface EstateOptions extends Partial<Writing>, Opening {}

/** The database of an estate: a folder's file, or what a `postgres://` address names. */
export function openDatabase(location: string, opening: Opening = {}): Promise<EstateDatabase> {
  return isPostgresUrl(location) ? openPostgres(location, opening) : openSqlite(location, opening)
}

function estateOver(database: EstateDatabase, writing: Writing): Estate {
  const { read, write } = database
  const entering = enteringInGroups(write, () => writable(writing))
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
    recordReading: (reading) => write((db) => recordReading(db, reading, writing)),
    recordScan: (scan) => write((db) => recordScan(db, scan, writing)),
    recordImport: (record) => write((db) => recordImport(db, record, writing)),
    lineageBasis: () => read(lineageBasis),
    scans: () => read(allScans),
    coarseGlances: (version) => read((db) => coarseGlances(db, version)),
    fineGlances: (version, models) => read((db) => fineGlances(db, version, models)),
    saveGlances: (glances) => write((db) => saveGlances(db, glances)),
    knownKin: (rules) => read((db) => knownKin(db, rules)),
    ledgerHead: () => read(headOf),
    enter: async (make) => (await entering({ make, isOnce: false }))!,
    enterOnce: (draft) => entering({ make: () => [draft], isOnce: true }),
    entries: (from, to) => read((db) => entriesBetween(db, from, to)),
    entriesInBulk: (from, to) => read((db) => entriesInBulk(db, from, to)),
    entriesAbout: (topics, size, kinds) => read((db) => entriesAbout(db, topics, size, kinds)),
    sizeAt: (time) => read((db) => sizeAt(db, time)),
    tiles: (keys) => read((db) => tilesAt(db, keys)),
    leaves: (from, to) => read((db) => leavesBetween(db, from, to)),
    entryCount: () => read((db) => rowCount(db, 'ledger_entries')),
    indexSize: () => read((db) => rowCount(db, 'entry_topics')),
    damages: () => (database.kind === 'sqlite' ? damages(database) : Promise.resolve([])),
    latestCheckpoint: () => read(latestCheckpoint),
    checkpoints: (from, count) => read((db) => checkpointsFrom(db, from, count)),
    lastCheckpoints: (count) => read((db) => lastCheckpoints(db, count)),
    replaceCheckpoint: (checkpoint) => write((db) => replaceCheckpoint(db, checkpoint)),
    lastWitnessed: (origin) => read((db) => lastWitnessed(db, origin)),
    recordWitnessed: (origin, former, checkpoint) => write((db) => recordWitnessed(db, origin, former, checkpoint)),
    commitmentFor: (name, salted) => write((db) => commitmentFor(db, name, salted)),
    namesBehind: (commitments) => read((db) => namesBehind(db, commitments)),
    commitmentsOf: (names) => read((db) => commitmentsOf(db, names)),
    candidates: (reference, absolute, size) => read((db) => candidates(db, reference, absolute, size)),
    modelsAt: (ids, size) => read((db) => modelsAt(db, ids, size)),
    walk: (start, size, way, limit) => read((db) => walk(db, start, size, way, limit)),
    edgesAbove: (models, size) => read((db) => edgesAbove(db, models, size)),
    allEdges: (size) => read((db) => allEdges(db, size)),
    scansBy: (time) => read((db) => scansBy(db, time)),
    replaceRelations: (lineage, time) =>
      write(async (db) => {
        const changes = await replaceRelations(db, lineage, time, await sinceOf(db, writing))
        await enterChanges(db, changes, writing)
      }),
    relationsOf: (model) => read((db) => relationsOf(db, model)),
    allRelations: () => read(allRelations),
    lookAlikes: () => read(allLookAlikes),
    lookAlikesOf: (model) => read((db) => lookAlikesOf(db, model)),
    neighbourhood: (model, depth, limit) => read((db) => neighbourhood(db, model, depth, limit)),
    pathBetween: (from, to) => read((db) => pathBetween(db, from, to)),
    listedModels: () => read(listedModels),
    figuresOf: (models) => read((db) => figuresOf(db, models)),
    madeBy: (change) => read((db) => madeBy(db, change)),
    ofFormat: (format) => read((db) => ofFormat(db, format)),
    counts: () => read(countsOf),
    entriesBefore: (wanted, limit) => read((db) => entriesBefore(db, wanted, limit)),
    entriesOf: (kinds, range, limit) => read((db) => entriesOf(db, kinds, range, limit)),
    addToken: (token) => write((db) => addToken(db, token)),
    tokens: () => read(allTokens),
    revokeToken: (id, time) => write((db) => revokeToken(db, id, time)),
    noteTokens: (days) => write((db) => noteTokens(db, days)),
    version: database.version,
    close: () => database.close(),
  }
}

/** Throws where statements are to be entered without anybody to sign them: a fault of this program. */
function writable({ journal, now }: Writing): { journal: Journal; now(): Date } {
  if (journal === null) throw new Error('the estate was opened without a journal')
  return { journal: journal(), now }
}
