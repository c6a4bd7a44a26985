import type { MiddlewareHandler } from 'hono'
import { RequestProblem } from './problem.ts'
import type { Carried } from './serving.ts'

/**
 * Requests taken up in one turn of the event loop. Node accepts one new connection a turn: were all requests of those who are connected answered in
 * one, whoever comes new would wait for as long as others keep asking.
 */
const A_TURN = 4

/** Requests worked on at once; over PostgreSQL they wait for one of its connections (postgres.ts). */
const MAX_WORKING = 64

/** Requests that wait for their turn: at a thousand a second, whoever comes last waits as long as people do. */
const MAX_WAITING = 1_024

/** What itself waits for a thread, the disk, or a body that comes slowly, and meanwhile keeps nobody from working. */
const MAX_BESIDE = 512
const BESIDE = /^\/api\/v1\/(overview|duties|checks|jobs|diff)(\/|$)/

/** Seconds. */
const RETRY_AFTER = '1'

/**
 * Takes requests up in the order in which they came, and no more than can be answered before people give up: whoever comes to a full house is told so at
 * once.
 */
export function admission(): MiddlewareHandler<Carried> {
  const waiting: (() => void)[] = []
  let [working, beside, isAsked] = [0, 0, false]
  const canStart = () => waiting.length > 0 && working < MAX_WORKING
  const takeUp = () => {
    for (let taken = 0; taken < A_TURN && canStart(); taken++) {
      working++
      waiting.shift()!()
    }
    isAsked = false
    ask()
  }
  const ask = () => {
    if (isAsked || !canStart()) return
    isAsked = true
    setImmediate(takeUp)
  }
  return async (c, next) => {
    const isBeside = c.req.method !== 'GET' || BESIDE.test(c.req.path)
    if (waiting.length >= MAX_WAITING || (isBeside && beside >= MAX_BESIDE))
      throw new RequestProblem('overloaded', {}, { 'retry-after': RETRY_AFTER })
    if (isBeside) beside++
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      ask()
    })
    if (isBeside) working--
    try {
      await next()
    } finally {
      if (isBeside) beside--
      else working--
      ask()
    }
  }
}
