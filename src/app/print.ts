import { resolve } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import { PRINT_VERSION } from '../contract/print.ts'
import type { Problem } from '../contract/problem.ts'
import type { Print } from '../identify/print.ts'
import { encodePrint, looksLikePrint, PRINT_HEAD_BYTES, shareable } from '../identify/print-file.ts'
import { decodePrint } from '../identify/print-file-decode.ts'
import { discover } from '../read/discover.ts'
import { readWholeFile } from '../read/file-source.ts'
import type { Estate } from '../store/estate.ts'
import { findOne } from './find-model.ts'
import { hintsFrom } from './hints.ts'
import { printsFrom } from './known-prints.ts'
import { nameFromPath } from './model-name.ts'
import { summaryOf } from './model-summary.ts'
import { problemOf } from './print-job.ts'
import { readArtifacts } from './read-artifacts.ts'
import { type Signing, withEstate } from './with-estate.ts'

/** A print ready to be given away as a file. */
export interface ExportedPrint {
  name: string
  print: Print
  bytes: Uint8Array
  /** Sketches of small tensors that were left out. */
  leftOut: number
}

/** The print of a model: of the file at a path, read now, or of a model on record. */
export async function exportPrint(
  reference: string,
  options: { estate: string; as: string[]; share: boolean; threads: number },
): Promise<ExportedPrint> {
  const { name, print } = (await printAt(reference, options)) ?? (await recordedPrint(reference, options.estate))
  const given = options.share ? shareable(print) : { print, leftOut: 0 }
  return { name, ...given, bytes: encodePrint(given.print, { name }) }
}

/** Null when nothing lies at the path: then the reference may be a name or a digest. */
async function printAt(
  path: string,
  { as, threads }: { as: string[]; threads: number },
): Promise<{ name: string; print: Print } | null> {
  const { candidates, problems } = discover([path], hintsFrom(as))
  if (candidates.length === 0 && problems.every(({ code }) => code === 'unreadable' || code === 'missing-file'))
    return null
  if (candidates.length > 1) throw new CommandError({ code: 'ambiguous-model', model: path, count: candidates.length })
  const reading = await readArtifacts(candidates, threads, { onTotal() {}, onBytes() {} }, async () => {})
  const [artifact] = reading.artifacts
  if (!artifact)
    throw new CommandError({ code: 'unreadable-model', problem: [...problems, ...reading.problems][0] as Problem })
  return { name: nameFromPath(artifact.candidate.absolutePath), print: artifact.print }
}

function recordedPrint(reference: string, folder: string): Promise<{ name: string; print: Print }> {
  return withEstate(folder, async (estate) => {
    const { id, name } = await findOne(estate, reference)
    return { name, print: await printsFrom(estate, new Map()).get(id) }
  })
}

/** Digits of its digest in the place of an upload, so that two of one name are two. */
const UPLOAD_DIGITS = 12

/** A print file larger than any that 131,072 tensors make is none. */
const MAX_PRINT_BYTES = 8 * 1024 ** 3

/**
 * Takes over prints that someone gave: each becomes a model of the estate, known by its print alone. `from`: what stands for the place of one that came
 * without a file.
 */
export function importPrints(
  paths: string[],
  folder: string,
  signing: Signing = {},
  from?: string,
): Promise<{ path: string; id: string; name: string }[]> {
  const work = async (estate: Estate) => {
    const imported = []
    for (const path of paths) imported.push(await importPrint(estate, path, from))
    return imported
  }
  return withEstate(folder, work, signing)
}

function wholeFile(path: string): { bytes: Uint8Array; sha256: string } {
  try {
    return readWholeFile(resolve(path), path, MAX_PRINT_BYTES)
  } catch (error) {
    throw new CommandError({ code: 'unreadable-model', problem: problemOf(path, error) })
  }
}

async function importPrint(
  estate: Estate,
  path: string,
  from?: string,
): Promise<{ path: string; id: string; name: string }> {
  const { bytes, sha256 } = wholeFile(path)
  if (!looksLikePrint(bytes.subarray(0, PRINT_HEAD_BYTES)))
    throw new CommandError({ code: 'unreadable-model', problem: notAPrint(path) })
  const decoded = decodePrint(bytes, path)
  if (!decoded.ok) throw new CommandError({ code: 'unreadable-model', problem: decoded.problem })
  const { print } = decoded
  const name = decoded.name ?? nameFromPath(from ?? path)
  const place = from === undefined ? resolve(path) : `upload:${sha256.slice(0, UPLOAD_DIGITS)}/${from}`
  await estate.recordImport({
    time: new Date().toISOString(),
    model: { ...summaryOf(print), name, origin: 'imported' },
    artifact: {
      model: print.id,
      layout: print.layout,
      path: place,
      place,
      bytes: bytes.length,
      printVersion: PRINT_VERSION,
      files: [{ path: place, bytes: bytes.length, sha256 }],
      findings: [],
      sideFiles: [],
    },
    print: { model: print.id, version: PRINT_VERSION, origin: 'imported', bytes },
  })
  return { path, id: print.id, name }
}

function notAPrint(path: string): Problem {
  return { path, code: 'malformed', values: { what: 'file', reason: 'it is no weight print', offset: 0 } }
}
