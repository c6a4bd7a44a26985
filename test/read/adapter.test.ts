import { describe, expect, it } from 'vitest'
import type { Adapter } from '../../src/read/model-file.ts'
import { readSafetensors } from '../../src/read/safetensors.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { type SafetensorsTensor, safetensors } from '../builders/safetensors.ts'

interface Given {
  name?: string
  config?: unknown
  metadata?: Record<string, string>
}

function adapterIn(tensors: Record<string, SafetensorsTensor>, given: Given = {}): Adapter | undefined {
  const { name = 'adapter_model.safetensors', config, metadata } = given
  const files = config === undefined ? {} : { 'adapter_config.json': new TextEncoder().encode(JSON.stringify(config)) }
  return readSafetensors(memorySource(name, safetensors(tensors, metadata)), memorySiblings(files)).adapter
}

const LAYER = 'base_model.model.model.layers.0.self_attn'
const PEFT = {
  [`${LAYER}.q_proj.lora_A.weight`]: { shape: [8, 64] },
  [`${LAYER}.q_proj.lora_B.weight`]: { shape: [64, 8] },
  [`${LAYER}.v_proj.lora_A.weight`]: { shape: [8, 64] },
  [`${LAYER}.v_proj.lora_B.weight`]: { shape: [32, 8] },
}

const KOHYA = {
  lora_unet_down_blocks_0_attentions_1_transformer_blocks_0_attn1_to_q: 4,
  lora_te_text_model_encoder_layers_3_mlp_fc1: 4,
}
const kohya = Object.fromEntries(
  Object.entries(KOHYA).flatMap(([layer, rank]): [string, SafetensorsTensor][] => [
    [`${layer}.lora_down.weight`, { shape: [rank, 32] }],
    [`${layer}.lora_up.weight`, { shape: [32, rank] }],
    [`${layer}.alpha`, { shape: [], values: [2] }],
  ]),
)

describe('an adapter', () => {
  it('is told by its tensors, rank and targets with it', () => {
    expect(adapterIn(PEFT, { name: 'weights.safetensors' })).toEqual({
      rank: 8,
      alpha: null,
      targets: ['q_proj', 'v_proj'],
      declaredBase: null,
    })
  })

  it('takes alpha and the base it declares from the configuration beside it', () => {
    const config = { base_model_name_or_path: 'org/base', lora_alpha: 16, r: 99, peft_type: 'LORA' }
    expect(adapterIn(PEFT, { config })).toMatchObject({ rank: 8, alpha: 16, declaredBase: 'org/base' })
  })

  it('may bring whole layers along when the file is named as one', () => {
    expect(adapterIn({ ...PEFT, 'base_model.model.score.weight': { shape: [2, 64] } })?.rank).toBe(8)
  })

  it('is not seen in a model that has low-rank tensors among others', () => {
    const tensors = { ...PEFT, 'model.embed.weight': { shape: [100, 64] } }
    expect(adapterIn(tensors, { name: 'model.safetensors' })).toBeUndefined()
  })

  it('of kohya’s scripts tells alpha in its tensors and its base in its metadata', () => {
    const metadata = { ss_sd_model_name: 'v1-5.safetensors' }
    expect(adapterIn(kohya, { name: 'style.safetensors', metadata })).toEqual({
      rank: 4,
      alpha: 2,
      targets: ['attn1_to_q', 'mlp_fc1'],
      declaredBase: 'v1-5.safetensors',
    })
  })

  it('may have the lengths of DoRA and factors of embeddings', () => {
    const tensors = {
      [`${LAYER}.q_proj.lora_A.weight`]: { shape: [4, 64] },
      [`${LAYER}.q_proj.lora_B.weight`]: { shape: [64, 4] },
      [`${LAYER}.q_proj.lora_magnitude_vector`]: { shape: [64] },
      'base_model.model.embed_tokens.lora_embedding_A': { shape: [4, 100] },
      'base_model.model.embed_tokens.lora_embedding_B': { shape: [64, 4] },
    }
    expect(adapterIn(tensors, { name: 'x.safetensors' })?.targets).toEqual(['embed_tokens', 'q_proj'])
  })

  it('keeps its factors as they are stored', () => {
    const file = readSafetensors(memorySource('a', safetensors(PEFT)), memorySiblings({}))
    expect(file.tensors.map(({ view }) => view.shape)).toEqual(Object.values(PEFT).map(({ shape }) => shape))
  })

  it('with a configuration that is no JSON declares nothing', () => {
    const files = { 'adapter_config.json': Uint8Array.from([1]) }
    const { adapter } = readSafetensors(memorySource('a', safetensors(PEFT)), memorySiblings(files))
    expect(adapter?.declaredBase).toBeNull()
  })
})
