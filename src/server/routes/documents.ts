import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Wanted } from '../../app/live/document.ts'
import { documentsInTurn } from '../../app/live/documents.ts'
import { measuredResult } from '../../app/live/list-results.ts'
import { dossier } from '../../contract/dossier.ts'
import { RequestProblem } from '../problem.ts'
import type { Api, Carried, Serving } from '../serving.ts'
import { answering, idParam, nameParam, numberParam, routeFor } from './route.ts'

const tags = ['documents']
const formatQuery = z.object({ format: z.enum(['html', 'json']).default('html') })

const page = { schema: z.string() }
const { default: problem } = answering(z.string(), '')
const asDossier = {
  200: {
    description: 'One page that needs nothing else, or as yukue dossier --json',
    content: { 'text/html': page, 'application/json': { schema: dossier } },
  },
  default: problem,
}
const asReport = {
  200: { description: 'One page that needs nothing else', content: { 'text/html': page } },
  default: problem,
}

/** What is kept or sent on: dossiers and reports as files. */
export function documentRoutes(api: Api, { live, threads, roots, now }: Serving): void {
  const documents = documentsInTurn()
  const made = async (c: Context<Carried>, wanted: Wanted) => {
    const common = { estate: live.location, passphrase: undefined, threads, within: roots, language: c.get('language') }
    const text = documents({ kind: 'document', wanted, now: now().toISOString(), ...common })
    if (text === null) throw new RequestProblem('busy', {}, { 'retry-after': '10' })
    return text
  }
  const dossierOf = async (c: Context<Carried>, subject: string, format: 'html' | 'json') =>
    handedOut(c, await made(c, { what: 'dossier', subject, format }), `dossier.${format}`)
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models/{id}/dossier',
      tags,
      summary: 'Everything on record about a model (yukue dossier)',
      request: { params: idParam, query: formatQuery },
      responses: asDossier,
    }),
    async (c) => dossierOf(c, c.req.valid('param').id, c.req.valid('query').format),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/sites/{name}/dossier',
      tags,
      summary: 'Everything on record about a site (yukue dossier)',
      request: { params: nameParam, query: formatQuery },
      responses: asDossier,
    }),
    async (c) => dossierOf(c, `site:${c.req.valid('param').name}`, c.req.valid('query').format),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/results/{number}/report',
      tags,
      summary: 'A result as a page (yukue audit --page)',
      request: { params: numberParam },
      responses: asReport,
    }),
    async (c) => {
      const { number } = c.req.valid('param')
      const { result } = await measuredResult(live, number)
      return handedOut(c, await made(c, { what: 'result', result }), `result-${number}.html`)
    },
  )
}

/** As a file to keep: shown in place it would be under the server's policy, which forbids it its own styles. */
function handedOut(c: Context<Carried>, text: string, name: string): Response {
  const type = name.endsWith('.json') ? 'application/json' : 'text/html; charset=utf-8'
  return c.body(text, 200, { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` })
}
