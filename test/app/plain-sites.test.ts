import fc from 'fast-check'
import { expect, it } from 'vitest'
import { currentSites, factsAt, type Sources, wholeOf } from '../../src/app/facts.ts'
import { graphOf } from '../../src/app/family-graph.ts'
import { sourcesFrom } from '../../src/app/gather.ts'
import type { Judge } from '../../src/app/judge.ts'
import { plainSites } from '../../src/app/plain-sites.ts'
import { type ModelRecords, nothingRecorded, type RecordedUse } from '../../src/app/recorded.ts'
import type { Actor } from '../../src/contract/actor.ts'
import type { Verdict } from '../../src/contract/check.ts'
import type { FactStatus } from '../../src/contract/trace.ts'
import { compiled, namesRead, valuesOf } from '../../src/govern/judge.ts'
import { PACKS } from '../../src/govern/packs/packs.ts'
import { auditOf } from '../builders/scenario.ts'

const AS_OF = '2027-12-10'
const models = ['a', 'b', 'c']
const sites = ['s0', 's1', 's2', 's3', 's4', 's5']
const bank: Actor = { kind: 'organisation', name: 'Bank' }
const maker: Actor = { kind: 'organisation', name: 'Maker' }

const status = fc.constantFrom<FactStatus>('attested', 'attested', 'declared', 'disputed')
const model = fc.constantFrom(...models)
const one = <T>(...values: T[]) => fc.constantFrom(...values)

/** Mostly what every use says, so that many are alike but for one thing. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: one(...others) })

const use = fc.record({
  model,
  site: one(...sites),
  actor: mostly<Actor | null>(maker, null, bank),
  role: mostly<string | null>('deployer', null, 'provider'),
  purpose: mostly<string | null>('credit scoring', null, 'customer service', 'something'),
  jurisdiction: mostly<string | null>('DE', null, 'US-NY New York City', 'US-TX', 'JP'),
  place: mostly<string | null>(null, '/srv'),
  at: mostly('2026-01-01', '2026-02-01'),
  status: mostly<FactStatus>('attested', 'declared', 'disputed'),
})

const claim = fc.record({
  model,
  site: one(null, ...sites),
  subject: one(
    'licence',
    'monitoring',
    'intended-purpose',
    'rebranded',
    'log-retention',
    'human-oversight',
    'conformity',
    'transparency',
    'feedback-loop',
    'audit-summary',
    'candidate-notice',
    'state-law',
  ),
  value: one('yes', 'no', '12 months', '1 month', 'chat', 'credit', 'apache-2.0', '14 days'),
  status,
})

const estate = fc.record({
  uses: fc.array(use, { minLength: 2, maxLength: 8 }),
  claims: fc.array(claim, { maxLength: 6 }),
  made: fc.array(model, { maxLength: 1 }),
  changed: fc.array(fc.record({ model, change: one('fine-tuned', 'converted'), isKnown: fc.boolean() }), {
    maxLength: 2,
  }),
  audited: fc.array(fc.record({ model, site: one(null, ...sites), status }), { maxLength: 2 }),
})

type Estate = typeof estate extends fc.Arbitrary<infer E> ? E : never

function records(): ModelRecords {
  return { claims: [], evaluations: [], incidents: [], measurements: [], custody: [], given: [] }
}

function sourcesOf({ uses, claims, made, changed, audited }: Estate): Sources {
  const recorded = nothingRecorded()
  const of = (id: string) => recorded.models.get(id)!
  for (const id of models) recorded.models.set(id, records())
  let statement = 0
  recorded.uses = uses.map(({ model, site, at, ...said }): RecordedUse => {
    const number = statement++
    const event = { kind: 'deployed' as const, site, models: [model], at, until: null, number }
    return { ...event, said: { ...said, role: said.role as 'deployer' | null, at, statement: number, approved: null } }
  })
  for (const { model, ...said } of claims)
    of(model).claims.push({ ...said, source: 'person', by: null, at: '2026-01-01', statement: statement++ })
  for (const id of made) of(id).custody.push(creation(statement++))
  for (const { model, site, status } of audited) {
    const measured = {
      at: '2027-06-01',
      site,
      models: [model],
      result: auditOf({ women: 0.7 }),
      status,
      statement: statement++,
    }
    of(model).measurements.push(measured)
    if (site !== null) recorded.measurements.set(site, [...(recorded.measurements.get(site) ?? []), measured])
  }
  const edges = changed.map(({ model, change, isKnown }) => ({
    ...{ parent: 'base', child: model, isKnown, changes: [change], status: 'inferred' as const, details: {} },
    since: '2026-01-01',
  }))
  const names = new Map([...models, 'base'].map((id) => [id, { name: id, parameters: 7e9 }]))
  return sourcesFrom(AS_OF, recorded, graphOf(edges as Parameters<typeof graphOf>[0]), names)
}

/** That the maker made it, as the log has it. */
function creation(number: number): ModelRecords['custody'][number] {
  const event = { recordedAt: '2026-01-01T00:00:00.000Z', at: '2026-01-01', note: null }
  const predicate = { ...event, event: 'created' as const, from: null, to: maker, place: null }
  return {
    number,
    time: event.recordedAt,
    signed: { payload: `${number}`, signatures: [] },
    statement: { kind: 'custody', subject: [], predicate: predicate as never },
    signatures: [{ keyid: 'key', result: 'good', actor: maker }],
  }
}

const { rules } = compiled(PACKS)
const names = namesRead(rules, 'site')
const judges: Judge[] = [{ verdicts: () => [], quick: () => null, rulesFor: () => rules }]

it('of sites that are taken for alike every fact that a rule reads has the same value', () => {
  fc.assert(
    fc.property(estate, (drawn) => {
      const sources = sourcesOf(drawn)
      const plain = plainSites(sources)
      for (const id of models) {
        const whole = wholeOf(sources, id)
        const verdictAt = plain.ofModel(whole, judges)
        for (const site of currentSites(whole)) {
          // what was judged is kept as it is: here all that rules would have gone by
          const values = valuesOf(factsAt(sources, whole, site.site), names)
          expect(verdictAt(site, () => values as Verdict)).toBe(values)
        }
      }
    }),
    { numRuns: 4_000 },
  )
})

it('the rules are asked once for two sites of which the same is known', () => {
  const said = { model: 'a', actor: bank, role: 'deployer', purpose: 'credit scoring', jurisdiction: 'DE' }
  const uses = sites.map((site) => ({ ...said, site, place: null, at: '2026-01-01', status: 'attested' as const }))
  const sources = sourcesOf({ uses, claims: [], made: [], changed: [], audited: [] })
  const whole = wholeOf(sources, 'a')
  const verdictAt = plainSites(sources).ofModel(whole, judges)
  let asked = 0
  for (const site of currentSites(whole))
    verdictAt(site, () => {
      asked++
      return 'meets'
    })
  expect(asked).toBe(1)
})
