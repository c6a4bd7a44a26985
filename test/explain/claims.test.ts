import { expect, it } from 'vitest'
import { goesBy } from '../../src/explain/claims.ts'

it.each([
  { base: 'org/base', names: ['/models/org/base'] },
  { base: 'Org/Base', names: ['org/base'] },
  { base: 'https://huggingface.co/org/base', names: ['org/base'] },
  { base: 'org/base', names: ['base'] },
  { base: '/home/someone/base/', names: ['base'] },
])('a model at $names goes by $base', ({ base, names }) => {
  expect(goesBy(base, names)).toBe(true)
})

it.each([
  { base: 'org/base', names: ['other/base'] },
  { base: 'org/base', names: ['/models/org/base-chat', 'base-chat'] },
  { base: 'base', names: ['database'] },
])('a model at $names does not go by $base', ({ base, names }) => {
  expect(goesBy(base, names)).toBe(false)
})
