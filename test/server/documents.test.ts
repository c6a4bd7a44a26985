import { describe, expect, it } from 'vitest'
import { dossier } from '../../src/contract/dossier.ts'
import { a } from '../builders/ledger.ts'
import { jsonOf, type ServedPlace, servedPlace } from '../builders/server.ts'

const HOSTILE = '<script>alert(1)</script>'

const withSite = () =>
  servedPlace(async (place) => {
    await place.scan({ '/models/a': a })
    await place.record({ event: 'deployed', model: a, site: HOSTILE, purpose: HOSTILE })
  })

const LOG = 'approved,sex\n1,F\n0,F\n1,M\n1,M\n'.concat('1,M\n0,F\n1,F\n'.repeat(60))

/** Audits a log and waits for it; the number of the result. */
async function audited(served: ServedPlace): Promise<number> {
  const headers = { ...(await served.as('recorder')), 'content-type': 'text/csv' }
  const query = `name=log.csv&decision=approved&favourable=1&group=sex&model=${a}`
  const { id } = await jsonOf<{ id: string }>(await served.post(`decisions?${query}`, LOG, headers))
  await (await served.get(`jobs/${id}/events`, headers)).text()
  const job = await jsonOf<{ result: { statements: number[] } }>(await served.get(`jobs/${id}`, headers))
  return job.result.statements[0]!
}

describe('a document', () => {
  it('of a model is a file to keep that runs and fetches nothing', async () => {
    const served = await withSite()
    const answer = await served.get(`models/${a}/dossier`)
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="dossier.html"')
    const page = await answer.text()
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).not.toContain('<script')
  })

  it('of a site is the same as JSON, where that is asked for', async () => {
    const served = await withSite()
    const answer = await served.get(`sites/${encodeURIComponent(HOSTILE)}/dossier?format=json`)
    expect(dossier.parse(await answer.json())).toMatchObject({ site: HOSTILE, models: [{ id: a }] })
  })

  it('is in the language that was asked for', async () => {
    const served = await withSite()
    const answer = await served.get(`models/${a}/dossier`, { 'accept-language': 'ja' })
    expect(await answer.text()).toContain('<html lang="ja">')
  })

  it('of a result is its report', async () => {
    const served = await withSite()
    const number = await audited(served)
    const answer = await served.get(`results/${number}/report`, await served.as('reader'))
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(await answer.text()).toContain('184 decisions were judged')
  })

  it('of what is not on record is not made', async () => {
    const served = await withSite()
    expect((await served.get('models/nothing/dossier')).status).toBe(404)
    expect((await served.get('results/0/report')).status).toBe(404)
    expect(served.faults).toEqual([])
  })
})
