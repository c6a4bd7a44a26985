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
import { answered } from '../answers.ts'
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
    (c) => answered(c, () => listStatements(live, c.req.valid('query'))),
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
    (c) => answered(c, () => provenStatement(live, c.req.valid('param').number)),
  )
  api.openapi(
    routeFor('reader', {
      method: 'get',
      path: '/checkpoint',
      tags,
      summary: 'The head of the log as a signed note',
      responses: answering(checkpoint, 'The latest checkpoint'),
    }),
    (c) => answered(c, async () => (await latestCheckpoint(live.estate)).answer),
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
      return answered(c, () => consistencyOf(live.estate, from, to))
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
    (c) => answered(c, () => witnessesOf(live)),
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
