import { describe, expect, it } from 'vitest'
import type { ProblemDetails } from '../../src/contract/api.ts'
import { a } from '../builders/ledger.ts'
import { jsonOf, type ServedPlace, servedPlace } from '../builders/server.ts'

const withModel = () => servedPlace((place) => place.scan({ '/models/a': a }))

async function errorsOf(served: ServedPlace, body: unknown, language = 'en'): Promise<ProblemDetails['errors']> {
  const headers = { ...(await served.as('recorder')), 'accept-language': language }
  return (await jsonOf<ProblemDetails>(await served.post('records', body, headers))).errors
}

describe('a fault of one field', () => {
  it('is named by that field, as the request has it', async () => {
    const served = await withModel()
    const wrong: [string, object][] = [
      ['to', { event: 'handed-over', model: a }],
      ['site', { event: 'deployed', model: a }],
      ['at', { event: 'received', model: a, at: 'yesterday' }],
      ['claims', { event: 'claimed', model: a, claims: ['colour=red'] }],
      ['metrics', { event: 'evaluated', model: a, suite: 'mmlu', metrics: ['accuracy=high'] }],
      ['model', { event: 'received', model: 'nothing' }],
    ]
    for (const [field, body] of wrong)
      expect([field, (await errorsOf(served, body))?.map(({ at }) => at)]).toEqual([field, [field]])
  })

  it('says what the field takes', async () => {
    const errors = await errorsOf(await withModel(), { event: 'received', model: a, at: 'yesterday' })
    expect(errors?.[0]?.message).toBe('“yesterday” is not taken here. It takes 2026-04-01, 2026-04-01T12:00:00Z.')
  })

  it('of the request’s form is in the language asked for too', async () => {
    const errors = await errorsOf(await withModel(), { event: 'sold', model: a }, 'ja')
    expect(errors).toMatchObject([{ at: 'event', message: expect.stringMatching(/\p{Script=Hiragana}/u) }])
  })

  it('of an audit is named before the log is read', async () => {
    const served = await withModel()
    const headers = { ...(await served.as('recorder')), 'content-type': 'text/csv' }
    const answer = await served.post('decisions?name=log.csv&decision=approved', 'approved\n1\n', headers)
    expect((await jsonOf<ProblemDetails>(answer)).errors).toEqual([{ at: 'favourable', message: 'This is needed.' }])
  })
})
