/**
 * GGUF's names for parts of a language model (llama.cpp, gguf-py/gguf/tensor_mapping.py), as Hugging Face's Llama has them; null for
 * other names. A mixture's experts are `mlp.experts.<n>`.
 */
export function ggufRole(name: string): string | null {
  const whole = /^(token_embd|token_embd_norm|output_norm|output)\.(weight|bias)$/.exec(name)
  if (whole) return `${WHOLE[whole[1] as keyof typeof WHOLE]}.${whole[2]}`
  const [, layer, part = '', expert, kind] = /^blk\.(\d+)\.([a-z_]+)(?:\.(\d+))?\.(weight|bias)$/.exec(name) ?? []
  if (layer === undefined || !Object.hasOwn(PARTS, part)) return null
  const role = PARTS[part]!
  const place = expert === undefined ? role : role.replace(/^mlp\./, `mlp.experts.${expert}.`)
  return `layers.${layer}.${place}.${kind}`
}

const WHOLE = {
  token_embd: 'embed_tokens',
  token_embd_norm: 'embed_norm',
  output_norm: 'norm',
  output: 'lm_head',
} as const

const PARTS: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_qkv: 'self_attn.qkv_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  attn_sinks: 'self_attn.sinks',
  ffn_norm: 'post_attention_layernorm',
  post_ffw_norm: 'post_feedforward_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
  ffn_gate_inp: 'mlp.gate',
  ffn_gate_shexp: 'mlp.shared_expert.gate_proj',
  ffn_up_shexp: 'mlp.shared_expert.up_proj',
  ffn_down_shexp: 'mlp.shared_expert.down_proj',
  ffn_gate_inp_shexp: 'mlp.shared_expert_gate',
}
