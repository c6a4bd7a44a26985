import { describe, expect, it } from 'vitest'
import { configurationRelations } from '../../src/relate/configuration.ts'

const ID = `blake3:${'a'.repeat(64)}`

function place(path: string, files: Record<string, string>) {
  return { path, sideFiles: Object.entries(files).map(([role, sha256]) => ({ role, sha256 })) }
}

describe('a model in two places', () => {
  it('with another chat template beside it has its configuration changed', () => {
    const artifacts = [
      place('a', { 'chat-template': '1', tokenizer: '2' }),
      place('b', { 'chat-template': '9', tokenizer: '2' }),
    ]
    expect(configurationRelations([{ id: ID, artifacts }])).toMatchObject([
      {
        child: ID,
        parents: [{ id: ID }],
        changes: ['configuration-changed'],
        status: 'verified',
        details: { which: ['chat-template'], artifacts: ['a', 'b'] },
      },
    ])
  })

  it('without its files in one of them has not', () => {
    const artifacts = [place('a', { tokenizer: '2' }), place('b', {})]
    expect(configurationRelations([{ id: ID, artifacts }])).toEqual([])
  })

  it('with another card has not', () => {
    const artifacts = [place('a', { card: '1' }), place('b', { card: '2' })]
    expect(configurationRelations([{ id: ID, artifacts }])).toEqual([])
  })
})
