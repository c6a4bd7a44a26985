import { parentPort, workerData } from 'node:worker_threads'
import { CommandError } from '../../contract/command-error.ts'
import { doTask, type Task } from './task.ts'

/** A thread for one task: it says each step, and how it ended. */
try {
  const result = await doTask(workerData as Task, (step) => parentPort!.postMessage(step))
  parentPort!.postMessage({ kind: 'done', result })
} catch (error) {
  const failure =
    error instanceof CommandError
      ? { kind: 'refused', fault: error.fault }
      : { kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  parentPort!.postMessage(failure)
}
