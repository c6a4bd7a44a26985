import { relative, resolve, sep } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import type { FilesReport, HashType, SignedModel, SignReport } from '../contract/model-signature.ts'
import { type EcKey, ecPrivateKey, ecPublicKey } from '../ledger/ec-keys.ts'
import {
  lineageText,
  type Resource,
  readBundle,
  rootDigest,
  signBundle,
  signedModelText,
} from '../ledger/model-signature.ts'
import { digestOfRange, GIT_PATHS, modelFiles } from '../read/model-files.ts'
import { problemOf } from './print-job.ts'
import type { GivenFile } from './receipt.ts'
import { trace } from './trace.ts'

export interface SignOptions {
  /** Of the private key. */
  pem: GivenFile
  /** Where the bundle is going to lie; in the model's folder it is not signed itself. */
  bundle: string
  /** Where the lineage is going to lie; null: none is signed. */
  lineage: string | null
  estate: string
}

/** Signs the files of a model as OpenSSF Model Signing has it, and with it, where asked to, what was measured of their lineage. */
export async function signModel(
  path: string,
  { pem, bundle, lineage, estate }: SignOptions,
): Promise<SignReport & { text: string; lineageBundle: string | null }> {
  const key = keyIn(pem, ecPrivateKey)
  const beside = [bundle, ...(lineage === null ? [] : [lineage])].flatMap((file) => inside(path, file))
  const ignored = [...beside, ...GIT_PATHS]
  const { name, resources } = reading(path, () => {
    const { name: model, files } = modelFiles(path, ignored, false)
    return { name: model, resources: files.map(({ name: file, absolutePath }) => resourceOf(file, absolutePath)) }
  })
  const text = signBundle(signedModelText(name, resources, ignored), key)
  const measured = lineage === null ? null : await lineageOf(path, estate)
  return {
    schema: 'yukue.sign/1',
    path,
    bundle,
    lineage,
    files: resources.length,
    digest: rootDigest(resources),
    text,
    lineageBundle: measured && signBundle(lineageText(name, resources, measured), key),
  }
}

function resourceOf(name: string, absolutePath: string): Resource {
  return { name, algorithm: 'sha256', digest: digestOfRange(absolutePath, 'sha256') }
}

async function lineageOf(path: string, estate: string): Promise<object> {
  const { model, ancestors, relatives, log } = await trace(path, estate)
  const names = Object.fromEntries([...ancestors, ...relatives].map((step) => [step.model.id, step.model.name]))
  const relations = [...ancestors, ...relatives].map(({ relation }) => relation)
  return { model: { id: model.id, name: model.name }, relations, names, log }
}

/** Whether the files of a model are those of a bundle, and the bundle is signed with a key. Names every file that is not. */
export function verifyFiles(path: string, bundle: GivenFile, pem: GivenFile): FilesReport {
  const read = readBundle(bundle.text, keyIn(pem, ecPublicKey))
  if (read.kind === 'none') throw new CommandError({ code: 'bad-given-file', path: bundle.path, what: 'bundle' })
  const common = { schema: 'yukue.verify-files/1' as const, path, bundle: bundle.path, signature: read.signature }
  const { model } = read
  if (model === null) return { ...common, verdict: 'refused', files: 0, differences: [] }
  const differences = reading(path, () => differencesOf(path, bundle.path, model.predicate))
  const verdict = differences.length > 0 ? 'disputed' : 'verified'
  return { ...common, verdict, files: model.predicate.resources.length, differences }
}

function differencesOf(
  path: string,
  bundle: string,
  { serialization, resources }: SignedModel['predicate'],
): FilesReport['differences'] {
  const ignored = [...(serialization.ignore_paths ?? []), ...inside(path, bundle), ...GIT_PATHS]
  const { files } = modelFiles(path, ignored, serialization.allow_symlinks)
  const present = new Map(files.map(({ name, absolutePath }) => [name, absolutePath]))
  const signed = resources.map((resource) => ({ ...resource, ...partOf(resource.name, serialization.method) }))
  const names = new Set(signed.map(({ file }) => file))
  const changed = signed.flatMap(({ file, from, to, algorithm, digest }): FilesReport['differences'] => {
    const absolutePath = present.get(file)
    if (absolutePath === undefined) return [{ name: file, change: 'missing' }]
    const type = algorithm.split('-')[0] as HashType
    return digestOfRange(absolutePath, type, from, to) === digest ? [] : [{ name: file, change: 'changed' }]
  })
  const added = files.flatMap(({ name }): FilesReport['differences'] =>
    names.has(name) ? [] : [{ name, change: 'added' }],
  )
  // a file of many pieces is named once
  return [...new Map([...changed, ...added].map((difference) => [difference.name, difference])).values()]
}

/** `weights.bin:0:1000000000` is a piece of a file. */
function partOf(name: string, method: 'files' | 'shards'): { file: string; from: number; to: number } {
  const [, file = name, from = '0', to = 'Infinity'] = (method === 'shards' && /^(.*):(\d+):(\d+)$/s.exec(name)) || []
  return { file, from: Number(from), to: Number(to) }
}

/** The path from a folder to a file in it; nothing for one that lies elsewhere. */
function inside(folder: string, file: string): string[] {
  const path = relative(resolve(folder), resolve(file)).split(sep).join('/')
  return path === '' || path.startsWith('../') ? [] : [path]
}

function keyIn({ path, text }: GivenFile, read: (pem: string) => EcKey | null): EcKey {
  const key = read(text)
  if (key === null) throw new CommandError({ code: 'bad-given-file', path, what: 'signing-key' })
  return key
}

function reading<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new CommandError({ code: 'unreadable-model', problem: problemOf(path, error) })
  }
}
