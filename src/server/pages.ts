import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import { RequestProblem } from './problem.ts'
import type { Carried, Serving } from './serving.ts'

/** Names with a digest in them never change what they stand for. */
const HASHED = /[-.][\w-]{8,}\.(js|css|woff2|svg|png|wasm)$/

/** The built pages; every address that is no file is the page itself, which then finds out what is meant. */
export function pages({ pages: folder }: Serving): MiddlewareHandler<Carried> {
  if (folder === null)
    return () => {
      throw new RequestProblem('not-found')
    }
  const found = serveStatic<Carried>({ root: folder, precompressed: true })
  const page = serveStatic<Carried>({ root: folder, path: 'index.html', precompressed: true })
  return async (c) => {
    if (!isPlain(c.req.path)) throw new RequestProblem('not-found')
    // A site or a model may be called anything, also with a dot in it.
    const isFile = c.req.path.startsWith('/assets/')
    const answer = await (isFile ? found : page)(c, async () => {})
    if (!answer) throw new RequestProblem('not-found')
    const isHashed = isFile && HASHED.test(c.req.path)
    answer.headers.set('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    return answer
  }
}

/** No way up, in whatever spelling: browsers resolve them before they ask. */
function isPlain(path: string): boolean {
  try {
    return !/(^|[/\\])\.{1,2}([/\\]|$)|[\0\\]/.test(decodeURIComponent(path))
  } catch {
    return false
  }
}
