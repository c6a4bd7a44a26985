import { expect, it } from 'vitest'
import { roleOf } from '../../src/identify/role.ts'

it.each([
  ['token_embd.weight', 'model.embed_tokens.weight'],
  ['output.weight', 'lm_head.weight'],
  ['output_norm.weight', 'model.norm.weight'],
  ['blk.0.attn_q.weight', 'model.layers.0.self_attn.q_proj.weight'],
  ['blk.11.attn_k.bias', 'model.layers.11.self_attn.k_proj.bias'],
  ['blk.3.attn_output.weight', 'model.layers.3.self_attn.o_proj.weight'],
  ['blk.3.ffn_norm.weight', 'model.layers.3.post_attention_layernorm.weight'],
  ['blk.3.ffn_down.weight', 'model.layers.3.mlp.down_proj.weight'],
  ['blk.3.ffn_down.7.weight', 'model.layers.3.mlp.experts.7.down_proj.weight'],
  ['blk.3.ffn_gate.7.weight', 'model.layers.3.block_sparse_moe.experts.7.w1.weight'],
  ['blk.3.ffn_gate_inp.weight', 'model.layers.3.block_sparse_moe.gate.weight'],
  ['blk.3.attn_v.weight', 'model.layers.3.self_attn.qkv_proj.weight.v'],
  ['blk.3.ffn_up.weight', 'model.layers.3.mlp.gate_up_proj.weight.up'],
  ['blk.3.ffn_up.5.weight', 'model.layers.3.mlp.experts.gate_up_proj.5.up'],
])('%s of a GGUF has the role of %s', (gguf, huggingFace) => {
  expect(roleOf(gguf)).toBe(roleOf(huggingFace))
})

it.each(['blk.0.ssm_in.weight', 'output.dense.weight', 'blk.x.attn_q.weight', 'blk.0.constructor.weight'])(
  '%s stays what it is called',
  (name) => {
    expect(roleOf(name)).toBe(name)
  },
)
