import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkModel } from '../../src/app/check.ts'
import { checkAll } from '../../src/app/check-all.ts'
import type { RecordOptions } from '../../src/app/record.ts'
import { CommandError } from '../../src/contract/command-error.ts'
import { relation } from '../builders/estate.ts'
import { a, b, c, d, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

const models = [a, b, c, d]
const model = fc.constantFrom(...models)
const site = fc.constantFrom('loans', 'desk', 'lab', 'shop', 'plant', 'yard')

/** Few texts for many sites, so that most are alike but for one thing. */
const deployment = fc.record({
  event: fc.constant('deployed' as const),
  model,
  site,
  purpose: fc.constantFrom(undefined, 'credit scoring', 'customer service'),
  jurisdiction: fc.constantFrom(undefined, 'DE', 'JP'),
  role: fc.constantFrom(undefined, 'deployer', 'provider'),
  actor: fc.constantFrom(undefined, 'Bank', 'Maker'),
  place: fc.constantFrom(undefined, undefined, undefined, '/models'),
})

const claim = fc.record({
  event: fc.constant('claimed' as const),
  model,
  site: fc.option(site, { nil: undefined }),
  claims: fc
    .constantFrom(
      'licence=apache-2.0',
      'licence=cc-by-nc-4.0',
      'monitoring=yes',
      'monitoring=no',
      'intended-purpose=chat',
      'intended-purpose=credit',
      'rebranded=yes',
      'log-retention=12 months',
      'human-oversight=yes',
      'conformity=yes',
      'transparency=yes',
    )
    .map((text) => [text]),
})

const other = fc.oneof(
  fc.record({ event: fc.constant('retired' as const), model, site }),
  fc.record({ event: fc.constant('created' as const), model, to: fc.constantFrom('Bank', 'Maker') }),
  fc.record({ event: fc.constant('evaluated' as const), model, suite: fc.constantFrom('safety-core', 'speed') }),
  fc.record({
    event: fc.constant('audited' as const),
    model,
    suite: fc.constant('bias'),
    metrics: fc.constant(['impact-ratio=0.7']),
  }),
  fc.record({ event: fc.constant('incident' as const), model, text: fc.constant('wrong answers') }),
)

const steps = fc.array(fc.oneof({ weight: 5, arbitrary: deployment }, { weight: 3, arbitrary: claim }, other), {
  minLength: 4,
  maxLength: 14,
})

const relations = fc.record({
  pairs: fc.uniqueArray(fc.tuple(model, model), { selector: String, maxLength: 3 }),
  open: fc.boolean(),
})

async function filled(
  taken: readonly object[],
  related: { pairs: [string, string][]; open: boolean },
): Promise<LedgerPlace> {
  const place = await ledgerPlace()
  const pairs = related.pairs.filter(([child, parent]) => child !== parent)
  const direction = related.open ? ('undetermined' as const) : ('known' as const)
  await place.scan(Object.fromEntries(models.map((id, at) => [`/models/m${at}`, id])), {
    models: models.map((id, at) => ({
      id,
      name: `m${at}`,
      parameters: 7e9,
      tensors: 1,
      dtypes: {},
      quantisation: null,
      origin: 'scanned',
    })),
    lineage: { relations: pairs.map(([child, parent]) => ({ ...relation(child, parent), direction })), lookAlikes: [] },
  })
  for (const step of taken)
    await place.record({ at: '2026-01-02', ...step } as RecordOptions).catch((error) => {
      // a site that is not in use cannot be retired from
      if (!(error instanceof CommandError)) throw error
    })
  return place
}

const options = { asOf: '2027-12-10' }

describe('of all models at once', () => {
  it('the verdicts are those of the models’ own checks, whatever is known of them and of their sites', async () => {
    await fc.assert(
      fc.asyncProperty(steps, relations, async (taken, related) => {
        const place = await filled(taken, related)
        for (const packs of [['eu-ai-act', 'jp-guidelines', 'nyc-ll144', 'us-lending'], ['licences'], ['safety'], []]) {
          const own = await Promise.all(models.map((id) => checkModel(id, place.location, { ...options, packs })))
          const expected = { meets: 0, departs: 0, undecided: 0 }
          for (const { verdict } of own) expected[verdict]++
          expect((await checkAll(place.location, { ...options, packs })).counts).toEqual(expected)
        }
      }),
      { numRuns: 4 },
    )
  }, 120_000)

  it('a rule that asks for the name of a site is asked at each', async () => {
    const at = (name: string) => ({ event: 'deployed', model: a, site: name, purpose: 'customer service' })
    const place = await filled([at('loans'), at('desk')], { pairs: [], open: false })
    const text =
      'schema: yukue.rules/1\nname: own\nrules:\n  - { id: desk, scope: site, source: s, requires: site != "loans", title: t }\n'
    const rules = [{ path: 'own.yaml', text }]
    const [told] = (await checkAll(place.location, { ...options, rules })).checks
    expect(told?.rules.map(({ site, verdict }) => [site, verdict])).toEqual([['loans', 'departs']])
  })
})

describe('the day of today', () => {
  it('is that of Coordinated Universal Time', async () => {
    const place = await filled([], { pairs: [], open: false })
    const now = () => new Date('2026-05-02T23:30:00+09:00')
    expect((await checkAll(place.location, { now })).asOf).toBe('2026-05-02')
    expect((await checkAll(place.location, { now: () => new Date('2026-05-03T08:30:00+09:00') })).asOf).toBe(
      '2026-05-02',
    )
  })

  it('is never before the last entry of the log, whatever a clock says that was put back', async () => {
    const place = await filled([], { pairs: [], open: false })
    expect((await checkAll(place.location, { now: () => new Date('2025-12-30T12:00:00Z') })).asOf).toBe('2026-01-01')
  })
})
