import { countOf, type Metadata, textOf } from './gguf-metadata.ts'

/** What a GGUF header says of the network that decides how its tensors come apart. Null: not said. */
export interface Architecture {
  name: string
  /** Whether the converter changed the order of the rows of q and k. */
  permutes: boolean
  /** Heads of q, and of k and v, by layer. */
  heads(layer: number): number | null
  headsOfKeys(layer: number): number | null
  /** Elements of one head of q and k, and of v. */
  keyLength(layer: number): number | null
  valueLength(layer: number): number | null
  feedForward(layer: number): number | null
}

/**
 * Architectures for which llama.cpp's converter (convert_hf_to_gguf.py, `permute`, `undo_permute`) reorders the rows of
 * attn_q and attn_k: ggml rotates neighbouring elements of a head (2i, 2i + 1), Hugging Face the halves (i, i + n/2). Files of
 * these architectures that were written from Meta's or Mistral's own checkpoints, which have ggml's order, are in the same order,
 * so reading all of them back gives Hugging Face's. `llama` stands for Mistral, Mixtral, InternLM 3 and more besides.
 */
const PERMUTING = new Set([
  'llama',
  'llama-embed',
  'mistral3',
  'deci',
  'smollm3',
  'arcee',
  'granite',
  'granitemoe',
  'granitehybrid',
  'internlm2',
  'minicpm',
  'baichuan',
  'xverse',
  'olmo',
  'arctic',
  'deepseek',
  'bailingmoe',
  'chameleon',
  'llada',
  'nanbeige',
])

export function architectureOf(metadata: Metadata): Architecture {
  const name = textOf(metadata, 'general.architecture') ?? ''
  const perLayer = (key: string) => (layer: number) => {
    const value = metadata.get(`${name}.${key}`)
    const count = Array.isArray(value) ? value[layer] : value
    return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : null
  }
  const heads = perLayer('attention.head_count')
  // a model without grouped heads may leave their number out
  const grouped = perLayer('attention.head_count_kv')
  const width = countOf(metadata, `${name}.embedding_length`)
  const perHead = (layer: number) => {
    const count = heads(layer)
    return width !== null && count !== null && width % count === 0 ? width / count : null
  }
  const keyLength = perLayer('attention.key_length')
  const valueLength = perLayer('attention.value_length')
  return {
    name,
    permutes: PERMUTING.has(name),
    heads,
    headsOfKeys: (layer) => grouped(layer) ?? heads(layer),
    keyLength: (layer) => keyLength(layer) ?? perHead(layer),
    valueLength: (layer) => valueLength(layer) ?? perHead(layer),
    feedForward: perLayer('feed_forward_length'),
  }
}
