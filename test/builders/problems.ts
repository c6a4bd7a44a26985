import type { Problem } from '../../src/contract/problem.ts'
import { ReadError } from '../../src/read/read-error.ts'

/** The problem that `read` throws. Anything else it throws goes through; returning is an error. */
export function problemOf(read: () => unknown): Problem {
  try {
    read()
  } catch (error) {
    if (error instanceof ReadError) return error.problem
    throw error
  }
  throw new Error('nothing was refused')
}
