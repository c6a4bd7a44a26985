/** The seven numbers of a llama2.c header (karpathy/llama2.c, export.py). */
export interface Dimensions {
  width: number
  hidden: number
  layers: number
  heads: number
  keyHeads: number
  vocabulary: number
  sequence: number
  /** The output head is the token embedding. */
  shared: boolean
}

/** One array of the file: the same part of every layer, one after the other, or a part of the whole network. */
export interface Part {
  /** Hugging Face's name, with `{}` for the layer; the file has none. */
  name: string
  layers: number
  shape: number[]
  /** Heads whose rows stand in Meta's order. */
  heads?: number
  /** Norms stay f32 where matrices are quantised. */
  isNorm: boolean
}

/** Bounds that no model of the kind comes near; they keep the arithmetic on a header inside exact numbers. */
const MOST: Record<Exclude<keyof Dimensions, 'shared'>, number> = {
  width: 2 ** 17,
  hidden: 2 ** 20,
  layers: 2 ** 12,
  heads: 2 ** 12,
  keyHeads: 2 ** 12,
  vocabulary: 2 ** 22,
  sequence: 2 ** 22,
}

export function isPlausible(dimensions: Dimensions): boolean {
  const inBounds = Object.entries(MOST).every(([key, most]) => {
    const value = dimensions[key as keyof typeof MOST]
    return value > 0 && value <= most
  })
  const { width, heads, keyHeads } = dimensions
  return inBounds && width % (2 * heads) === 0 && heads % keyHeads === 0
}

/** Order of the arrays. Legacy files keep norms among the matrices; versions 1 and 2 put all norms first. */
export function partsOf(dimensions: Dimensions, layout: 'legacy' | 'norms-first'): Part[] {
  const { width, hidden, heads, keyHeads, vocabulary, sequence, shared } = dimensions
  const keys = (width / heads) * keyHeads
  const layer = (name: string, shape: number[], rotated?: number): Part => ({
    name: `model.layers.{}.${name}.weight`,
    layers: dimensions.layers,
    shape,
    isNorm: shape.length === 1,
    ...(rotated && { heads: rotated }),
  })
  const whole = (name: string, shape: number[]): Part => ({ name, layers: 1, shape, isNorm: shape.length === 1 })
  const embedding = whole('model.embed_tokens.weight', [vocabulary, width])
  const attentionNorm = layer('input_layernorm', [width])
  const attention = [
    layer('self_attn.q_proj', [width, width], heads),
    layer('self_attn.k_proj', [keys, width], keyHeads),
    layer('self_attn.v_proj', [keys, width]),
    layer('self_attn.o_proj', [width, width]),
  ]
  const feedForwardNorm = layer('post_attention_layernorm', [width])
  const feedForward = [
    layer('mlp.gate_proj', [hidden, width]),
    layer('mlp.down_proj', [width, hidden]),
    layer('mlp.up_proj', [hidden, width]),
  ]
  const norm = whole('model.norm.weight', [width])
  const head = shared ? [] : [whole('lm_head.weight', [vocabulary, width])]
  if (layout === 'norms-first')
    return [attentionNorm, feedForwardNorm, norm, embedding, ...attention, ...feedForward, ...head]
  const table = (name: string) => whole(name, [sequence, width / heads / 2])
  const tables = [table('freqs_cos'), table('freqs_sin')]
  return [embedding, attentionNorm, ...attention, feedForwardNorm, ...feedForward, norm, ...tables, ...head]
}

export function sizeOf({ shape }: Part): number {
  return shape.reduce((a, b) => a * b, 1)
}
