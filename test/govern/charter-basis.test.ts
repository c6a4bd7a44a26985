import fc from 'fast-check'
import { it } from 'vitest'
import { FACT_STATUSES } from '../../src/contract/trace.ts'
import { type Held, listFact } from '../../src/govern/charter-basis.ts'

const held: fc.Arbitrary<Held> = fc.record({
  outcome: fc.oneof(
    fc.constantFrom('agrees' as const, 'unknown' as const),
    fc.record({ against: fc.constantFrom('x', 'y') }),
  ),
  basis: fc.option(
    fc.record({
      status: fc.constantFrom(...FACT_STATUSES),
      statement: fc.option(fc.nat(9)),
      at: fc.constantFrom('2026-01-01', null),
    }),
  ),
})

/** As the rule over the fact would say. */
function verdict(all: readonly Held[]): 'meets' | 'departs' | 'undecided' {
  const { value } = listFact(all).fact
  return value === null ? 'undecided' : (value as string[]).length === 0 ? 'meets' : 'departs'
}

it('one thing more that is held against a charter never turns a verdict to meets', () => {
  fc.assert(
    fc.property(fc.array(held), held, (all, more) => {
      return verdict(all) === 'meets' || verdict([...all, more]) !== 'meets'
    }),
  )
})

it('a departure decides, whatever is not known beside it', () => {
  const against: Held = { outcome: { against: 'x' }, basis: null }
  fc.assert(fc.property(fc.array(held), (all) => verdict([...all, against]) === 'departs'))
})

it('what rests on a disputed statement is never met', () => {
  const disputed: Held = { outcome: 'agrees', basis: { status: 'disputed', statement: 1, at: null } }
  fc.assert(fc.property(fc.array(held), (all) => verdict([...all, disputed]) !== 'meets'))
})

it('the order of what is held changes nothing but the order of words', () => {
  fc.assert(fc.property(fc.array(held), (all) => verdict(all.toReversed()) === verdict(all)))
})
