import type { MiddlewareHandler } from 'hono'
import { isPostgresUrl } from '../store/postgres.ts'
import { RequestProblem } from './problem.ts'
import type { Carried, Serving } from './serving.ts'

/**
 * Questions worked on at once. SQLite answers one query after the other in this very thread, so that more of them would only all be late; over PostgreSQL each
 * has a connection (postgres.ts).
 */
const AT_ONCE = { sqlite: 2, postgres: 12 }

/** Those that wait for their turn: at a thousand a second, whoever comes last waits as long as people do. */
const MAX_WAITING = 1_024

/** What waits itself, for a thread, a file or a body that comes slowly, and so takes no turn. */
const MAX_BESIDE = 512
const BESIDE = /^\/api\/v1\/(overview|duties|checks|jobs|diff)(\/|$)/

/** Seconds. */
const RETRY_AFTER = '1'

/**
 * Lets questions in one after the other as they came, and no more than can be answered before people give up: whoever comes to a full house is told so at
 * once.
 */
export function admission({ live }: Pick<Serving, 'live'>): MiddlewareHandler<Carried> {
  const atOnce = AT_ONCE[isPostgresUrl(live.location) ? 'postgres' : 'sqlite']
  const waiting: (() => void)[] = []
  let [working, beside] = [0, 0]
  const busy = () => new RequestProblem('overloaded', {}, { 'retry-after': RETRY_AFTER })
  const leave = () => {
    const next = waiting.shift()
    // a thread that went from one to the next would take in new connections, one a turn of its loop, long after those that are known
    if (next) setImmediate(next)
    else working--
  }
  return async (c, next) => {
    if (c.req.method !== 'GET' || BESIDE.test(c.req.path)) {
      if (beside >= MAX_BESIDE) throw busy()
      beside++
      try {
        return await next()
      } finally {
        beside--
      }
    }
    if (working < atOnce) working++
    else if (waiting.length < MAX_WAITING) await new Promise<void>((resolve) => waiting.push(resolve))
    else throw busy()
    try {
      await next()
    } finally {
      leave()
    }
  }
}
