import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..', '..', 'docs', 'decisions')
const records = readdirSync(folder).sort()

it('numbers the decisions without a gap', () => {
  expect(records.map((name) => Number(name.slice(0, 4)))).toEqual(records.map((_, index) => index + 1))
})

it.each(records)('tells context, decision and consequences in %s', (name) => {
  const headings = [...readFileSync(join(folder, name), 'utf8').matchAll(/^## (.+)$/gm)].map((match) => match[1])
  expect(headings).toEqual(['Context', 'Decision', 'Consequences'])
})
