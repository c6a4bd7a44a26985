import type { DiffReport } from '../../contract/diff.ts'
import { runTask } from './run-task.ts'
import type { Task } from './task.ts'

type DiffTask = Extract<Task, { kind: 'diff' }>

/** Reports kept: weights of a model never change, so neither does what lies between two. */
const MAX_KEPT = 64

/** Diffs that wait for the one under way; each reads two models from end to end. */
const MAX_WAITING = 16

/** Diffs in a thread of their own, one at a time; asked again, from memory. Null where too many wait already. */
export function diffsInTurn(): (task: DiffTask, of: string) => Promise<DiffReport> | null {
  const kept = new Map<string, Promise<DiffReport>>()
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return (task, of) => {
    const key = JSON.stringify([of, task.parent, task.child, task.language])
    const known = kept.get(key)
    if (known) return known
    if (waiting >= MAX_WAITING) return null
    waiting++
    const report = last.then(async () => {
      const result = await runTask(task, () => {}).result
      if (result.kind !== 'diff') throw new Error(`a ${result.kind} is no diff`)
      return result.report
    })
    last = report.catch(() => {})
    kept.set(key, report)
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!)
    report.catch(() => kept.delete(key)).finally(() => waiting--)
    return report
  }
}
