import { join, resolve } from 'node:path'
import type { Claim } from '../contract/claims.ts'
import { CommandError } from '../contract/command-error.ts'
import { PRINT_VERSION } from '../contract/print.ts'
import type { Problem } from '../contract/problem.ts'
import type { Print } from '../identify/print.ts'
import { looksLikePrint, PRINT_HEAD_BYTES } from '../identify/print-file.ts'
import { decodePrint } from '../identify/print-file-decode.ts'
import type { Candidate } from '../read/artifact.ts'
import { declarationsOf } from '../read/declarations.ts'
import { discover } from '../read/discover.ts'
import { openFile, readWholeFile, stampOf } from '../read/file-source.ts'
import { ReadError } from '../read/read-error.ts'
import { findSideFiles, type SideFile } from '../read/side-files.ts'
import type { Estate } from '../store/estate.ts'
import { isPostgresUrl } from '../store/postgres.ts'
import type { KnownArtifact } from '../store/records.ts'
import { judgeClaims, namedModels, namesAt } from './claims.ts'
import { candidateOf } from './claims-of-model.ts'
import { findOne } from './find-model.ts'
import { hintsFrom } from './hints.ts'
import { type KnownCandidate, knownPlaces, recogniseUnchanged } from './known-artifacts.ts'
import { printsFrom } from './known-prints.ts'
import { liesWithin } from './lies-within.ts'
import { nameFromPath } from './model-name.ts'
import { problemOf } from './print-job.ts'
import { type ReadArtifact, readArtifacts } from './read-artifacts.ts'
import type { ScanProgress } from './scan.ts'
import { withEstate } from './with-estate.ts'

/** One of two models to be compared. */
export interface ModelEnd {
  name: string
  print: Print
  /** Where its weights are; null where only its print is at hand. */
  candidate: Candidate | null
  sideFiles: SideFile[]
  /** Set where its files were read just now. */
  read: ReadArtifact | null
}

export interface EndOptions {
  /** Folder of the estate. */
  estate: string
  as: string[]
  threads: number
  /**
   * Of whoever may name models on record only, and read weights in these folders only (real paths): a server's callers. From prints
   * alone where the weights lie elsewhere.
   */
  within?: readonly string[]
}

/** A print file larger than any that 131,072 tensors make is none. */
const MAX_PRINT_BYTES = 8 * 1024 ** 3

/**
 * The model that an argument means: a print file, an artifact at a path, or a model on record by name or digest, with its weights
 * where they still are as recorded.
 */
export async function modelEnd(reference: string, options: EndOptions, progress: ScanProgress): Promise<ModelEnd> {
  if (options.within !== undefined) return recordedEnd(reference, options, progress)
  const stamp = stampOf(resolve(reference))
  if (stamp !== null && isPrint(reference)) return printEnd(reference)
  return (await endAt(reference, options, progress)) ?? (await recordedEnd(reference, options, progress))
}

function isPrint(path: string): boolean {
  try {
    const source = openFile(resolve(path), path)
    try {
      const head = new Uint8Array(Math.min(PRINT_HEAD_BYTES, source.size))
      source.readInto(head, 0, 'file')
      return looksLikePrint(head)
    } finally {
      source.close()
    }
  } catch (error) {
    if (error instanceof ReadError) return false
    throw error
  }
}

function printEnd(path: string): ModelEnd {
  try {
    const decoded = decodePrint(readWholeFile(resolve(path), path, MAX_PRINT_BYTES).bytes, path)
    if (!decoded.ok) throw new CommandError({ code: 'unreadable-model', problem: decoded.problem })
    const { print, name } = decoded
    return { name: name ?? nameFromPath(path), print, candidate: null, sideFiles: [], read: null }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError({ code: 'unreadable-model', problem: problemOf(path, error) })
  }
}

/** Null when nothing lies at the path: then the reference may be a name or a digest. */
async function endAt(path: string, options: EndOptions, progress: ScanProgress): Promise<ModelEnd | null> {
  const { candidates, problems } = discover([path], hintsFrom(options.as))
  if (candidates.length === 0 && problems.every(({ code }) => code === 'unreadable' || code === 'missing-file'))
    return null
  if (candidates.length > MAX_COPIES)
    throw new CommandError({ code: 'ambiguous-model', model: path, count: candidates.length })
  if (candidates.length === 0) throw new CommandError({ code: 'unreadable-model', problem: problems[0] as Problem })
  progress.onPhase('reading', candidates.length)
  const { artifacts, problems: failed } = await readArtifacts(candidates, options.threads, progress, async () => {})
  const [first] = artifacts
  if (!first || failed.length > 0)
    throw new CommandError({ code: 'unreadable-model', problem: [...failed, ...problems][0] as Problem })
  const ids = new Set(artifacts.map(({ print }) => print.id))
  if (ids.size > 1) throw new CommandError({ code: 'ambiguous-model', model: path, count: ids.size })
  return readEnd(first, nameFromPath(first.candidate.absolutePath))
}

/** A folder that keeps one model in several formats means that model. */
const MAX_COPIES = 8

function readEnd(read: ReadArtifact, name: string): ModelEnd {
  const { candidate, print } = read
  return { name, print, candidate, sideFiles: sidesOf(candidate), read }
}

function sidesOf(candidate: Candidate): SideFile[] {
  return findSideFiles([candidate], () => null).byArtifact.get(candidate.absolutePath) ?? []
}

async function recordedEnd(reference: string, options: EndOptions, progress: ScanProgress): Promise<ModelEnd> {
  if (!hasEstate(options.estate)) throw new CommandError({ code: 'unknown-model', model: reference })
  return withEstate(options.estate, async (estate) => {
    const { id, name } = await findOne(estate, reference)
    const print = await printsFrom(estate, new Map()).get(id)
    const found = await recordedPlace(
      estate,
      (await estate.artifactsOf(id)).filter(({ gone }) => !gone),
      options.within,
    )
    if (found === null) return { name, print, candidate: null, sideFiles: [], read: null }
    // the stored print may be that of another copy, with its tensors in another order
    progress.onPhase('reading', 1)
    const { artifacts } = await readArtifacts([found.candidate], options.threads, progress, async () => {})
    const [read] = artifacts
    if (read?.print.id !== id) return { name, print, candidate: null, sideFiles: [], read: null }
    return readEnd(read, name)
  })
}

/** The first place of a model where its files are as they were recorded. */
async function recordedPlace(
  estate: Estate,
  artifacts: readonly KnownArtifact[],
  within: readonly string[] | undefined,
): Promise<KnownCandidate | null> {
  for (const artifact of artifacts) {
    const isUsable = artifact.printVersion === PRINT_VERSION && liesWithin(artifact, within)
    const candidate = isUsable ? candidateOf(artifact) : null
    if (candidate === null) continue
    const { known } = recogniseUnchanged([candidate], await knownPlaces(estate, [resolve(candidate.root)]))
    if (known[0]) return known[0]
  }
  return null
}

/** Whether something is on record: asking must not make a record. */
export function hasEstate(folder: string): boolean {
  return isPostgresUrl(folder) || stampOf(join(folder, 'estate.sqlite')) !== null
}

/** What the child declares of its lineage, held against the other model and those on record. */
export async function claimsOf(
  end: ModelEnd,
  others: readonly { end: ModelEnd; reference: string }[],
  folder: string,
): Promise<Claim[]> {
  const { candidate, print, sideFiles } = end
  if (candidate === null) return []
  const declarations = declarationsOf(candidate, print.adapter, sideFiles)
  if (declarations.length === 0) return []
  const model = { print, names: namesAt(candidate.absolutePath), declarations }
  const atHand = new Map([print, ...others.map((other) => other.end.print)].map((item) => [item.id, item]))
  const named = others.map(
    ({
      end: {
        name,
        print: { id },
        candidate: place,
      },
      reference,
    }) => {
      return { id, names: [name, reference, ...(place ? namesAt(place.absolutePath) : [])] }
    },
  )
  if (!hasEstate(folder)) return judgeClaims(model, named, nothingElse(atHand))
  return withEstate(folder, async (estate) => {
    const known = (await namedModels(estate)).filter(({ id }) => !atHand.has(id) || id === print.id)
    return judgeClaims(model, [...named, ...known], printsFrom(estate, atHand))
  })
}

function nothingElse(prints: ReadonlyMap<string, Print>) {
  return { get: async (id: string) => prints.get(id)! }
}
