import type { Problem } from '../contract/problem.ts'
import { type OnBytes, runTask, type TaskResult } from '../identify/file-pass.ts'
import type { Task } from '../identify/plan.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type Candidate, closeArtifact, type OpenArtifact, openArtifact } from '../read/artifact.ts'
import { ReadError, readError } from '../read/read-error.ts'

/** One task on one artifact: plain data, so that it can be sent to a worker thread. */
export interface PrintJob {
  candidate: Candidate
  task: Task
}

export type PrintJobResult = { kind: 'done'; result: TaskResult } | { kind: 'problem'; problem: Problem }

/** Does jobs in one thread. */
export interface PrintJobs {
  /** Every failure that the file causes comes back as a problem. */
  run(job: PrintJob, onBytes: OnBytes): PrintJobResult
  close(): void
}

/** The artifact of the last job stays open: those of a sharded model follow one another, and each would read all headers again. */
export function printJobs(kernel: Kernel): PrintJobs {
  let open: { key: string; model: OpenArtifact } | undefined
  const close = () => {
    if (open) closeArtifact(open.model)
    open = undefined
  }
  const opened = (candidate: Candidate) => {
    const key = JSON.stringify(candidate)
    if (open?.key === key) return open.model
    close()
    open = { key, model: openArtifact(candidate) }
    return open.model
  }
  return {
    run({ candidate, task }, onBytes) {
      try {
        return { kind: 'done', result: runTask(kernel, opened(candidate), task, onBytes) }
      } catch (error) {
        close()
        return { kind: 'problem', problem: problemOf(candidate.path, error) }
      }
    },
    close,
  }
}

/** Memory that cannot be had is the file's fault too: it asks for more than a worker may use. */
export function problemOf(path: string, error: unknown): Problem {
  if (error instanceof ReadError) return error.problem
  if (error instanceof RangeError)
    return readError(path, 'limit', { what: 'memory', value: error.message, limit: 'one worker’s share' }).problem
  throw error
}
