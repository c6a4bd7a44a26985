import { z } from '@hono/zod-openapi'
import { listCharters, showCharter } from '../../app/charter.ts'
import { checkModelIn, checkSiteIn } from '../../app/check.ts'
import { dutiesPage } from '../../app/live/duties.ts'
import { overview } from '../../app/live/overview.ts'
import { recall } from '../../app/recall.ts'
import { asOfQuery, duties, overview as overviewSchema, pageQuery } from '../../contract/api.ts'
import { noticeRequest } from '../../contract/api-recall.ts'
import { charterList, charterShown } from '../../contract/charter-reports.ts'
import { checkReport, checksReport } from '../../contract/check.ts'
import { recallReport } from '../../contract/recall.ts'
import { answered, remembered } from '../answers.ts'
import type { Api, Serving } from '../serving.ts'
import { answering, idParam, making, nameParam, routeFor } from './route.ts'

const tags = ['verdicts']

/** What departs from rules and charters, what is to be done, and who is to be told. */
export function checkRoutes(api: Api, { live, checks, now }: Serving): void {
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/overview',
      tags,
      summary: 'The three axes at a glance, departures first',
      responses: answering(overviewSchema, 'Counts, departures, what is due'),
    }),
    (c) => answered(c, () => overview(live, checks, c.get('language'))),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/checks',
      tags,
      summary: 'Verdicts of the whole estate (yukue check --all)',
      request: { query: asOfQuery },
      responses: answering(checksReport, 'As yukue check --all --json'),
    }),
    async (c) => {
      const { asOf } = c.req.valid('query')
      const language = c.get('language')
      const { report } = asOf === undefined ? await checks.now(language) : await checks.asOf(asOf, language)
      return remembered(c, report)
    },
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/duties',
      tags,
      summary: 'What is to be done, by whom, until when',
      request: { query: pageQuery },
      responses: answering(duties, 'A page of rules that are not met'),
    }),
    async (c) => c.json(dutiesPage((await checks.now(c.get('language'))).report, c.req.valid('query')), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models/{id}/check',
      tags,
      summary: 'Whether a model is as rules and charters ask (yukue check --model)',
      request: { params: idParam, query: asOfQuery },
      responses: answering(checkReport, 'As yukue check --json'),
    }),
    async (c) => {
      const { asOf } = c.req.valid('query')
      const options = { asOf: asOf ?? null, language: c.get('language'), now }
      return answered(c, () => checkModelIn(live.estate, c.req.valid('param').id, options))
    },
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/sites/{name}/check',
      tags,
      summary: 'Whether a site is as rules and charters ask (yukue check --site)',
      request: { params: nameParam, query: asOfQuery },
      responses: answering(checkReport, 'As yukue check --json'),
    }),
    async (c) => {
      const { asOf } = c.req.valid('query')
      const options = { asOf: asOf ?? null, language: c.get('language'), now }
      return answered(c, () => checkSiteIn(live.estate, c.req.valid('param').name, options))
    },
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/charters',
      tags,
      summary: 'Charters on record with their versions (yukue charter list)',
      request: { query: asOfQuery },
      responses: answering(charterList, 'As yukue charter list --json'),
    }),
    (c) => answered(c, () => listCharters(live.location, c.req.valid('query').asOf ?? null, now)),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/charters/{name}',
      tags,
      summary: 'A charter in words (yukue charter show)',
      request: { params: nameParam, query: asOfQuery.extend({ version: z.string().max(32).optional() }) },
      responses: answering(charterShown, 'As yukue charter show --json'),
    }),
    (c) => answered(c, () => showCharter(c.req.valid('param').name, c.req.valid('query'), live.location, now)),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models/{id}/recall',
      tags,
      summary: 'Who is to be told of the incidents of a model (yukue recall)',
      request: { params: idParam },
      responses: answering(recallReport, 'As yukue recall --json'),
    }),
    async (c) => {
      const options = { model: c.req.valid('param').id, notified: [], language: c.get('language') }
      return answered(c, () => recall(options, live.location, live.signing))
    },
  )
  api.openapi(
    routeFor('steward', {
      method: 'post',
      path: '/notices',
      tags,
      summary: 'Write down that holders were told (yukue recall --notified)',
      request: { body: { content: { 'application/json': { schema: noticeRequest } }, required: true } },
      responses: making(201, recallReport, 'The recall with the notices entered'),
    }),
    async (c) => {
      const { holders, ...notice } = c.req.valid('json')
      return c.json(await recall({ ...notice, notified: holders }, live.location, live.signing), 201)
    },
  )
}
