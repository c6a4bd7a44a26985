import { createHash, randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { textAnswer } from './answers.ts'
import { keptAnswers } from './kept-answers.ts'
import type { Carried, Serving } from './serving.ts'

/** What no tag says anything of: it follows from an earlier state of the log, reads files, or is answered with more than its body. */
const UNTAGGED = /^\/api\/v1\/(session|overview|duties|checks|jobs|diff|models\/[^/]+\/trace)(\/|$)/

/**
 * Whoever asks again with the tag of an answer gets it once more only where something has changed: all that is answered follows from the database,
 * the latest check, the day, and what was asked in which language. What was answered to anybody in the same role is answered again without the work.
 */
export function conditional({ live, checks }: Serving): MiddlewareHandler<Carried> {
  const answers = keptAnswers()
  // versions of the database are told apart within one process only
  const process = randomUUID()
  return async (c, next) => {
    c.set('answers', answers)
    c.set('tag', null)
    const caller = c.get('caller')
    if (c.req.method !== 'GET' || UNTAGGED.test(c.req.path) || caller === null) return next()
    const state = [process, await live.version(), checks.state(), live.today(), c.get('language'), caller.role]
    const digest = createHash('sha256').update(JSON.stringify([...state, c.req.url]))
    const tag = `W/"${digest.digest('base64url').slice(0, 22)}"`
    const headers = { etag: tag, 'cache-control': 'private, no-cache', vary: 'Accept-Language, Authorization, Cookie' }
    if (tagsIn(c.req.header('if-none-match')).includes(tag)) return c.body(null, 304, headers)
    c.set('tag', tag)
    const ready = answers.ready(tag)
    if (ready !== null) c.res = textAnswer(c, ready)
    else await next()
    if (c.res.status === 200) for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
  }
}

function tagsIn(header: string | undefined): string[] {
  return (header ?? '').split(',').map((tag) => tag.trim())
}
