import { expect, it } from 'vitest'
import { compiled } from '../../src/govern/judge.ts'
import { PACKS } from '../../src/govern/packs/packs.ts'

it('every expression of the packs fits the facts that there are', () => {
  expect(compiled(PACKS).faults).toEqual([])
})
