import { describe, expect, it } from 'vitest'
import { CASES } from './cases.ts'
import { outcomeOf } from './judge.ts'
import { strangersOf } from './strangers.ts'

/** The bench takes 200 seeds of everything; here one of each, and of the many ranks these. */
const RANKS = /^r (1|8|48), 5 %|decay|, all/
const SEED = 7

const shown = CASES.filter(({ kind, size }) => kind !== 'adapter-merged' || RANKS.test(size))
const kinds = [...new Set(shown.map(({ kind }) => kind))]

describe.each(kinds)('a generated family with a change of the kind %s', (kind) => {
  it.each(shown.filter((each) => each.kind === kind))('$size: is named with its parameter', ({ make }) => {
    const { found, ...outcome } = outcomeOf(make(SEED))
    expect(outcome, found).toMatchObject({ verdict: 'right' })
    expect(outcome.direction, found).not.toBe('wrong')
  })
})

describe.each(['language model', 'convolutional network', 'encoder'])('strangers of one %s', (name) => {
  const { pairs, related, share, error } = strangersOf(name, 12)

  it('are not related', () => {
    expect([pairs, related]).toEqual([66, 0])
  })

  it('have a small p no more often than chance', () => {
    expect(share).toBeLessThanOrEqual(0.05 + 2 * Math.max(error, Math.sqrt((0.05 * 0.95) / pairs)))
  })
})
