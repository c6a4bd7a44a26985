import type { Problem, ProblemCode, ProblemValues } from '../contract/problem.ts'

/** Thrown by readers; the caller turns it into a `Problem`, so that one bad file never stops a scan. */
export class ReadError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.path}: ${problem.code} ${JSON.stringify(problem.values)}`)
    this.name = 'ReadError'
    this.problem = problem
  }
}

export function readError<C extends ProblemCode>(path: string, code: C, values: ProblemValues<C>): ReadError {
  return new ReadError({ path, code, values } as Problem)
}
