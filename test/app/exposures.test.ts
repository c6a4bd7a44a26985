import { expect, it } from 'vitest'
import { site } from '../../src/app/site.ts'
import { trace } from '../../src/app/trace.ts'
import { relation } from '../builders/estate.ts'
import { a, b, c, d, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

/** a → b → c, and d beside them; c is in use at loans, d at desk. */
async function family(): Promise<LedgerPlace> {
  const place = await ledgerPlace()
  const found = { '/models/a': a, '/models/b': b, '/models/c': c, '/models/d': d }
  await place.scan(found, { lineage: { relations: [relation(b, a), relation(c, b)], lookAlikes: [] } })
  await place.record({ event: 'deployed', model: c, site: 'loans', place: '/models/c' })
  await place.record({ event: 'deployed', model: d, site: 'desk', place: '/models/d' })
  place.step()
  await place.record({ event: 'incident', model: a, text: 'personal data in answers', severity: 'high' })
  place.step()
  return place
}

const ids = (path: readonly { id: string }[]) => path.map(({ id }) => id)

it('an incident reaches a descendant by the path that connects them', async () => {
  const { exposures = [] } = await trace(c, (await family()).location)
  expect(exposures.map(({ path, settledBy }) => [ids(path), settledBy])).toEqual([[[a, b, c], null]])
})

it('an incident reaches every descendant and the sites that hold one', async () => {
  const { exposed = [] } = await trace(a, (await family()).location)
  expect(exposed.map(({ model, path, sites }) => [model.id, ids(path), sites])).toEqual([
    [a, [a], []],
    [b, [a, b], []],
    [c, [a, b, c], ['loans']],
  ])
})

it('a site that holds a descendant is exposed', async () => {
  const { exposures = [] } = await site('loans', (await family()).location)
  expect(exposures.map(({ model, origin }) => [model, origin.id])).toEqual([[c, a]])
})

it('a site that holds a stranger is not exposed', async () => {
  expect((await site('desk', (await family()).location)).exposures).toEqual([])
})

it('an incident does not reach what the model came from', async () => {
  const place = await family()
  await place.record({ event: 'incident', model: c, text: 'refusals dropped' })
  expect((await trace(b, place.location)).exposures).toHaveLength(1)
})

it('an evaluation of the descendant ends its exposure', async () => {
  const place = await family()
  await place.record({ event: 'evaluated', model: c, suite: 'privacy' })
  const { exposures = [] } = await trace(c, place.location)
  expect([
    exposures.map(({ settledBy }) => settledBy !== null),
    (await site('loans', place.location)).exposures,
  ]).toEqual([[true], []])
})

it('an evaluation of the parent ends nothing for the child', async () => {
  const place = await family()
  await place.record({ event: 'evaluated', model: b, suite: 'privacy' })
  expect((await trace(c, place.location)).exposures).toMatchObject([{ settledBy: null }])
})

it('an evaluation made before the incident ends nothing, though entered after it', async () => {
  const place = await family()
  await place.record({ event: 'evaluated', model: c, suite: 'privacy', at: '2025-12-01' })
  expect((await trace(c, place.location)).exposures).toMatchObject([{ settledBy: null }])
})
