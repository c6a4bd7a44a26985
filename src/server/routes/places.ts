import { listActors } from '../../app/live/list-actors.ts'
import { listResults, measuredResult } from '../../app/live/list-results.ts'
import { listSites } from '../../app/live/list-sites.ts'
import { siteIn } from '../../app/site.ts'
import { actors, actorsQuery, results, resultsQuery, sites, sitesQuery } from '../../contract/api.ts'
import { measuredResult as resultSchema } from '../../contract/api-ledger.ts'
import { siteReport } from '../../contract/site.ts'
import type { Api, Serving } from '../serving.ts'
import { answering, nameParam, numberParam, routeFor } from './route.ts'

const tags = ['sites, actors, results']

/** Where models are in use, by whom, and what was measured there. */
export function placeRoutes(api: Api, { live, now }: Serving): void {
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/sites',
      tags,
      summary: 'Sites with the deployment that holds, or the last',
      request: { query: sitesQuery },
      responses: answering(sites, 'A page of sites'),
    }),
    async (c) => c.json(await listSites(live, c.req.valid('query')), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/sites/{name}',
      tags,
      summary: 'Whether what runs at a site is what was approved (yukue site)',
      request: { params: nameParam },
      responses: answering(siteReport, 'As yukue site --json'),
    }),
    async (c) => c.json(await siteIn(live.estate, c.req.valid('param').name, now), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/actors',
      tags,
      summary: 'Whoever is named in the log, with what they have',
      request: { query: actorsQuery },
      responses: answering(actors, 'A page of actors'),
    }),
    async (c) => c.json(await listActors(live, c.req.valid('query')), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/results',
      tags,
      summary: 'Audits, comparisons and simulations on record, the newest first',
      request: { query: resultsQuery },
      responses: answering(results, 'A page of results'),
    }),
    async (c) => c.json(await listResults(live, c.req.valid('query')), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/results/{number}',
      tags,
      summary: 'One result whole',
      request: { params: numberParam },
      responses: answering(resultSchema, 'The result as it was entered'),
    }),
    async (c) => c.json(await measuredResult(live, c.req.valid('param').number), 200),
  )
}
