import type { Context } from 'hono'
import { auditOptionsFrom } from '../../app/audit-options.ts'
import { enterStatement } from '../../app/live/enter-statement.ts'
import { importPrints } from '../../app/print.ts'
import { record } from '../../app/record.ts'
import { LOG_NAME, MAX_LOG_BYTES, MAX_PRINT_BYTES } from '../../contract/api-limits.ts'
import {
  decisionsQuery,
  job,
  printAnswer,
  printQuery,
  recordAnswer,
  recordRequest,
  scanRequest,
  statementAnswer,
} from '../../contract/api-work.ts'
import { CommandError } from '../../contract/command-error.ts'
import { envelope } from '../../contract/envelope.ts'
import { upload } from '../body.ts'
import { RequestProblem } from '../problem.ts'
import { insideRoots } from '../roots.ts'
import type { Api, Carried, Serving } from '../serving.ts'
import { making, routeFor } from './route.ts'

const tags = ['recording']

const OCTETS = 'application/octet-stream'
const binary = { schema: { type: 'string' as const, format: 'binary' } }

/** What goes into the log, and work that takes a while. */
export function writeRoutes(api: Api, serving: Serving): void {
  const { live, jobs, roots, threads, uploads } = serving
  const common = (c: Context<Carried>) => {
    const { passphrase } = live.signing
    return { estate: live.location, passphrase, threads, within: roots, language: c.get('language') }
  }
  api.openapi(
    routeFor('recorder', {
      method: 'post',
      path: '/records',
      tags,
      summary: 'Write down what happened to a model (yukue record)',
      request: { body: { content: { 'application/json': { schema: recordRequest } }, required: true } },
      responses: making(201, recordAnswer, 'What was entered'),
    }),
    async (c) => c.json(await record(c.req.valid('json'), live.location, live.signing), 201),
  )
  api.openapi(
    routeFor('recorder', {
      method: 'post',
      path: '/statements',
      tags,
      summary: 'Enter a statement that was signed elsewhere',
      request: { body: { content: { 'application/json': { schema: envelope } }, required: true } },
      responses: making(201, statementAnswer, 'Where it stands'),
    }),
    async (c) => c.json(await enterStatement(live, c.req.valid('json')), 201),
  )
  api.openapi(
    routeFor('recorder', {
      method: 'post',
      path: '/prints',
      tags,
      summary: 'Take over a print (yukue print --import)',
      request: { query: printQuery, body: { content: { [OCTETS]: binary }, required: true } },
      responses: making(201, printAnswer, 'The model that it is of'),
    }),
    async (c) => {
      refuseOther(c, [OCTETS])
      const { name } = c.req.valid('query')
      const file = await upload(c, { folder: uploads, name, most: MAX_PRINT_BYTES })
      try {
        const [imported] = await importPrints([file.path], live.location, live.signing, name)
        return c.json({ id: imported!.id, name: imported!.name }, 201)
      } finally {
        await file.remove()
      }
    },
  )
  api.openapi(
    routeFor('recorder', {
      method: 'post',
      path: '/scans',
      tags,
      summary: 'Scan folders inside the roots (yukue scan), as a job',
      request: { body: { content: { 'application/json': { schema: scanRequest } }, required: true } },
      responses: making(202, job, 'The job'),
    }),
    async (c) => {
      const { paths, as } = c.req.valid('json')
      const real = paths.map((path) => insideRoots(path, roots))
      return c.json(queued(jobs.add({ ...common(c), kind: 'scan', paths: real, as }, paths.join(', '))), 202)
    },
  )
  api.openapi(
    routeFor('recorder', {
      method: 'post',
      path: '/decisions',
      tags,
      summary: 'Audit a log of decisions (yukue audit --record), as a job',
      request: { query: decisionsQuery, body: { content: { [OCTETS]: binary }, required: true } },
      responses: making(202, job, 'The job'),
    }),
    async (c) => {
      refuseOther(c, [OCTETS, 'text/csv', 'application/json', 'application/x-ndjson'])
      const query = c.req.valid('query')
      const { name, site, model, siteColumn, modelColumn, minimumShare, ...flags } = query
      if (!LOG_NAME.test(name)) throw new CommandError({ code: 'bad-option', option: 'name', value: name })
      const asked = { ...flags, site: siteColumn, model: modelColumn, minShare: minimumShare }
      // what is asked is looked at before anything is sent for nothing
      auditOptionsFrom(name, asked)
      const file = await upload(c, { folder: uploads, name, most: MAX_LOG_BYTES })
      const options = auditOptionsFrom(file.path, asked)
      const of = { model: model ?? null, site: site ?? null }
      const added = jobs.add({ ...common(c), kind: 'audit', options, of }, name, () => void file.remove())
      if (added === null) await file.remove()
      return c.json(queued(added), 202)
    },
  )
}

function queued<T>(added: T | null): T {
  if (added === null) throw new RequestProblem('busy', {}, { 'retry-after': '30' })
  return added
}

/** A form on another page can send neither of these types. */
function refuseOther(c: Context<Carried>, types: readonly string[]): void {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === undefined || !types.includes(type)) throw new RequestProblem('unsupported-media')
}
