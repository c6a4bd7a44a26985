import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { API_PREFIX } from '../contract/api.ts'
import { MAX_JSON_BYTES } from '../contract/api-limits.ts'
import { VERSION } from '../contract/version.ts'
import { REFERENCE_STYLE } from '../report/api-reference.ts'
import { admission } from './admission.ts'
import { bodyInTime } from './body.ts'
import { conditional } from './conditional.ts'
import { schemaFaults } from './fields.ts'
import { headers, knownHost, language, sameSite, whoAsks } from './guard.ts'
import { pages } from './pages.ts'
import { badRequest, problemResponse, RequestProblem } from './problem.ts'
import { referencePage } from './reference.ts'
import { checkRoutes } from './routes/checks.ts'
import { documentRoutes } from './routes/documents.ts'
import { jobRoutes } from './routes/jobs.ts'
import { logRoutes } from './routes/log.ts'
import { modelRoutes } from './routes/models.ts'
import { placeRoutes } from './routes/places.ts'
import { sessionRoutes } from './routes/session.ts'
import { writeRoutes } from './routes/writes.ts'
import type { Api, Carried, Serving } from './serving.ts'

/** Addresses whose bodies go to a file as they come. */
const UPLOADS = /^\/api\/v1\/(prints|decisions)$/

/** The server's whole tree: guards first, then the API, then the pages. */
export function serverApp(serving: Serving): OpenAPIHono<Carried> {
  const app = new OpenAPIHono<Carried>()
  app.onError((error, c) => problemResponse(c, error, serving))
  app.notFound((c) => problemResponse(c, new RequestProblem('not-found'), serving))
  app.use(headers, language(serving), knownHost(serving))
  app.use('/api/*', admission(), whoAsks(serving), sameSite, conditional(serving), jsonBodies(serving))
  const api = apiRoutes(serving)
  app.route(API_PREFIX, api)
  app.get('/api', (c) => referencePage(c, documentOf(app)))
  app.get('/api/reference.css', (c) => c.body(REFERENCE_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get(`${API_PREFIX}/openapi.json`, (c) => c.json(documentOf(app)))
  app.all('/api/*', (c) => {
    throw isKnownPath(app, c.req.path)
      ? new RequestProblem('not-allowed', { method: c.req.method })
      : new RequestProblem('not-found')
  })
  app.get('*', pages(serving))
  return app
}

function apiRoutes(serving: Serving): Api {
  const api: Api = new OpenAPIHono<Carried>({
    defaultHook(result, c) {
      if (result.success) return undefined
      const errors = schemaFaults(result.error.issues, (c as Context<Carried>).get('language'))
      return badRequest(c as Context<Carried>, errors)
    },
  })
  api.onError((error, c) => problemResponse(c, error, serving))
  sessionRoutes(api, serving)
  modelRoutes(api, serving)
  placeRoutes(api, serving)
  logRoutes(api, serving)
  checkRoutes(api, serving)
  documentRoutes(api, serving)
  writeRoutes(api, serving)
  jobRoutes(api, serving)
  return api
}

/** Bodies that are held in memory: neither large, nor packed, nor slow. */
function jsonBodies(_: Serving) {
  const limit = bodyLimit({
    maxSize: MAX_JSON_BYTES,
    onError: () => {
      throw new RequestProblem('too-large', { limit: MAX_JSON_BYTES })
    },
  })
  return async (c: Context<Carried>, next: () => Promise<void>) => {
    const encoding = c.req.header('content-encoding')
    if (encoding !== undefined && encoding !== 'identity') throw new RequestProblem('unsupported-media')
    if (UPLOADS.test(c.req.path) || ['GET', 'HEAD'].includes(c.req.method)) return next()
    return bodyInTime(c, () => limit(c, next) as Promise<void>)
  }
}

/** What the API is, as OpenAPI 3.1. */
function documentOf(app: OpenAPIHono<Carried>) {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Yukue',
      version: VERSION,
      description: 'Whereabouts, changes and effects of pretrained models after release.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  })
  document.components = {
    ...document.components,
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'yukue token new' },
      session: { type: 'apiKey', in: 'cookie', name: 'yukue_session' },
    },
  }
  return document
}

function isKnownPath(app: OpenAPIHono<Carried>, path: string): boolean {
  return app.routes.some(({ method, path: pattern }) => {
    if (method === 'ALL') return false
    const expression = pattern.replace(/[.]/g, '[.]').replace(/:[^/]+/g, '[^/]+')
    return pattern.startsWith('/api') && new RegExp(`^${expression}$`).test(path)
  })
}
