import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/contract/check.ts'
import { FACT_DEFINITIONS } from '../../src/govern/definitions.ts'
import type { Fact, FactDefinition, Facts, FactValue } from '../../src/govern/facts.ts'
import { compiled, judge, overallVerdict } from '../../src/govern/judge.ts'
import { PACKS } from '../../src/govern/packs/packs.ts'
import type { Rule } from '../../src/govern/rule.ts'
import { factsOf } from '../builders/facts.ts'

const { rules } = compiled(PACKS)

function valueOfType({ type, name }: FactDefinition): fc.Arbitrary<FactValue> {
  switch (type) {
    case 'bool':
      return fc.boolean()
    case 'int':
      return fc.integer({ min: 0, max: 3 })
    case 'double':
      return fc.double({ min: 0, max: 20, noNaN: true })
    case 'list<string>':
      return fc.array(fc.constantFrom('fine-tuned', 'apache'), { maxLength: 2 })
    case 'string':
      return name === 'role'
        ? fc.constantFrom('deployer', 'provider')
        : fc.constantFrom('employment', 'credit', 'justice', 'conversation', 'other')
  }
}

const allFacts = fc
  .record(Object.fromEntries(FACT_DEFINITIONS.map((definition) => [definition.name, valueOfType(definition)])))
  .chain((values) =>
    fc.record({
      values: fc.constant(values),
      asOf: fc.constantFrom('2026-07-01', '2026-11-23', '2028-01-01'),
      site: fc.constantFrom(null, 'desk'),
    }),
  )
  .map(({ values, asOf, site }) => factsOf(values, site, asOf))

const RANK: Record<Verdict, number> = { meets: 0, undecided: 1, departs: 2 }
const someNames = fc.subarray(FACT_DEFINITIONS.map(({ name }) => name))

function without(facts: Facts, names: readonly string[], make: (fact: Fact) => Fact): Facts {
  const named = Object.entries(facts.named).map(([name, fact]) => [name, names.includes(name) ? make(fact) : fact])
  return { ...facts, named: Object.fromEntries(named) }
}

const forgotten = (): Fact => ({ value: null, status: null, statements: [] })
const disputed = (fact: Fact): Fact => ({ ...fact, status: 'disputed' })

describe.each([
  ['removed', forgotten],
  ['disputed', disputed],
])('with facts %s', (_, make) => {
  it('no verdict turns to meets, and none turns from meets to departs', () => {
    fc.assert(
      fc.property(allFacts, someNames, (facts, names) => {
        const before = judge(facts, rules)
        const after = judge(without(facts, names, make), rules)
        before.forEach(({ verdict }, at) => {
          const now = after[at]!.verdict
          expect(now === verdict || now === 'undecided').toBe(true)
        })
        expect(RANK[overallVerdict(after)] > 0 || overallVerdict(before) === 'meets').toBe(true)
      }),
    )
  })
})

it('a further departure never turns the overall verdict to meets', () => {
  fc.assert(
    fc.property(allFacts, (facts) => {
      const verdicts = judge(facts, rules)
      expect(overallVerdict([...verdicts, { verdict: 'departs' }])).toBe('departs')
      expect(RANK[overallVerdict([...verdicts, { verdict: 'undecided' }])]).toBeGreaterThan(0)
    }),
  )
})

it('the order of rules and of facts makes no difference', () => {
  const shuffled = fc.tuple(allFacts, fc.shuffledSubarray([...rules], { minLength: rules.length }), fc.gen())
  fc.assert(
    fc.property(shuffled, ([facts, order, gen]) => {
      const names = Object.entries(facts.named)
      const turned = gen(() => fc.shuffledSubarray(names, { minLength: names.length }))
      expect(judge({ ...facts, named: Object.fromEntries(turned) }, order)).toEqual(judge(facts, rules))
    }),
  )
})

const TEXT = { en: 'text', ja: '文' }
function ruleThat(requires: string, applies = 'true'): Rule {
  const reasons = { meets: TEXT, departs: TEXT, undecided: TEXT }
  return {
    id: 'own/rule',
    scope: 'model',
    source: 'test',
    from: null,
    until: null,
    applies,
    requires,
    title: TEXT,
    reasons,
    todo: TEXT,
  }
}

function toldBy(rule: Rule, values: Record<string, FactValue>) {
  const { rules, faults } = compiled([{ name: 'own', title: TEXT, rules: [rule] }])
  expect(faults).toEqual([])
  return judge(factsOf(values), rules)[0]!
}

it('a rule that throws is undecided, and says why', () => {
  const verdict = toldBy(ruleThat('10 / openIncidents > 1'), { openIncidents: 0 })
  expect(verdict).toMatchObject({ verdict: 'undecided', reason: expect.stringContaining('division by zero') })
})

it('what is known decides where the other side of an "or" is not', () => {
  expect(toldBy(ruleThat('ablated || openIncidents == 0'), { openIncidents: 0 }).verdict).toBe('meets')
})

it('a rule that may not apply and is not met is undecided', () => {
  expect(toldBy(ruleThat('openIncidents == 0', 'isDerived'), { openIncidents: 1 }).verdict).toBe('undecided')
})

it('a value of another type than was declared is not known', () => {
  expect(toldBy(ruleThat('openIncidents == 0'), { openIncidents: 0.5 }).verdict).toBe('undecided')
})

it.each([
  ['no such name', 'nonsense > 1'],
  ['no truth', 'openIncidents + 1'],
  ['types that do not fit', 'name > openIncidents'],
  ['a question whether a name is known', 'has(name.first)'],
  ['a fact of sites in a rule of models', 'inUnion'],
])('a rule with %s is refused when it is loaded', (_, requires) => {
  expect(compiled([{ name: 'own', title: TEXT, rules: [ruleThat(requires)] }]).faults).toHaveLength(1)
})

it('the names of every object are no facts', () => {
  expect(compiled([{ name: 'own', title: TEXT, rules: [ruleThat('constructor')] }]).faults).toHaveLength(1)
})
