import { Worker } from 'node:worker_threads'
import { CommandError, type CommandFault } from '../../contract/command-error.ts'
import { doTask, type Task, type TaskResult, type TaskStep } from './task.ts'

/** A task under way. */
export interface RunningTask {
  result: Promise<TaskResult>
  /** Ends it where it stands: a scan goes on from there the next time. */
  stop(): void
}

type Ending =
  | { kind: 'done'; result: TaskResult }
  | { kind: 'refused'; fault: CommandFault }
  | { kind: 'failed'; reason: string }

/**
 * Does a task in a thread of its own, so that nobody who asks meanwhile waits; where the code runs uncompiled, in this one, as where it
 * is `short`.
 */
export function runTask(task: Task, onStep: (step: TaskStep) => void, short = false): RunningTask {
  if (short || import.meta.url.endsWith('.ts')) return { result: doTask(task, onStep), stop() {} }
  const worker = new Worker(new URL('./task-worker.js', import.meta.url), { workerData: task })
  const result = new Promise<TaskResult>((resolve, reject) => {
    worker.on('message', (message: TaskStep | Ending) => {
      if (message.kind === 'done') resolve(message.result)
      else if (message.kind === 'refused') reject(new CommandError(message.fault))
      else if (message.kind === 'failed') reject(new Error(message.reason))
      else onStep(message)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  })
  return { result, stop: () => void worker.terminate() }
}
