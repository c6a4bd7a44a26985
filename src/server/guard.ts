import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { accepts } from 'hono/accepts'
import { getCookie } from 'hono/cookie'
import { secureHeaders } from 'hono/secure-headers'
import { type Caller, mayDo } from '../app/live/access.ts'
import type { ApiRole } from '../contract/api.ts'
import { LANGUAGES, type Language } from '../report/language.ts'
import { RequestProblem } from './problem.ts'
import { rateLimit } from './rate-limit.ts'
import type { Carried, Serving } from './serving.ts'

type Guard = MiddlewareHandler<Carried>

export const SESSION_COOKIE = 'yukue_session'

/**
 * Everything comes from this server, and nothing is put in a frame. Styles are files too: a name in a model file that got past the escaping would find
 * scripts and styles in the page forbidden.
 */
export const headers: Guard = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  crossOriginResourcePolicy: 'same-origin',
  crossOriginOpenerPolicy: 'same-origin',
  // of whoever speaks TLS before this server
  strictTransportSecurity: false,
  permissionsPolicy: { camera: [], microphone: [], geolocation: [], usb: [] },
})

/** Messages in the language that the caller asks for. */
export function language({ translators }: Serving): Guard {
  return async (c, next) => {
    const found = accepts(c, {
      header: 'Accept-Language',
      supports: [...LANGUAGES],
      default: 'en',
      match: (asked) => languageOf(asked) ?? 'en',
    }) as Language
    c.set('language', found)
    c.set('t', translators[found])
    await next()
  }
}

/** The first of the languages asked for, by weight, that there is: `ja-JP` is Japanese. */
function languageOf(asked: readonly { type: string; q: number }[]): Language | undefined {
  const inOrder = [...asked].filter(({ q }) => q > 0).sort((a, b) => b.q - a.q)
  const codes = inOrder.map(({ type }) => type.split('-')[0]?.toLowerCase())
  return LANGUAGES.find((language) => language === codes.find((code) => LANGUAGES.some((each) => each === code)))
}

/**
 * A page of elsewhere can have its own name point here (DNS rebinding), and would then be of the same origin as this server. Names that nobody gave this server
 * are refused; addresses cannot be rebound.
 */
export function knownHost({ hosts }: Serving): Guard {
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    if (!isAddress(host) && !hosts.includes(hostName(host)))
      throw new RequestProblem('wrong-host', { host: host.slice(0, 255) })
    await next()
  }
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/.test(host) || /^\[[0-9a-f:.]+\](:\d+)?$/i.test(host)
}

/** Bad tokens of one address in a minute; a token has 256 bits, so this only spares the log and the processor. */
const MAX_BAD_TOKENS = 20
/**
 * Requests a second over time, and at once, of one caller: about half of what a server answers (docs/serve.md), so that nobody alone takes all of it, and a
 * gateway with one token serves many.
 */
const RATE = { perSecond: 500, burst: 1_000 }

/** Who asks: by token, by session, or nobody in particular. Counts requests. */
export function whoAsks({ access, now }: Serving): Guard {
  const requests = rateLimit(RATE, now)
  const failures = rateLimit({ perSecond: MAX_BAD_TOKENS / 60, burst: MAX_BAD_TOKENS }, now)
  return async (c, next) => {
    const address = addressOf(c)
    const token = bearerToken(c)
    const session = getCookie(c, SESSION_COOKIE)
    let caller: Caller | null = null
    if (token !== null) {
      refuseMany(failures.wait(address, 0))
      caller = await access.withToken(token)
      if (caller === null) {
        refuseMany(failures.wait(address, 1))
        throw new RequestProblem('bad-token', {}, { 'www-authenticate': 'Bearer error="invalid_token"' })
      }
    } else if (session !== undefined) caller = await access.inSession(session)
    c.set('by', caller === null ? 'nobody' : token === null ? 'session' : 'token')
    if (caller === null && !(await access.needsToken())) caller = { id: `at ${address}`, name: null, role: 'reader' }
    refuseMany(requests.wait(caller?.id ?? `at ${address}`, 1))
    c.set('caller', caller)
    await next()
  }
}

/** A try to sign in with a token that does not stand counts as a bad token. */
export function signInLimit({ now }: Serving): { refuse(c: Context<Carried>): void; note(c: Context<Carried>): void } {
  const failures = rateLimit({ perSecond: MAX_BAD_TOKENS / 60, burst: MAX_BAD_TOKENS }, now)
  return {
    refuse: (c) => refuseMany(failures.wait(addressOf(c), 0)),
    note: (c) => refuseMany(failures.wait(addressOf(c), 1)),
  }
}

function refuseMany(seconds: number): void {
  if (seconds > 0) throw new RequestProblem('too-many', { seconds }, { 'retry-after': `${seconds}` })
}

function bearerToken(c: Context<Carried>): string | null {
  const header = c.req.header('authorization')
  if (header === undefined) return null
  return /^Bearer +([\w-]{1,256})$/i.exec(header)?.[1] ?? ''
}

function addressOf(c: Context<Carried>): string {
  // requests that come from no socket are tests of the routes
  return c.env?.incoming === undefined ? 'unknown' : (getConnInfo(c).remote.address ?? 'unknown')
}

/** Refuses whoever may not do what takes this role. */
export function allow(role: ApiRole): Guard {
  return async (c, next) => {
    const caller = c.get('caller')
    // nobody in particular may become somebody; somebody with less may not
    if (caller === null || (c.get('by') === 'nobody' && !mayDo(caller.role, role)))
      throw new RequestProblem('unauthenticated', {}, { 'www-authenticate': 'Bearer' })
    if (!mayDo(caller.role, role)) throw new RequestProblem('forbidden', { role })
    await next()
  }
}

/**
 * Changes on behalf of a cookie, or of nobody, are taken from this server's own pages only: browsers say where a request comes from
 * (Sec-Fetch-Site, Origin), and no page can say otherwise. A token in the Authorization header no page of elsewhere has.
 */
export const sameSite: Guard = async (c, next) => {
  const isReading = ['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)
  if (!isReading && c.get('by') !== 'token' && !isFromHere(c)) throw new RequestProblem('cross-site')
  await next()
}

function isFromHere(c: Context<Carried>): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = c.req.header('origin')
  // no browser at all: without a cookie there is nothing to be misused
  if (origin === undefined) return c.get('by') === 'nobody'
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}
