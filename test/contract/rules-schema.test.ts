import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { rulesFile } from '../../src/contract/rules.ts'

it('the form of rules is shipped as a JSON Schema that says the same', () => {
  const shipped = JSON.parse(readFileSync('schema/rules.schema.json', 'utf8'))
  expect(shipped).toEqual(
    JSON.parse(JSON.stringify({ ...z.toJSONSchema(rulesFile, { io: 'input' }), $id: 'yukue.rules/1' })),
  )
})
