import { basename } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import type { Passport, PassportReport } from '../contract/passport.ts'
import type { Problem } from '../contract/problem.ts'
import type { Print } from '../identify/print.ts'
import { discover } from '../read/discover.ts'
import { findSideFiles } from '../read/side-files.ts'
import { relate } from '../relate/relate.ts'
import { hintsFrom } from './hints.ts'
import { nameFromPath } from './model-name.ts'
import { summaryOf } from './model-summary.ts'
import { readArtifacts } from './read-artifacts.ts'

/** A model whose bytes lie here, read. */
export interface AtHand {
  path: string
  name: string
  print: Print
  files: { name: string; sha256: string; bytes: number }[]
  sideFiles: { name: string; role: string; sha256: string }[]
}

/** Reads the one model at a path: a file, a folder or an archive. Throws `CommandError`. */
export async function modelAtHand(path: string, options: { as: string[]; threads: number }): Promise<AtHand> {
  const { candidates, problems } = discover([path], hintsFrom(options.as))
  if (candidates.length > 1) throw new CommandError({ code: 'ambiguous-model', model: path, count: candidates.length })
  const quiet = { onTotal() {}, onBytes() {} }
  const reading = await readArtifacts(candidates, options.threads, quiet, async () => {})
  const [artifact] = reading.artifacts
  const [problem] = [...problems, ...reading.problems] as Problem[]
  if (!artifact)
    throw new CommandError(problem ? { code: 'unreadable-model', problem } : { code: 'no-such-path', path })
  const { byArtifact } = findSideFiles(candidates, () => null)
  const sides = byArtifact.get(artifact.candidate.absolutePath) ?? []
  return {
    path,
    name: nameFromPath(artifact.candidate.absolutePath),
    print: artifact.print,
    files: artifact.files.map(({ path: at, sha256, bytes }) => ({ name: basename(at), sha256, bytes })),
    sideFiles: sides.map(({ path: at, role, sha256 }) => ({ name: basename(at), role, sha256 })),
  }
}

/** The model at hand beside what a passport says: whether it is the one, and if not, what was done to which. */
export function heldAgainst(
  model: AtHand,
  passport: Passport,
  prints: readonly { id: string; print: Print }[],
): NonNullable<PassportReport['atHand']> {
  const same = model.print.id === passport.model.id
  const others = prints.filter(({ id }) => id !== model.print.id).map(({ print }) => print)
  return {
    path: model.path,
    id: model.print.id,
    name: model.name,
    same,
    relations: relate([model.print, ...others]).relations,
    quantisation: summaryOf(model.print).quantisation,
    sideFiles: sideFilesAgainst(model, passport.forms),
  }
}

type SideFiles = NonNullable<PassportReport['atHand']>['sideFiles']

/** Against the form whose weight files are those at hand, or else the only one. */
function sideFilesAgainst({ files, sideFiles }: AtHand, forms: Passport['forms']): SideFiles {
  const digests = new Set(files.map(({ sha256 }) => sha256))
  const meant = forms.find((form) => form.files.every(({ sha256 }) => digests.has(sha256))) ?? only(forms)
  if (meant === null) return []
  const before = new Map(meant.sideFiles.map((side) => [basename(side.name), side]))
  const now = new Map(sideFiles.map((side) => [side.name, side]))
  const present = sideFiles.map(({ name, role, sha256 }): SideFiles[number] => {
    const former = before.get(name)
    return { name, role, change: former === undefined ? 'added' : former.sha256 === sha256 ? 'same' : 'changed' }
  })
  const missing = [...before].flatMap(
    ([name, { role }]): SideFiles => (now.has(name) ? [] : [{ name, role, change: 'missing' }]),
  )
  return [...present, ...missing]
}

function only<T>(values: readonly T[]): T | null {
  return values.length === 1 ? values[0]! : null
}
