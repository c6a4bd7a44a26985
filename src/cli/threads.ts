import { defaultThreads } from '../app/print-pool.ts'
import { CommandError } from '../contract/command-error.ts'

/** More would only fill memory: every thread holds a kernel and a few chunks. */
const MAX_THREADS = 64

export function threadsFrom(text: string | undefined): number {
  if (text === undefined) return defaultThreads()
  const threads = Number(text)
  if (!/^\d+$/.test(text) || threads > MAX_THREADS)
    throw new CommandError({ code: 'bad-number', option: '--threads', value: text })
  return threads
}
