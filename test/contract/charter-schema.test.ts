import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { charter } from '../../src/contract/charter.ts'

it('what a charter can say is shipped as a JSON Schema that says the same', () => {
  const { $id, title, ...shipped } = JSON.parse(readFileSync('schema/charter.schema.json', 'utf8'))
  expect(shipped).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(charter, { io: 'input' }))))
})
