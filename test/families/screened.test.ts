import { describe, expect, it } from 'vitest'
import { UNSCREENED } from '../../src/relate/candidates.ts'
import { printed } from '../builders/models.ts'
import { CASES } from './cases.ts'
import { outcomeOf } from './judge.ts'
import { anyNetwork } from './scenario.ts'

/** Of the three networks in turn; more than are compared without screening. */
const strangers = Object.fromEntries(
  Array.from({ length: UNSCREENED }, (_, i) => [`stranger ${i}`, printed(anyNetwork(30_000 + i))] as const),
)
const SEED = 11

/** Everything but the many ranks of one change, and adapters: those fit every stranger of their base's make. */
const shown = CASES.filter(
  ({ kind, size }) => kind !== 'adapter' && (kind !== 'adapter-merged' || /^r 8, 5 %/.test(size)),
)

describe('a change is named among more models than are compared each with each', () => {
  it.each(shown)('$kind, $size', ({ make }) => {
    const { models, truth } = make(SEED)
    const { found, ...outcome } = outcomeOf({ models: { ...strangers, ...models }, truth })
    expect(outcome, found).toMatchObject({ verdict: 'right' })
    expect(outcome.direction, found).not.toBe('wrong')
  })
})
