import { z } from '@hono/zod-openapi'
import { findOne } from '../../app/find-model.ts'
import { diffsInTurn } from '../../app/live/diffs.ts'
import { modelGraph, modelPath } from '../../app/live/graph.ts'
import { listModels } from '../../app/live/list-models.ts'
import { modelDetails } from '../../app/live/model-details.ts'
import { traceIn } from '../../app/trace.ts'
import {
  asOfQuery,
  modelDetails as detailsSchema,
  diffQuery,
  graph,
  graphQuery,
  models,
  modelsQuery,
  path,
  pathQuery,
} from '../../contract/api.ts'
import { diffReport } from '../../contract/diff.ts'
import { traceReport } from '../../contract/trace.ts'
import { answered } from '../answers.ts'
import { RequestProblem } from '../problem.ts'
import type { Api, Serving } from '../serving.ts'
import { answering, idParam, routeFor } from './route.ts'

const tags = ['models']

/** Lists, families, traces and diffs of models. */
export function modelRoutes(api: Api, { live, roots, threads, checks }: Serving): void {
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models',
      tags,
      summary: 'Models by name, with filters',
      request: { query: modelsQuery },
      responses: answering(models, 'A page of models'),
    }),
    (c) => answered(c, () => listModels(live, c.req.valid('query'))),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models/{id}',
      tags,
      summary: 'One model: its artifacts, its nearest relations',
      request: { params: idParam },
      responses: answering(detailsSchema, 'The model'),
    }),
    (c) => answered(c, () => modelDetails(live, c.req.valid('param').id, c.get('t'))),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models/{id}/trace',
      tags,
      summary: 'Where it came from, who had it, where it is (yukue trace)',
      request: { params: idParam, query: asOfQuery.extend({ holders: z.stringbool().default(true) }) },
      responses: answering(traceReport, 'As yukue trace --json'),
    }),
    async (c) => {
      const { asOf, holders } = c.req.valid('query')
      const options = { asOf: asOf ?? null, holders, results: true, within: roots }
      return answered(c, () => traceIn(live.estate, c.req.valid('param').id, options))
    },
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models/{id}/graph',
      tags,
      summary: 'Relatives at most some relations away',
      request: { params: idParam, query: graphQuery },
      responses: answering(graph, 'Nodes and edges'),
    }),
    (c) => answered(c, () => modelGraph(live, c.req.valid('param').id, c.req.valid('query'), checks.verdicts())),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/models/{id}/path',
      tags,
      summary: 'The shortest way to another model',
      request: { params: idParam, query: pathQuery },
      responses: answering(path, 'The models on the way, without any where there is none'),
    }),
    (c) => answered(c, () => modelPath(live, c.req.valid('param').id, c.req.valid('query').to)),
  )
  const diffs = diffsInTurn()
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/diff',
      tags,
      summary: 'What was changed from one model to another (yukue diff)',
      request: { query: diffQuery },
      responses: answering(diffReport, 'As yukue diff --json'),
    }),
    async (c) => {
      const query = c.req.valid('query')
      const parent = await findOne(live.estate, query.parent)
      const child = await findOne(live.estate, query.child)
      const common = {
        estate: live.location,
        passphrase: undefined,
        threads,
        within: roots,
        language: c.get('language'),
      }
      // where copies of either come or go, weights may be at hand that were not
      const { scanned } = await live.chronicle()
      const report = diffs({ kind: 'diff', parent: parent.id, child: child.id, ...common }, `${scanned}`)
      if (report === null) throw new RequestProblem('busy', {}, { 'retry-after': '10' })
      return answered(c, () => report)
    },
  )
}
