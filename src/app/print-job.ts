import type { Problem } from '../contract/problem.ts'
import { type OnBytes, runTask, type TaskResult } from '../identify/file-pass.ts'
import type { Task } from '../identify/plan.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type Candidate, closeArtifact, openArtifact } from '../read/artifact.ts'
import { ReadError, readError } from '../read/read-error.ts'

/** One task on one artifact: plain data, so that it can be sent to a worker thread. */
export interface PrintJob {
  candidate: Candidate
  task: Task
}

export type PrintJobResult = { kind: 'done'; result: TaskResult } | { kind: 'problem'; problem: Problem }

/** Does the job in this thread. Every failure that the file causes comes back as a problem. */
export function runPrintJob(kernel: Kernel, { candidate, task }: PrintJob, onBytes: OnBytes): PrintJobResult {
  try {
    const model = openArtifact(candidate)
    try {
      return { kind: 'done', result: runTask(kernel, model, task, onBytes) }
    } finally {
      closeArtifact(model)
    }
  } catch (error) {
    return { kind: 'problem', problem: problemOf(candidate.path, error) }
  }
}

/** Memory that cannot be had is the file's fault too: it asks for more than a worker may use. */
export function problemOf(path: string, error: unknown): Problem {
  if (error instanceof ReadError) return error.problem
  if (error instanceof RangeError)
    return readError(path, 'limit', { what: 'memory', value: error.message, limit: 'one worker’s share' }).problem
  throw error
}
