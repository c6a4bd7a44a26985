import { describe, expect, it } from 'vitest'
import { isIdentity, layerMap } from '../../src/explain/layers.ts'
import { partOf } from '../../src/explain/part.ts'

it.each([
  ['layers.3.self_attn.q_proj.weight', 3, 'q'],
  ['layers.0.mlp.down_proj.weight', 0, 'down'],
  ['h.11.attn.c_proj.weight', 11, 'o'],
  ['h.11.mlp.c_proj.weight', 11, 'down'],
  ['encoder.layer.4.attention.self.query.weight', 4, 'q'],
  ['encoder.layer.4.attention.output.dense.weight', 4, 'o'],
  ['encoder.layer.4.output.dense.weight', 4, 'down'],
  ['embed_tokens.weight', null, 'embedding'],
  ['lm_head.weight', null, 'head'],
  ['layers.2.input_layernorm.weight', 2, 'norm'],
  ['blocks.5.depthwise.weight', 5, 'depthwise'],
  ['1.2.3', null, null],
])('%s stands in layer %s as %s', (role, layer, projection) => {
  expect(partOf(role)).toEqual({ layer, projection })
})

describe('a map of layers', () => {
  const pair = (from: number, to: number, elements = 1) => ({
    parentRole: `layers.${from}.x.weight`,
    childRole: `layers.${to}.x.weight`,
    elements,
  })
  const roles = (count: number) => Array.from({ length: count }, (_, layer) => `layers.${layer}.x.weight`)

  it('follows most of the elements', () => {
    expect(layerMap([pair(0, 0, 5), pair(1, 0, 9), pair(1, 1)], roles(2))).toEqual([1, 1])
  })

  it('has nothing for a layer that nothing was matched with', () => {
    expect(layerMap([pair(0, 0)], roles(2))).toEqual([0, null])
  })

  it('is none for names without layers', () => {
    expect(layerMap([], ['a.weight'])).toBeNull()
  })

  it('is none where a name claims more layers than there are tensors', () => {
    expect(layerMap([], ['layers.99999999.x.weight'])).toBeNull()
  })

  it('is the identity only over as many layers', () => {
    expect([isIdentity([0, 1], roles(2)), isIdentity([0, 1], roles(3)), isIdentity([1, 0], roles(2))]).toEqual([
      true,
      false,
      false,
    ])
  })
})
