import { parentPort } from 'node:worker_threads'
import { loadKernel } from '../kernel/load.ts'
import { type PrintJob, printJobs } from './print-job.ts'

/** Bytes between two progress messages. */
const PROGRESS_BYTES = 8 * 1024 * 1024

const jobs = printJobs(loadKernel())

// no bytes yet: tells progress that reading begins
parentPort!.postMessage({ kind: 'bytes', bytes: 0 })

parentPort!.on('message', (job: PrintJob) => {
  let unreported = 0
  const result = jobs.run(job, (bytes) => {
    unreported += bytes
    if (unreported < PROGRESS_BYTES) return
    parentPort!.postMessage({ kind: 'bytes', bytes: unreported })
    unreported = 0
  })
  parentPort!.postMessage({ kind: 'bytes', bytes: unreported })
  parentPort!.postMessage(result)
})
