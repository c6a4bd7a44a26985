import fc from 'fast-check'
import { expect, it } from 'vitest'
import { catalogueOf, folded } from '../../../src/app/live/catalogue.ts'
import type { Chronicle } from '../../../src/app/live/chronicle.ts'
import type { Estate } from '../../../src/store/estate.ts'

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'Ａ', 'モ', 'デ', '/', '-'), maxLength: 6 })

it('finds every model whose name or path holds the words, in order, and no other', async () => {
  const models = fc.array(fc.record({ name: letters, paths: fc.array(letters, { maxLength: 2 }) }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      models,
      letters.filter((text) => text.trim() !== ''),
      async (listed, query) => {
        const all = listed.map((model, at) => ({ id: `blake3:${String(at).padStart(64, '0')}`, ...model }))
        const estate = { listedModels: async () => all } as unknown as Estate
        const catalogue = await catalogueOf(estate)({ scanned: 1 } as Chronicle)
        const expected = catalogue.models.filter(({ text }) => text.includes(folded(query)))
        expect(catalogue.matching(query)).toEqual(expected)
        expect(catalogue.models).toHaveLength(all.length)
      },
    ),
  )
})
