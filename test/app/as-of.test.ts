import fc from 'fast-check'
import { expect, it } from 'vitest'
import { trace } from '../../src/app/trace.ts'
import { CommandError } from '../../src/contract/command-error.ts'
import { relation } from '../builders/estate.ts'
import { a, b, c, d, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

const models = [a, b, c, d]
const model = fc.constantFrom(...models)

/** Everything that changes what a trace says. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('scan' as const),
    found: fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'z'), model), {
      selector: ([path]) => path,
      maxLength: 3,
    }),
    names: fc.array(fc.constantFrom('chat', 'base', 'draft'), { minLength: 4, maxLength: 4 }),
    relations: fc.uniqueArray(fc.tuple(model, model), { selector: String, maxLength: 3 }),
    open: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('record' as const),
    event: fc.constantFrom('received', 'handed-over', 'deployed', 'retired', 'claimed', 'evaluated', 'incident'),
    model,
    site: fc.constantFrom('loans', 'desk'),
  }),
)

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function take(place: LedgerPlace, step: Step): Promise<void> {
  if (step.kind === 'scan') return scan(place, step)
  const details = { to: 'Bank', site: step.site, claims: ['base=chat'], suite: 'suite', text: 'text', at: place.time() }
  await place
    .record({ event: step.event as 'received', model: step.model, ...details })
    // a model that no scan has seen yet
    .catch((error) => {
      if (!(error instanceof CommandError)) throw error
    })
}

function scan(place: LedgerPlace, { found, names, relations, open }: Extract<Step, { kind: 'scan' }>): Promise<void> {
  const related = relations.filter(([child, parent]) => child !== parent)
  const direction = open ? ('undetermined' as const) : ('known' as const)
  const lineage = related.map(([child, parent]) => ({ ...relation(child, parent), direction }))
  return place.scan(Object.fromEntries(found.map(([path, id]) => [`/models/${path}`, id])), {
    models: models.map((id, at) => ({
      id,
      name: names[at]!,
      parameters: 1,
      tensors: 1,
      dtypes: {},
      quantisation: null,
      origin: 'scanned',
    })),
    lineage: { relations: lineage, lookAlikes: [] },
  })
}

/** What is told of every model, by id, by name and by path; a refusal is an answer too. */
async function answers(place: LedgerPlace, asOf: string | null): Promise<unknown[]> {
  const references = [...models, 'chat', 'draft', '/models/x']
  const told: unknown[] = []
  for (const reference of references) {
    const answer = await trace(reference, place.location, { asOf, holders: true }).catch((error) => {
      if (!(error instanceof CommandError)) throw error
      return error.fault
    })
    // what files declare is read as they stand now, and told for now only
    told.push({ ...answer, asOf: null, declarations: undefined })
  }
  return told
}

it('a trace as of a past time is the answer given then', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
      const place = await ledgerPlace()
      const given: { time: string; answers: unknown[] }[] = []
      for (const each of steps) {
        await take(place, each)
        given.push({ time: place.time(), answers: await answers(place, null) })
        place.step()
      }
      for (const { time, answers: then } of given) expect(await answers(place, time)).toEqual(then)
    }),
    { numRuns: 8 },
  )
})
