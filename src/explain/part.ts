/** Where in a network a tensor stands, by its role: a hint for people to read by, never evidence. */
export interface Part {
  layer: number | null
  /** `q`, `k`, `v`, `o`, `gate`, `up`, `down`, `embedding`, `head`, `norm`, or the name's own word; null where it has none. */
  projection: string | null
}

/** Names of one projection in the families of models that are about (Llama, GPT-2, BERT, T5, ViT). */
const PROJECTIONS: readonly [RegExp, string][] = [
  [/(^|\.)(lm_head|output|classifier|score)$/, 'head'],
  [/(^|\.)(embed_tokens|wte|word_embeddings|token_embd|shared|tok_embeddings)$/, 'embedding'],
  [/norm|(^|\.)(ln_\w+|layer_?norm\w*|bn\d*)$/i, 'norm'],
  [/(^|\.)(q_proj|query|q|wq|attn_q|q_lin|to_q)$/, 'q'],
  [/(^|\.)(k_proj|key|k|wk|attn_k|k_lin|to_k)$/, 'k'],
  [/(^|\.)(v_proj|value|v|wv|attn_v|v_lin|to_v)$/, 'v'],
  [/(^|\.)(o_proj|out_proj|wo|attn_output|o|out_lin|attention\.output\.dense|attn\.c_proj|to_out(\.0)?)$/, 'o'],
  [/(^|\.)(gate_proj|w1|ffn_gate|wi_0)$/, 'gate'],
  [/(^|\.)(up_proj|w3|ffn_up|wi_1|wi|fc1|intermediate\.dense|mlp\.c_fc|lin1)$/, 'up'],
  [/(^|\.)(down_proj|w2|ffn_down|wo|fc2|output\.dense|mlp\.c_proj|lin2)$/, 'down'],
]

export function partOf(role: string): Part {
  const bare = role.replace(/\.(weight|bias|kernel|gamma|beta)$/i, '')
  const layer = /(?:^|\.)(?:layers?|h|blocks?|blk|block)[._](\d+)(?:\.|$)/i.exec(bare)?.[1]
  const known = PROJECTIONS.find(([pattern]) => pattern.test(bare))?.[1]
  const last = bare.split('.').findLast((word) => word !== '' && !/^\d+$/.test(word)) ?? null
  return { layer: layer === undefined ? null : Number(layer), projection: known ?? last }
}
