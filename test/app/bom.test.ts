import { join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { describe, expect, it } from 'vitest'
import { bomOf, importBom } from '../../src/app/bom.ts'
import { cardSnippet, importCard } from '../../src/app/card.ts'
import { record } from '../../src/app/record.ts'
import { trace } from '../../src/app/trace.ts'
import { CommandError } from '../../src/contract/command-error.ts'
import { locationOf } from '../builders/estate.ts'
import { folder } from '../builders/folder.ts'
import { scanned } from '../builders/scan.ts'
import { weights } from '../builders/weights.ts'

async function family() {
  const root = folder({ 'base.safetensors': weights(1), 'half.safetensors': weights(1, { type: 'f16' }) })
  const estate = await locationOf(join(root, '.yukue'))
  await scanned([root], { estate })
  return estate
}

const claimsOf = async (estate: string) =>
  (await trace('half', estate)).claims.map(({ subject, value, status, source }) => [subject, value, status, source])

describe('a bill of materials', () => {
  it('is valid under the official CycloneDX 1.7 schema', async () => {
    const estate = await family()
    await record({ event: 'evaluated', model: 'half', suite: 'arc', metrics: ['accuracy=0.5'] }, estate)
    await record({ event: 'claimed', model: 'half', claims: ['licence=apache-2.0', 'base=base'] }, estate)
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot7)
    expect(await validator.validate(JSON.stringify(await bomOf('half', estate)))).toBeNull()
  })

  it('lists the measured ancestors with their status', async () => {
    const bom = await bomOf('half', await family())
    expect(bom).toMatchObject({
      metadata: {
        component: {
          type: 'machine-learning-model',
          hashes: [{ alg: 'SHA-256' }],
          pedigree: {
            ancestors: [
              {
                name: 'base',
                properties: expect.arrayContaining([
                  { name: 'yukue:relation:status', value: 'inferred' },
                  { name: 'yukue:relation:changes', value: 'converted-lossy' },
                ]),
              },
            ],
          },
        },
      },
    })
  })

  it('that someone else wrote is held against the weights', async () => {
    const estate = await family()
    const component = {
      type: 'machine-learning-model',
      name: 'half',
      licenses: [{ license: { id: 'MIT' } }],
      pedigree: { ancestors: [{ type: 'machine-learning-model', group: 'org', name: 'base' }] },
    }
    const text = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [component] })
    await importBom({ path: 'half.cdx.json', text }, 'half', estate)
    expect(await claimsOf(estate)).toEqual([
      ['name', 'half', 'attested', 'metadata'],
      ['licence', 'MIT', 'attested', 'metadata'],
      ['base', 'org/base', 'verified', 'metadata'],
    ])
  })

  it('without a model in it is refused', async () => {
    const text = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.7', components: [] })
    expect(() => importBom({ path: 'x.json', text }, 'half', '')).toThrow(
      new CommandError({ code: 'bad-given-file', path: 'x.json', what: 'bom' }),
    )
  })
})

describe('a model card', () => {
  it('has its declarations entered as claims of a card', async () => {
    const estate = await family()
    const text = '---\nlicense: mit\nbase_model:\n- org/base\nbase_model_relation: quantized\n---\n# Half\n'
    await importCard({ path: 'README.md', text }, 'half', estate)
    expect(await claimsOf(estate)).toEqual([
      ['base', 'org/base', 'verified', 'card'],
      ['licence', 'mit', 'attested', 'card'],
      ['other', 'base_model_relation: quantized', 'attested', 'card'],
    ])
  })

  it('is given the measured lineage to paste, which reads back as declared', async () => {
    const estate = await family()
    const snippet = await cardSnippet('half', estate)
    await importCard({ path: 'README.md', text: `${snippet}# Half\n` }, 'half', estate)
    expect([snippet, await claimsOf(estate)]).toEqual([
      expect.stringContaining('status: inferred'),
      [['base', 'base', 'verified', 'card']],
    ])
  })

  it.each(['# no header', '---\n- a list\n---\n', '---\nkey: [unclosed\n---\n'])(
    'that is none is refused: %j',
    (text) => {
      expect(() => importCard({ path: 'README.md', text }, 'half', '')).toThrow(CommandError)
    },
  )
})
