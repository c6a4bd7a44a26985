import { dirname, resolve } from 'node:path'
import type { Claim } from '../contract/claims.ts'
import { CommandError } from '../contract/command-error.ts'
import { PRINT_VERSION } from '../contract/print.ts'
import type { Problem } from '../contract/problem.ts'
import type { Candidate } from '../read/artifact.ts'
import { stampOf } from '../read/file-source.ts'
import { configurationRelations } from '../relate/configuration.ts'
import type { Lineage } from '../relate/lineage.ts'
import type { Estate } from '../store/estate.ts'
import type { PrintHead, ScanRecord } from '../store/records.ts'
import { filesBeside, isRestated, withSideFiles } from './beside.ts'
import { claimsOfArtifacts } from './claims.ts'
import { withPlaceFindings, withSideFindings } from './custody-findings.ts'
import { discoverKnown } from './discover-known.ts'
import { withFindings } from './findings.ts'
import { hintsFrom } from './hints.ts'
import { keeperFor } from './keep-reading.ts'
import { type KnownPlaces, knownPlaces, recogniseUnchanged } from './known-artifacts.ts'
import { type Prints, printsFrom } from './known-prints.ts'
import { basisOf, lineageAmong, lineageOfEstate, storedLineage } from './lineage.ts'
import { nameFromPath } from './model-name.ts'
import { type ModelSummary, summaryFrom } from './model-summary.ts'
import { type ReadArtifact, readArtifacts } from './read-artifacts.ts'
import { artifactRecord, type SeenArtifact, seenAgain, seenNow } from './seen-artifact.ts'
import { type Signing, withEstate } from './with-estate.ts'

export interface ScanOptions {
  paths: string[]
  /** Hints for headerless files, as written: `voices/*.bin=f32[512,256]`. */
  as: string[]
  /** Folder of the estate. */
  estate: string
  /** 0: read in the calling thread. */
  threads: number
  /** Folders out of which nothing leads, as real paths; anything may be read unless given. */
  within?: readonly string[]
  /** What signs the record of it. */
  signing?: Signing
}

/** Told what a scan is doing. */
export interface ScanProgress {
  onPhase(phase: 'searching' | 'reading' | 'relating' | 'recording', count: number): void
  onTotal(bytes: number): void
  onBytes(bytes: number): void
}

export interface SeenModel extends ModelSummary {
  name: string
  artifacts: SeenArtifact[]
}

/** What a scan found. */
export interface ScanResult {
  models: SeenModel[]
  lineage: Lineage
  /** What artifacts declare of their lineage, by absolute path. */
  claims: ReadonlyMap<string, Claim[]>
  /** Artifacts that hold no weights. */
  empty: SeenArtifact[]
  problems: Problem[]
}

/** Finds artifacts, prints those that are new or changed, relates their models, and records what was seen. */
export async function scan(options: ScanOptions, progress: ScanProgress): Promise<ScanResult> {
  const started = new Date().toISOString()
  refuseMissing(options.paths)
  progress.onPhase('searching', options.paths.length)
  const hints = hintsFrom(options.as)
  return withEstate(
    options.estate,
    async (estate) => {
      const places = await knownPlaces(
        estate,
        options.paths.map((path) => resolve(path)),
      )
      const found = await discoverKnown(estate, distinctPaths(options.paths), hints, places, options.within)
      const candidates = distinct(found.candidates)
      const { artifacts, restated, prints, problems } = await identify(estate, candidates, places, options, progress)
      const heads = await estate.allPrintHeads()
      const { models, empty } = modelsOf(artifacts, heads)
      progress.onPhase('relating', models.length)
      const lineages = await relateAll(estate, models, heads, prints)
      const whole = models.flatMap((model) => model.artifacts)
      const claims = await claimsOfArtifacts(estate, found.candidates, whole, prints)
      progress.onPhase('recording', artifacts.length)
      const result = { models, lineage: lineages.ofScan, claims, empty, problems: [...found.problems, ...problems] }
      await record(estate, result, { restated, heads, lineages, started }, options)
      return {
        ...result,
        models: await withPlaceFindings(estate, result.models),
        // of places, not of models, and so no part of the recorded lineage
        lineage: { ...result.lineage, relations: [...result.lineage.relations, ...configurationRelations(models)] },
      }
    },
    options.signing,
  )
}

/** One missing path among others is a problem of the scan; nothing but missing paths is a mistyped command. */
function refuseMissing(paths: string[]): void {
  const [first] = paths
  if (first !== undefined && paths.every((path) => stampOf(resolve(path)) === null))
    throw new CommandError({ code: 'no-such-path', path: first })
}

/** The first of the arguments that mean one place, or its problems would be told twice. */
function distinctPaths(paths: string[]): string[] {
  const absolute = paths.map((path) => resolve(path))
  return paths.filter((_, index) => absolute.indexOf(absolute[index]!) === index)
}

/** A file that two of the arguments lead to is one artifact, found under the first. */
function distinct(candidates: Candidate[]): Candidate[] {
  const seen = new Set<string>()
  return candidates.filter(({ absolutePath }) => !seen.has(absolutePath) && seen.add(absolutePath))
}

async function identify(
  estate: Estate,
  candidates: Candidate[],
  places: KnownPlaces,
  { threads }: ScanOptions,
  progress: ScanProgress,
): Promise<{ artifacts: SeenArtifact[]; restated: Set<SeenArtifact>; prints: Prints; problems: Problem[] }> {
  const { known, fresh } = recogniseUnchanged(candidates, places)
  progress.onPhase('reading', fresh.length)
  const keeper = keeperFor(estate)
  const judged = (artifact: ReadArtifact) =>
    withFindings(artifact, places.artifacts.get(artifact.candidate.absolutePath))
  const reading = await readArtifacts(fresh, threads, progress, (artifact) =>
    keeper.keep(judged(artifact), resolve(artifact.candidate.root)),
  )
  await keeper.flush()
  const seen = new Map<string, SeenArtifact>()
  for (const again of known) seen.set(again.candidate.absolutePath, seenAgain(again, resolve(again.candidate.root)))
  for (const read of reading.artifacts)
    seen.set(read.candidate.absolutePath, seenNow(judged(read), resolve(read.candidate.root)))
  const found = candidates.flatMap((candidate) => seen.get(candidate.absolutePath) ?? [])
  const sides = await filesBeside(estate, candidates, places.files)
  const onRecord = new Map(known.map(({ artifact }) => [artifact.path, artifact]))
  const artifacts = withSideFindings(withSideFiles(found, sides), places.artifacts)
  return {
    artifacts,
    restated: new Set(artifacts.filter((artifact) => isRestated(artifact, onRecord.get(artifact.absolutePath)))),
    prints: printsFrom(estate, keeper.prints),
    problems: [...reading.problems, ...sides.problems],
  }
}

/** Artifacts of one model id are one model, under the name that most of them, or else the first, have. */
function modelsOf(artifacts: SeenArtifact[], heads: PrintHead[]): { models: SeenModel[]; empty: SeenArtifact[] } {
  const byModel = new Map<string, SeenArtifact[]>()
  for (const artifact of artifacts) {
    const copies = byModel.get(artifact.model)
    if (copies) copies.push(artifact)
    else byModel.set(artifact.model, [artifact])
  }
  const known = new Map(heads.map((head) => [head.id, head]))
  const models: SeenModel[] = []
  const empty: SeenArtifact[] = []
  for (const [id, copies] of byModel) {
    const head = known.get(id)
    // only files without weights are not on record
    if (!head) empty.push(...copies)
    else models.push({ ...summaryFrom(head), name: commonName(copies), artifacts: copies })
  }
  return { models, empty }
}

function commonName(copies: SeenArtifact[]): string {
  const names = copies.map(({ absolutePath }) => nameFromPath(absolutePath))
  const times = new Map<string, number>()
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1)
  return names.reduce((best, name) => (times.get(name)! > times.get(best)! ? name : best))
}

/**
 * Relates the models of this scan, and with them the imported prints, so that a model is recognised by its print alone; and all models of
 * the estate, which may be the same ones. What is on record serves where it is over the same models.
 */
async function relateAll(estate: Estate, models: SeenModel[], heads: PrintHead[], prints: Prints): Promise<Lineages> {
  const imported = heads.filter((head) => head.origin === 'imported' && head.printVersion === PRINT_VERSION)
  const here = [...new Set([...models, ...imported].map(({ id }) => id))]
  const ids = heads.filter((head) => head.tensors > 0 && head.printVersion === PRINT_VERSION).map(({ id }) => id)
  const basis = basisOf(ids)
  const isStored = basis === (await estate.lineageBasis())
  const { lineage, kin } = isStored ? { lineage: null, kin: null } : await lineageOfEstate(estate, prints, ids)
  const isAll = basisOf(here) === basis
  return {
    ofScan: isAll ? (lineage ?? (await storedLineage(estate))) : await lineageAmong(estate, prints, here),
    ofEstate: lineage,
    kin,
    basis,
  }
}

interface Lineages {
  ofScan: Lineage
  /** What is to be recorded; null where it stands on record. */
  ofEstate: Lineage | null
  kin: ScanRecord['kin']
  basis: string
}

/** What recording takes beside the result. */
interface Background {
  /** Artifacts whose side files changed. */
  restated: ReadonlySet<SeenArtifact>
  /** Every model of the estate. */
  heads: PrintHead[]
  lineages: Lineages
  started: string
}

/** The estate's own lineage is over all models it knows, not only those of this scan. */
async function record(
  estate: Estate,
  { models, problems }: ScanResult,
  { restated, heads, lineages, started }: Background,
  { paths }: ScanOptions,
): Promise<void> {
  const artifacts = models.flatMap((model) => model.artifacts)
  const names = new Map(heads.map((head) => [head.id, head.name]))
  await estate.recordScan({
    started,
    finished: new Date().toISOString(),
    roots: paths.map((path) => resolve(path)),
    // models are on record since they were read, but for the name that most of their copies have
    models: models
      .filter(({ id, name }) => names.get(id) !== name)
      .map(({ artifacts: _, ...model }) => ({ ...model, origin: 'scanned' })),
    // what was read is on record since it was read, but for the files beside it
    artifacts: artifacts.filter((seen) => restated.has(seen)).map((seen) => artifactRecord(seen, PRINT_VERSION)),
    unchanged: artifacts.map(({ absolutePath }) => absolutePath),
    unread: paths.flatMap((root) =>
      problems.flatMap(({ path }) => [resolve(root, path), resolve(dirname(root), path)]),
    ),
    lineage: lineages.ofEstate,
    kin: lineages.kin,
    basis: lineages.basis,
    totals: { artifacts: artifacts.length, models: models.length, problems: problems.length },
  })
}
