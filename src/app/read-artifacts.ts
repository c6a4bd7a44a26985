import type { Problem } from '../contract/problem.ts'
import { product } from '../identify/canonical.ts'
import type { OnBytes, TaskResult } from '../identify/file-pass.ts'
import { planTasks, type Task } from '../identify/plan.ts'
import type { Print, TensorPrint } from '../identify/print.ts'
import { printModel } from '../identify/print-model.ts'
import { type Candidate, closeArtifact, type OpenArtifact, openArtifact } from '../read/artifact.ts'
import type { FileStamp } from '../read/file-source.ts'
import { ELEMENT_BITS, type Finding } from '../read/model-file.ts'
import { readError } from '../read/read-error.ts'
import { problemOf } from './print-job.ts'
import { openPool, type PrintPool } from './print-pool.ts'

/** A file of an artifact that was read from front to end. */
export interface ReadFile {
  /** As shown to the user, and absolute. */
  path: string
  absolutePath: string
  sha256: string
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
  files: Omit<ReadFile, 'sha256'>[]
  findings: Finding[]
  tensors: number
  tasks: Task[]
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
    const plan = planFor(candidate, threads)
    if ('code' in plan) problems.push(plan)
    return 'code' in plan ? [] : [plan]
  })
  const bytes = plans.reduce((sum, plan) => sum + plan.bytes, 0)
  progress.onTotal(bytes)
  const pool = openPool(bytes < WORTH_THREADS_BYTES ? 0 : threads, progress.onBytes)
  try {
    const read = await Promise.all(plans.map((plan) => readOne(plan, pool, onRead)))
    for (const result of read) if ('code' in result) problems.push(result)
    return { artifacts: read.filter((result): result is ReadArtifact => !('code' in result)), problems }
  } finally {
    await pool.close()
  }
}

function planFor(candidate: Candidate, threads: number): Plan | Problem {
  try {
    const model = openArtifact(candidate)
    try {
      refuseAmplified(candidate, model)
      const files = model.files.map(({ path, absolutePath, stamp }) => ({ path, absolutePath, stamp }))
      const bytes = model.files.reduce((sum, file) => sum + file.size, 0)
      const { findings, tensors } = model
      return { candidate, files, findings, tensors: tensors.length, tasks: planTasks(model, threads), bytes }
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

async function readOne(
  plan: Plan,
  pool: PrintPool,
  onRead: (artifact: ReadArtifact) => Promise<void>,
): Promise<ReadArtifact | Problem> {
  const { candidate } = plan
  const results = await Promise.all(plan.tasks.map((task) => pool.run({ candidate, task })))
  const failed = results.find((result) => result.kind === 'problem')
  if (failed) return failed.problem
  const artifact = assemble(
    plan,
    results.flatMap((result) => (result.kind === 'done' ? [result.result] : [])),
  )
  await onRead(artifact)
  return artifact
}

function assemble({ candidate, files, findings, tensors }: Plan, results: TaskResult[]): ReadArtifact {
  const prints = new Map<number, TensorPrint>(results.flatMap((result) => [...result.prints]))
  const sha256 = new Map(results.flatMap((result) => [...result.sha256]))
  return {
    candidate,
    print: printModel(Array.from({ length: tensors }, (_, index) => prints.get(index)!)),
    files: files.map((file, index) => ({ ...file, sha256: sha256.get(index)! })),
    findings,
  }
}
