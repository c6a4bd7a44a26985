import { listActors } from '../../app/live/list-actors.ts'
import { listResults, measuredResult } from '../../app/live/list-results.ts'
import { listSites } from '../../app/live/list-sites.ts'
import { siteIn } from '../../app/site.ts'
import { actors, actorsQuery, results, resultsQuery, sites, sitesQuery } from '../../contract/api.ts'
import { measuredResult as resultSchema } from '../../contract/api-ledger.ts'
import { siteReport } from '../../contract/site.ts'
import { answered } from '../answers.ts'
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
    (c) => answered(c, () => listSites(live, c.req.valid('query'))),
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
    (c) => answered(c, () => siteIn(live.estate, c.req.valid('param').name, now)),
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
    (c) => answered(c, () => listActors(live, c.req.valid('query'))),
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
    (c) => answered(c, () => listResults(live, c.req.valid('query'))),
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
    (c) => answered(c, () => measuredResult(live, c.req.valid('param').number)),
  )
}
