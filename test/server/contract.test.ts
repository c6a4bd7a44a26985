import { beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import * as api from '../../src/contract/api.ts'
import * as ledger from '../../src/contract/api-ledger.ts'
import { charterList } from '../../src/contract/charter-reports.ts'
import { checkReport, checksReport } from '../../src/contract/check.ts'
import { recallReport } from '../../src/contract/recall.ts'
import { siteReport } from '../../src/contract/site.ts'
import { traceReport } from '../../src/contract/trace.ts'
import { relation } from '../builders/estate.ts'
import { a, b, c } from '../builders/ledger.ts'
import { jsonOf, type ServedPlace, servedPlace } from '../builders/server.ts'

/** A family of three, one of it in use at a bank, and all kinds of statements. */
async function story(): Promise<ServedPlace> {
  return servedPlace(async (place) => {
    const lineage = { relations: [relation(b, a), relation(c, b)], lookAlikes: [] }
    await place.scan({ '/models/a': a, '/models/b': b, '/srv/loans': c }, { lineage })
    await place.record({ event: 'received', model: a, from: 'Vendor Ltd', to: 'person:Jane' })
    await place.record({ event: 'deployed', model: c, site: 'loans', actor: 'Bank plc', place: '/srv/loans' })
    await place.record({ event: 'incident', model: a, severity: 'high', text: 'personal data in answers' })
  })
}

const ROUTES: [string, z.ZodType][] = [
  ['session', api.session],
  ['overview', api.overview],
  ['models', api.models],
  [`models/${a}`, api.modelDetails],
  [`models/${a}/trace`, traceReport],
  [`models/${a}/trace?asOf=2026-01-01`, traceReport],
  [`models/${a}/graph?depth=2`, api.graph],
  [`models/${a}/path?to=${c}`, api.path],
  [`models/${a}/check`, checkReport],
  [`models/${a}/recall`, recallReport],
  ['sites', api.sites],
  ['sites/loans', siteReport],
  ['sites/loans/check', checkReport],
  ['actors', api.actors],
  ['results', api.results],
  ['checks', checksReport],
  ['checks?asOf=2026-01-01', checksReport],
  ['duties', api.duties],
  ['charters', charterList],
  ['statements', ledger.statements],
  ['statements?kind=deployed', ledger.statements],
  ['statements/0', ledger.provenStatement],
  ['checkpoint', ledger.checkpoint],
  ['consistency?from=1', ledger.consistency],
  ['witnesses', ledger.witnesses],
  ['keys', ledger.keys],
]

describe('an answer of the API', () => {
  let served: ServedPlace
  beforeEach(async () => {
    served = await story()
  })

  it('is what the contract says, at every address', async () => {
    for (const [path, schema] of ROUTES) {
      const response = await served.get(path)
      expect([path, response.status]).toEqual([path, 200])
      const parsed = schema.safeParse(await response.json())
      expect([path, parsed.error?.issues ?? []]).toEqual([path, []])
    }
    expect(served.faults).toEqual([])
  })

  it('is not sent again to whoever has it already', async () => {
    const first = await served.get('models')
    const again = await served.get('models', { 'if-none-match': first.headers.get('etag')! })
    expect(again.status).toBe(304)
    await served.place.record({ event: 'retired', model: a })
    expect((await served.get('models', { 'if-none-match': first.headers.get('etag')! })).status).toBe(200)
  })

  it('of an error is in the language that was asked for', async () => {
    const response = await served.get('models/nothing', { 'accept-language': 'ja-JP, en;q=0.5' })
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const problem = api.problemDetails.parse(await response.json())
    expect(problem).toMatchObject({ status: 404, code: 'unknown-model' })
    expect(problem.detail).toMatch(/\p{Script=Hiragana}/u)
  })

  it('comes in pages that together are the whole', async () => {
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = api.models.parse(
        await (await served.get(`models?limit=1&cursor=${cursor}`.replace(/&cursor=$/, ''))).json(),
      )
      names.push(...page.items.map(({ name }) => name))
      cursor = page.next
    }
    expect(names).toEqual([...names].sort())
    expect(names).toHaveLength(3)
  })
})

interface Described {
  openapi: string
  components: { schemas: Record<string, unknown> }
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1 in which every reference leads somewhere and every parameter of an address is described', async () => {
    const served = await servedPlace()
    const document = await jsonOf<Described>(await served.get('openapi.json'))
    expect(document.openapi).toBe('3.1.0')
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name)
    for (const [path, operations] of Object.entries(document.paths)) {
      const needed = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const operation of Object.values(operations)) {
        const told = (operation.parameters ?? []).filter((each) => each.in === 'path').map(({ name }) => name)
        expect([path, told.sort()]).toEqual([path, needed.sort()])
      }
    }
  })

  it('is a page too, under the same policy as all others', async () => {
    const { serving } = await servedPlace()
    const response = await fetch(`${serving.address}/api`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('/api/v1/models/{id}/graph')
  })
})

describe('what is written', () => {
  const event = { event: 'received', model: a, from: 'Vendor Ltd' }

  it('through the API stands in the log, with its proof', async () => {
    const served = await story()
    const answer = await served.post('records', event, await served.as('recorder'))
    expect(answer.status).toBe(201)
    const { statements } = await jsonOf<{ statements: number[] }>(answer)
    const proven = await served.get(`statements/${statements[0]}`, await served.as('reader'))
    expect(ledger.provenStatement.parse(await proven.json())).toMatchObject({ kind: 'custody' })
  })

  it('is taken by its role only', async () => {
    const served = await story()
    expect((await served.post('records', event)).status).toBe(401)
    expect((await served.post('records', event, await served.as('reader'))).status).toBe(403)
  })

  it('by many at once is all there', async () => {
    const served = await story()
    const headers = await served.as('recorder')
    const before = (await served.place.work((estate) => estate.ledgerHead()))!.size
    const answers = await Promise.all(Array.from({ length: 20 }, () => served.post('records', event, headers)))
    const numbers = await Promise.all(
      answers.map(async (answer) => (await jsonOf<{ statements: number[] }>(answer)).statements[0]!),
    )
    expect(numbers.sort((x, y) => x - y)).toEqual(Array.from({ length: 20 }, (_, at) => before + at))
  })
})

describe('an answer that is kept', () => {
  it('is never older than a record that was acknowledged before it was asked for', async () => {
    const served = await story()
    const headers = await served.as('recorder')
    const record = (at: number) =>
      served.post('records', { event: 'received', model: a, from: `Vendor ${at}` }, headers)
    const busy = Array.from({ length: 4 }, async (_, reader) => {
      for (let round = 0; round < 40; round++) await served.get('statements?limit=1', headers)
      return reader
    })
    const late: number[] = []
    for (let at = 0; at < 25; at++) {
      const [number] = (await jsonOf<{ statements: number[] }>(await record(at))).statements
      const { size } = await jsonOf<{ size: number }>(await served.get('statements?limit=1', headers))
      if (size <= number!) late.push(number!)
    }
    await Promise.all(busy)
    expect(late).toEqual([])
  })

  it('is not given to somebody whose token was revoked meanwhile', async () => {
    const served = await story()
    const headers = await served.as('reader')
    expect((await served.get('models', headers)).status).toBe(200)
    await served.place.work(async (estate) => {
      for (const { id } of await estate.tokens()) await estate.revokeToken(id, new Date().toISOString())
    })
    expect((await served.get('models', headers)).status).toBe(401)
  })
})
