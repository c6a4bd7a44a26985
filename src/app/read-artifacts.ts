import type { Problem } from '../contract/problem.ts'
import { product } from '../identify/canonical.ts'
import type { OnBytes, TaskResult } from '../identify/file-pass.ts'
import { largeFiles, planTasks, sharedFiles, type Task } from '../identify/plan.ts'
import type { Print, TensorPrint } from '../identify/print.ts'
import { printModel } from '../identify/print-model.ts'
import { type Candidate, closeArtifact, type OpenArtifact, openArtifact, realFiles } from '../read/artifact.ts'
import type { FileStamp } from '../read/file-source.ts'
import { INSIDE } from '../read/member-name.ts'
import { type Adapter, ELEMENT_BITS, type Finding } from '../read/model-file.ts'
import { stampAt } from '../read/place.ts'
import { readError } from '../read/read-error.ts'
import { formatLabel } from './format-label.ts'
import { problemOf } from './print-job.ts'
import { openPool, type PrintPool } from './print-pool.ts'

/** A file of an artifact that was read from front to end. */
export interface ReadFile {
  /** As shown to the user, and absolute. */
  path: string
  absolutePath: string
  sha256: string
  bytes: number
  /** Inside an archive the archive's, by which a change shows. */
  stamp: FileStamp
}

/** An artifact whose bytes were read: what it is, and of which files. */
export interface ReadArtifact {
  candidate: Candidate
  print: Print
  files: ReadFile[]
  findings: Finding[]
}

export interface Reading {
  artifacts: ReadArtifact[]
  problems: Problem[]
}

/** What reading an artifact takes, from its directory. */
interface Plan {
  candidate: Candidate
  /** `index`: of `ModelFile.files`. */
  files: (Omit<ReadFile, 'sha256'> & { index: number })[]
  findings: Finding[]
  adapter: Adapter | undefined
  tensors: number
  tasks: Task[]
  largeFiles: number
  bytes: number
}

/** Fewer bytes than this are read sooner than threads are started. */
const WORTH_THREADS_BYTES = 8 * 1024 * 1024

/**
 * Reads and prints artifacts, several at a time; `onRead` is told each one as it is done, so that it can be kept even if
 * the rest is not reached. One that fails becomes a problem; the others go on.
 */
export async function readArtifacts(
  candidates: Candidate[],
  threads: number,
  progress: { onTotal(bytes: number): void; onBytes: OnBytes },
  onRead: (artifact: ReadArtifact) => Promise<void>,
): Promise<Reading> {
  const problems: Problem[] = []
  const plans = candidates.flatMap((candidate) => {
    const plan = planFor(candidate, 0)
    if ('code' in plan) problems.push(plan)
    return 'code' in plan ? [] : [plan]
  })
  const distinct = sharingLeftOvers(onceEach(plans), threads)
  const bytes = distinct.reduce((sum, [plan]) => sum + plan!.bytes, 0)
  progress.onTotal(bytes)
  const pool = openPool(bytes < WORTH_THREADS_BYTES ? 0 : threads, progress.onBytes)
  try {
    const read = (await inOrder(distinct, (copies) => readCopies(copies, pool, onRead))).flat()
    for (const result of read) if ('code' in result) problems.push(result)
    return { artifacts: read.filter((result): result is ReadArtifact => !('code' in result)), problems }
  } finally {
    await pool.close()
  }
}

/** Plans anew the artifacts of which files are better shared between threads. */
function sharingLeftOvers(distinct: Plan[][], threads: number): Plan[][] {
  const shared = sharedFiles(
    distinct.map(([plan]) => plan!.largeFiles),
    threads,
  )
  return distinct.map(([plan, ...others], at) => {
    const replanned = shared[at]! > 0 ? planFor(plan!.candidate, shared[at]!) : plan!
    // what can no longer be opened fails when it is read
    return ['code' in replanned ? plan! : replanned, ...others]
  })
}

/** Starts with the largest, so that no thread is left alone with it at the end; the results stand in the order given. */
function inOrder<T>(distinct: Plan[][], read: (copies: Plan[]) => Promise<T>): Promise<T[]> {
  const reading = new Map<Plan[], Promise<T>>()
  for (const copies of distinct.toSorted(([a], [b]) => b!.bytes - a!.bytes)) reading.set(copies, read(copies))
  return Promise.all(distinct.map((copies) => reading.get(copies)!))
}

function planFor(candidate: Candidate, shared: number): Plan | Problem {
  try {
    const model = openArtifact(candidate)
    try {
      refuseAmplified(candidate, model)
      const files = realFiles(model).map(({ file, index }) => {
        const { path, absolutePath, stamp, size } = file
        return { path, absolutePath, bytes: size, stamp, index }
      })
      const bytes = model.files.reduce((sum, file) => sum + file.size, 0)
      const { findings, adapter, tensors } = model
      return {
        candidate,
        files,
        findings,
        adapter,
        tensors: tensors.length,
        tasks: planTasks(model, shared),
        largeFiles: largeFiles(model).length,
        bytes,
      }
    } finally {
      closeArtifact(model)
    }
  } catch (error) {
    return problemOf(candidate.path, error)
  }
}

/** Tied and split tensors lie in one range twice or thrice; a file that lists one range a thousand times wants time. */
const MAX_AMPLIFICATION = 16
const AMPLIFICATION_FREE_BYTES = 256 * 1024 * 1024

function refuseAmplified({ path }: Candidate, { tensors, files }: OpenArtifact): void {
  const listed = tensors.reduce((sum, { view, element }) => sum + (product(view.shape) * ELEMENT_BITS[element]) / 8, 0)
  const most = MAX_AMPLIFICATION * files.reduce((sum, file) => sum + file.size, 0) + AMPLIFICATION_FREE_BYTES
  if (listed > most)
    throw readError(path, 'limit', { what: 'bytes of all tensors', value: String(listed), limit: String(most) })
}

/** Plans by the files that they read: what links or hard links lead to twice is read once. */
function onceEach(plans: Plan[]): Plan[][] {
  const copies = new Map<string, Plan[]>()
  for (const plan of plans) {
    const key = [formatLabel(plan.candidate), ...plan.files.map(identityOf)].join('\n')
    const others = copies.get(key)
    if (others) others.push(plan)
    else copies.set(key, [plan])
  }
  return [...copies.values()]
}

/** Some file systems give no inode. */
function identityOf({ absolutePath, stamp }: Plan['files'][number]): string {
  const { device, inode } = stamp
  const inside = absolutePath.indexOf(INSIDE)
  return inode === '0' ? absolutePath : `${device}/${inode}${inside < 0 ? '' : absolutePath.slice(inside)}`
}

async function readCopies(
  [plan, ...others]: Plan[],
  pool: PrintPool,
  onRead: (artifact: ReadArtifact) => Promise<void>,
): Promise<(ReadArtifact | Problem)[]> {
  const first = await readOne(plan!, pool)
  const read = [first, ...others.map((other) => copyOf(first, other))]
  for (const artifact of read) if (!('code' in artifact)) await onRead(artifact)
  return read
}

/** What was read of one artifact, said of another over the same files. */
function copyOf(read: ReadArtifact | Problem, { candidate, files, findings }: Plan): ReadArtifact | Problem {
  if ('code' in read) return { ...read, path: candidate.path }
  const sha256 = read.files.map((file) => file.sha256)
  return {
    ...read,
    candidate,
    findings,
    files: files.map(({ index: _, ...file }, at) => ({ ...file, sha256: sha256[at]! })),
  }
}

async function readOne(plan: Plan, pool: PrintPool): Promise<ReadArtifact | Problem> {
  const { candidate } = plan
  const results = await Promise.all(plan.tasks.map((task) => pool.run({ candidate, task })))
  const failed = results.find((result) => result.kind === 'problem')
  if (failed) return failed.problem
  const changed = plan.files.find(({ absolutePath, stamp }) => stampAt(absolutePath)?.mtimeNs !== stamp.mtimeNs)
  // what was hashed and what was printed may then be two different files
  if (changed) return readError(changed.path, 'changed', { what: 'time of change' }).problem
  return assemble(
    plan,
    results.flatMap((result) => (result.kind === 'done' ? [result.result] : [])),
  )
}

function assemble({ candidate, files, findings, adapter, tensors }: Plan, results: TaskResult[]): ReadArtifact {
  const prints = new Map<number, TensorPrint>(results.flatMap((result) => [...result.prints]))
  const sha256 = new Map(results.flatMap((result) => [...result.sha256]))
  return {
    candidate,
    print: printModel(
      Array.from({ length: tensors }, (_, index) => prints.get(index)!),
      adapter,
    ),
    files: files.map(({ index, ...file }) => ({ ...file, sha256: sha256.get(index)! })),
    findings,
  }
}
