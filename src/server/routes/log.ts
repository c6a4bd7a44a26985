import { showKeysIn } from '../../app/key.ts'
import {
  consistencyOf,
  latestCheckpoint,
  listStatements,
  provenStatement,
  witnessesOf,
} from '../../app/live/statements.ts'
import {
  checkpoint,
  consistency,
  consistencyQuery,
  keys,
  provenStatement as provenSchema,
  statements,
  statementsQuery,
  witnesses,
} from '../../contract/api-ledger.ts'
import type { Api, Serving } from '../serving.ts'
import { answering, numberParam, routeFor } from './route.ts'

const tags = ['log']

/** The log, with all that a browser verifies it by. */
export function logRoutes(api: Api, { live }: Serving): void {
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/statements',
      tags,
      summary: 'Statements, the newest first',
      request: { query: statementsQuery },
      responses: answering(statements, 'A page of statements'),
    }),
    async (c) => c.json(await listStatements(live, c.req.valid('query')), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/statements/{number}',
      tags,
      summary: 'A statement with the proof that it stands in the log',
      request: { params: numberParam },
      responses: answering(provenSchema, 'Envelope, leaf, inclusion proof, checkpoint'),
    }),
    async (c) => c.json(await provenStatement(live, c.req.valid('param').number), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/checkpoint',
      tags,
      summary: 'The head of the log as a signed note',
      responses: answering(checkpoint, 'The latest checkpoint'),
    }),
    async (c) => c.json((await latestCheckpoint(live.estate)).answer, 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/consistency',
      tags,
      summary: 'That the log of one size begins with the log of another',
      request: { query: consistencyQuery },
      responses: answering(consistency, 'Both roots and the proof'),
    }),
    async (c) => {
      const { from, to } = c.req.valid('query')
      return c.json(await consistencyOf(live.estate, from, to), 200)
    },
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/witnesses',
      tags,
      summary: 'Who has cosigned the log, and how far',
      responses: answering(witnesses, 'Witnesses that are known here'),
    }),
    async (c) => c.json(await witnessesOf(live), 200),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/keys',
      tags,
      summary: 'Whose keys are trusted here',
      responses: answering(keys, 'Public keys'),
    }),
    async (c) => c.json({ items: (await showKeysIn(live.estate, live.location)).trusted }, 200),
  )
}
