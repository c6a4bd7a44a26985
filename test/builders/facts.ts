import type { Fact, Facts, FactValue } from '../../src/govern/facts.ts'

/** Facts of a model (or, with a site, of it there) of which these and no others are known. */
export function factsOf(
  values: Readonly<Record<string, FactValue>>,
  site: string | null = null,
  asOf = '2028-01-01',
): Facts {
  const named = Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Fact] => [
      name,
      { value, status: 'attested', statements: [1] },
    ]),
  )
  return {
    subject: { model: 'blake3:a', name: 'chat', site },
    asOf,
    parameters: null,
    quantisation: null,
    ancestors: [],
    relatives: [],
    holders: [],
    hops: [],
    sites: [],
    claims: [],
    audits: [],
    evaluations: [],
    comparisons: [],
    incidents: [],
    presence: null,
    named,
  }
}
