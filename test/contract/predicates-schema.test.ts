import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { predicates } from '../../src/contract/predicates.ts'

it('what a statement can say is shipped as JSON Schemas that say the same', () => {
  const shipped = JSON.parse(readFileSync('schema/predicates.schema.json', 'utf8'))
  const made = Object.fromEntries(Object.entries(predicates).map(([kind, schema]) => [kind, z.toJSONSchema(schema)]))
  expect(shipped).toEqual(JSON.parse(JSON.stringify(made)))
})
