import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { VERSION } from '../contract/version.ts'
import type { Carried, Serving } from './serving.ts'

/** What no tag says anything of: it follows from an earlier state of the log, changes without it, or is answered with more than its body. */
const UNTAGGED = /^\/api\/v1\/(session|overview|duties|checks|jobs|diff|checkpoint|witnesses)(\/|$)/

/**
 * Whoever asks again with the tag of an answer gets it once more only where something has changed: all that is answered follows from the log,
 * the catalogue of models, the day, and what was asked in which language.
 */
export function conditional({ live, checks }: Serving): MiddlewareHandler<Carried> {
  return async (c, next) => {
    const isTagged = c.req.method === 'GET' && !UNTAGGED.test(c.req.path) && c.get('caller') !== null
    if (!isTagged) return next()
    const { origin, size, scanned } = await live.chronicle()
    const state = [
      VERSION,
      origin,
      size,
      scanned,
      checks.state(),
      live.today(),
      c.get('language'),
      c.get('caller')?.role,
      c.req.url,
    ]
    const tag = `W/"${createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22)}"`
    const headers = { etag: tag, 'cache-control': 'private, no-cache', vary: 'Accept-Language, Authorization, Cookie' }
    if (tagsIn(c.req.header('if-none-match')).includes(tag)) return c.body(null, 304, headers)
    await next()
    if (c.res.status === 200) for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
  }
}

function tagsIn(header: string | undefined): string[] {
  return (header ?? '').split(',').map((tag) => tag.trim())
}
