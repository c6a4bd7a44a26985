import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { OnBytes } from '../identify/file-pass.ts'
import { loadKernel } from '../kernel/load.ts'
import { readError } from '../read/read-error.ts'
import { type PrintJob, type PrintJobResult, printJobs } from './print-job.ts'

/** Threads that read and print; jobs run in the order given, as threads get free. */
export interface PrintPool {
  readonly threads: number
  run(job: PrintJob): Promise<PrintJobResult>
  close(): Promise<void>
}

/** More threads than this wait for the disk. */
const MAX_THREADS = 8

/** JavaScript memory of one thread: a header of `MAX_HEADER_BYTES` unpacks to a few hundred MB at worst. */
const MAX_HEAP_MB = 1_024

export function defaultThreads(): number {
  return Math.min(MAX_THREADS, availableParallelism())
}

/** A pool of worker threads; with `threads` 0, and where the code runs uncompiled, the calling thread does the work. */
export function openPool(threads: number, onBytes: OnBytes): PrintPool {
  if (threads === 0 || import.meta.url.endsWith('.ts')) return inThisThread(onBytes)
  return inWorkers(threads, onBytes)
}

function inThisThread(onBytes: OnBytes): PrintPool {
  const jobs = printJobs(loadKernel())
  return {
    threads: 1,
    async run(job) {
      // gives way once a job, so that progress and signals get through
      await new Promise(setImmediate)
      return jobs.run(job, onBytes)
    },
    async close() {
      jobs.close()
    },
  }
}

interface Waiting {
  job: PrintJob
  settle(result: PrintJobResult): void
}

function inWorkers(threads: number, onBytes: OnBytes): PrintPool {
  const queue: Waiting[] = []
  const idle: Worker[] = []
  const all = new Set<Worker>()
  const busy = new Map<Worker, Waiting>()
  let closing = false

  const next = () => {
    while (queue.length > 0) {
      const worker = idle.pop() ?? (all.size < threads ? started() : undefined)
      if (!worker) return
      const waiting = queue.shift()!
      busy.set(worker, waiting)
      worker.postMessage(waiting.job)
    }
  }
  const finished = (worker: Worker, result: PrintJobResult) => {
    busy.get(worker)?.settle(result)
    busy.delete(worker)
  }
  const started = () => {
    const worker = new Worker(new URL('./print-worker.bundle.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    })
    all.add(worker)
    worker.on('message', (message: PrintJobResult | { kind: 'bytes'; bytes: number }) => {
      if (message.kind === 'bytes') return onBytes(message.bytes)
      finished(worker, message)
      idle.push(worker)
      next()
    })
    // a thread that dies (out of memory) takes one job with it; the others go on
    worker.on('error', (error) => {
      const path = busy.get(worker)?.job.candidate.path ?? ''
      finished(worker, { kind: 'problem', problem: readError(path, 'unreadable', { reason: error.message }).problem })
      all.delete(worker)
      if (!closing) next()
    })
    return worker
  }
  return {
    threads,
    run: (job) =>
      new Promise((settle) => {
        queue.push({ job, settle })
        next()
      }),
    async close() {
      closing = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
