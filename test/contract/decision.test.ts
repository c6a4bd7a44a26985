import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { decisionRecord } from '../../src/contract/decision.ts'

it('the JSON Schema that is shipped is that of the record', () => {
  const shipped = JSON.parse(readFileSync('schema/decision.schema.json', 'utf8'))
  const { $id: _, title: __, ...schema } = shipped
  expect(schema).toEqual(z.toJSONSchema(decisionRecord))
})

it.each([
  { what: 'a probability of 1.7', change: { probability: 1.7 } },
  { what: 'a day in place of a time', change: { time: '2024-01-31' } },
  { what: 'no action', change: { action: '' } },
])('a record with $what is none', ({ change }) => {
  const record = { time: '2024-01-31T09:30:00Z', site: 'Kyoto', model: 'blake3:00', subject: 'ab', action: 'approved' }
  expect(decisionRecord.safeParse(record).success).toBe(true)
  expect(decisionRecord.safeParse({ ...record, ...change }).success).toBe(false)
})
