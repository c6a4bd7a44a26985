import { runTask } from './run-task.ts'
import type { Task } from './task.ts'

type Asked = Extract<Task, { kind: 'document' }>

/** Documents that wait for the one under way: some seconds' work for a model with a long history. */
const MAX_WAITING = 16

/** Documents in a thread of their own, one at a time, so that nobody who reads waits for one. Null where too many wait already. */
export function documentsInTurn(): (task: Asked) => Promise<string> | null {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    if (waiting >= MAX_WAITING) return null
    waiting++
    const text = last.then(async () => {
      const result = await runTask(task, () => {}).result
      if (result.kind !== 'document') throw new Error(`a ${result.kind} is no document`)
      return result.text
    })
    last = text.catch(() => {})
    last.finally(() => waiting--)
    return text
  }
}
