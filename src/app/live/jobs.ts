import { randomUUID } from 'node:crypto'
import type { ProblemDetails } from '../../contract/api.ts'
import type { Job, Jobs as JobList } from '../../contract/api-work.ts'
import { CommandError } from '../../contract/command-error.ts'
import { type RunningTask, runTask } from './run-task.ts'
import type { Task } from './task.ts'

/** Work that callers asked for and come back to. */
export interface Jobs {
  /** Null where too many wait already. */
  add(task: Extract<Task, { kind: 'scan' | 'audit' }>, title: string, after?: () => void): Job | null
  list(): JobList
  /** Refuses where there is none of this id. */
  get(id: string): Job
  /** Calls `onChange` with the job now and whenever it changes; gives what ends that. */
  follow(id: string, onChange: (job: Job) => void): () => void
  close(): Promise<void>
}

/** One at a time: a scan has all processors to itself anyway, and two would read one disk twice as slowly. */
const MAX_WAITING = 32

/** Finished ones that are still told of. */
const MAX_FINISHED = 100

/** Between two messages of progress; people see no more. */
const PROGRESS_MS = 200

interface Entry {
  job: Job
  task: Task
  followers: Set<(job: Job) => void>
  told: number
  after: () => void
}

/** `problemOf`: an error as callers are told it. */
export function openJobs(now: () => Date, problemOf: (error: unknown, task: Task) => ProblemDetails): Jobs {
  const entries = new Map<string, Entry>()
  const waiting: Entry[] = []
  let running: { entry: Entry; task: RunningTask } | null = null
  let isClosing = false

  const change = (entry: Entry, changes: Partial<Job>, isProgress = false) => {
    entry.job = { ...entry.job, ...changes }
    if (isProgress && performance.now() - entry.told < PROGRESS_MS) return
    entry.told = performance.now()
    for (const follower of entry.followers) follower(entry.job)
  }
  const next = () => {
    const entry = running === null && !isClosing ? waiting.shift() : undefined
    if (!entry) return
    change(entry, { state: 'running', started: now().toISOString() })
    const task = runTask(entry.task, (step) => {
      if (step.kind === 'phase') change(entry, { phase: step.phase })
      else if (step.kind === 'total') change(entry, { total: (entry.job.total ?? 0) + step.bytes }, true)
      else change(entry, { done: (entry.job.done ?? 0) + step.bytes }, true)
    })
    running = { entry, task }
    task.result
      .then(
        (result) => (result.kind === 'scan' || result.kind === 'audit' ? { state: 'done' as const, result } : {}),
        (error) => ({ state: 'failed' as const, problem: problemOf(error, entry.task) }),
      )
      .then((ending) => {
        change(entry, { ...ending, finished: now().toISOString() })
        entry.after()
        running = null
        forget()
        next()
      })
  }
  const forget = () => {
    const finished = [...entries.values()].filter(({ job }) => job.finished !== null)
    for (const { job } of finished.slice(0, Math.max(0, finished.length - MAX_FINISHED))) entries.delete(job.id)
  }
  const entryOf = (id: string) => {
    const entry = entries.get(id)
    if (!entry) throw new CommandError({ code: 'no-such-job', job: id })
    return entry
  }
  return {
    add(task, title, after = () => {}) {
      if (waiting.length >= MAX_WAITING) return null
      const job: Job = {
        id: randomUUID(),
        kind: task.kind,
        state: 'queued',
        title,
        created: now().toISOString(),
        started: null,
        finished: null,
        phase: null,
        done: null,
        total: null,
        problem: null,
        result: null,
      }
      const entry = { job, task, followers: new Set<(job: Job) => void>(), told: 0, after }
      entries.set(job.id, entry)
      waiting.push(entry)
      next()
      return entry.job
    },
    list: () => ({ items: [...entries.values()].reverse().map(({ job: { result: _, ...job } }) => job) }),
    get: (id) => entryOf(id).job,
    follow(id, onChange) {
      const entry = entryOf(id)
      entry.followers.add(onChange)
      onChange(entry.job)
      return () => void entry.followers.delete(onChange)
    },
    async close() {
      isClosing = true
      for (const { after } of waiting.splice(0)) after()
      running?.task.stop()
    },
  }
}
