import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checked, estateOf, readScenario, type ScenarioCheck } from '../builders/scenario.ts'

const folder = new URL('scenarios/', import.meta.url)
const files = readdirSync(folder).sort()

/** What a check is expected to say, as what it said. */
function expected({ verdict, rules }: ScenarioCheck) {
  return {
    verdict,
    rules: Object.fromEntries(
      Object.entries(rules).map(([id, told]) => {
        const [verdict, reason] = typeof told === 'string' ? [told, ''] : told
        return [id, { verdict, reason: expect.stringContaining(reason) }]
      }),
    ),
  }
}

describe.each(files)('%s', (file) => {
  const told = readScenario(readFileSync(new URL(file, folder), 'utf8'))
  it(told.title, async () => {
    const location = await estateOf(told)
    for (const check of told.checks) {
      const report = await checked(told, check, location)
      const found = new Map(
        report.rules.flatMap(
          (rule) =>
            [
              [rule.id, rule],
              [`${rule.id} @ ${rule.site}`, rule],
            ] as const,
        ),
      )
      const rules = Object.fromEntries(
        Object.keys(check.rules).map((id) => {
          const rule = found.get(id)
          return [id, rule && { verdict: rule.verdict, reason: rule.reason }]
        }),
      )
      expect({ on: check.on, verdict: report.verdict, rules }).toEqual({ on: check.on, ...expected(check) })
    }
  })
})

it('there are forty scenarios at least', () => {
  expect(files.length).toBeGreaterThanOrEqual(40)
})
