import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { SESSION_MS } from '../../app/live/access.ts'
import { type Session, session, signIn } from '../../contract/api.ts'
import { VERSION } from '../../contract/version.ts'
import { SESSION_COOKIE, signInLimit } from '../guard.ts'
import { RequestProblem } from '../problem.ts'
import type { Api, Carried, Serving } from '../serving.ts'
import { answering } from './route.ts'

const tags = ['session']
const responses = answering(session, 'Who asks')

/** Browsers sign in with a token and keep a cookie; programs send the token itself. */
export function sessionRoutes(api: Api, serving: Serving): void {
  const { access } = serving
  const limit = signInLimit(serving)
  const answer = async (c: Context<Carried>): Promise<Session> => {
    const caller = c.get('caller')
    return {
      role: caller?.role ?? null,
      name: caller?.name ?? null,
      needsToken: await access.needsToken(),
      version: VERSION,
    }
  }
  api.openapi(
    createRoute({ method: 'get', path: '/session', tags, summary: 'Who asks, and what takes a token', responses }),
    async (c) => c.json(await answer(c), 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/session',
      tags,
      summary: 'Sign in with a token',
      request: { body: { content: { 'application/json': { schema: signIn } }, required: true } },
      responses,
    }),
    async (c) => {
      limit.refuse(c)
      const signedIn = await access.signIn(c.req.valid('json').token)
      if (signedIn === null) {
        limit.note(c)
        throw new RequestProblem('bad-token')
      }
      setCookie(c, SESSION_COOKIE, signedIn.session, {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/api',
        maxAge: SESSION_MS / 1_000,
        // on this machine there is no TLS; from elsewhere a cookie never goes without
        secure: !isLocal(c.req.header('host') ?? ''),
      })
      c.set('caller', signedIn.caller)
      return c.json(await answer(c), 200)
    },
  )
  api.openapi(createRoute({ method: 'delete', path: '/session', tags, summary: 'Sign out', responses }), async (c) => {
    const known = getCookie(c, SESSION_COOKIE)
    if (known !== undefined) access.signOut(known)
    deleteCookie(c, SESSION_COOKIE, { path: '/api' })
    c.set('caller', null)
    return c.json(await answer(c), 200)
  })
}

function isLocal(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host)
}
