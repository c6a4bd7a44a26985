import type { Architecture } from './gguf-attention.ts'
import { MAX_TENSORS } from './limits.ts'
import { ELEMENT_BITS, type Finding, plainView, type StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { halvesOfHeads } from './rotary-order.ts'

/** The tensors as the network has them: one a role, rows in Hugging Face's order. */
export interface Parts {
  tensors: StoredTensor[]
  findings: Finding[]
}

/**
 * Undoes what converters to GGUF do: rows of q and k reordered, experts stacked, and what they leave as it was: q, k, v or
 * gate and up in one tensor. Parts take the names that GGUF has for them when they stand alone (`blk.0.ffn_gate.3.weight`: expert
 * 3). Views and ranges change, no byte does. Throws `limit` for more parts than any model has tensors.
 */
export function partsOf(path: string, tensors: readonly StoredTensor[], architecture: Architecture): Parts {
  const names = new Set(tensors.map((tensor) => tensor.name))
  const parts: StoredTensor[] = []
  for (const tensor of tensors) {
    for (const part of split(tensor, architecture, names)) parts.push(part)
    if (parts.length > MAX_TENSORS)
      throw readError(path, 'limit', { what: 'tensors', value: String(parts.length), limit: String(MAX_TENSORS) })
  }
  if (!architecture.permutes) return { tensors: parts, findings: [] }
  const reordered = parts.map((tensor) => reorder(tensor, architecture))
  const unknown = reordered.filter((tensor) => tensor === null).length
  return {
    tensors: reordered.map((tensor, index) => tensor ?? parts[index]!),
    findings: unknown === 0 ? [] : [unknownOrder(unknown, architecture)],
  }
}

/** `blk.<layer>.<name>.<weight or bias>` */
const LAYER_TENSOR = /^blk\.(\d{1,6})\.([a-z_]+)\.(weight|bias)$/

function split(tensor: StoredTensor, architecture: Architecture, names: ReadonlySet<string>): StoredTensor[] {
  const [, layer = '', name = '', kind = ''] = LAYER_TENSOR.exec(tensor.name) ?? []
  const called = (part: string) => `blk.${layer}.${part}.${kind}`
  if (name === 'attn_qkv') return rowParts(tensor, attentionSizes(architecture, Number(layer)), ATTENTION.map(called))
  if (name === 'ffn_up' && !names.has(`blk.${layer}.ffn_gate.weight`)) {
    // GLM-4, Phi-3: the gate above the up projection
    const size = architecture.feedForward(Number(layer))
    return rowParts(tensor, size === null ? null : [size, size], GATE_UP.map(called))
  }
  const experts = /^(ffn_(?:gate|up|down))_exps$/.exec(name)
  if (experts)
    return entriesOf(tensor, kind).map((entry, index) => ({ ...entry, name: called(`${experts[1]}.${index}`) }))
  if (name !== 'ffn_gate_up_exps') return [tensor]
  return entriesOf(tensor, kind).flatMap((entry, index) => {
    const half = entry.view.shape[0]! / 2
    return rowParts(
      entry,
      [half, half],
      GATE_UP.map((part) => called(`${part}.${index}`)),
    )
  })
}

const ATTENTION = ['attn_q', 'attn_k', 'attn_v']
const GATE_UP = ['ffn_gate', 'ffn_up']

function attentionSizes(architecture: Architecture, layer: number): number[] | null {
  const [heads, grouped] = [architecture.heads(layer), architecture.headsOfKeys(layer)]
  const [key, value] = [architecture.keyLength(layer), architecture.valueLength(layer)]
  if (heads === null || grouped === null || key === null || value === null) return null
  return [heads * key, grouped * key, grouped * value]
}

/** The tensor whole where the sizes are unknown or do not add up to its rows: a wrong cut could only invent a match. */
function rowParts(tensor: StoredTensor, sizes: readonly number[] | null, names: readonly string[]): StoredTensor[] {
  const [rows = 0, ...rest] = tensor.view.shape
  if (sizes === null || rest.length > 1) return [tensor]
  if (!sizes.every(Number.isInteger) || sizes.reduce((a, b) => a + b, 0) !== rows) return [tensor]
  let row = 0
  return sizes.map((size, index) => {
    const part = piece(tensor, row * (rest[0] ?? 1), [size, ...rest], names[index]!)
    row += size
    return part
  })
}

/** What stands along the first axis of a stack of matrices, or of biases. */
function entriesOf(tensor: StoredTensor, kind: string): StoredTensor[] {
  const [count = 0, ...rest] = tensor.view.shape
  if (rest.length !== (kind === 'weight' ? 2 : 1) || count > MAX_TENSORS) return [tensor]
  const size = rest.reduce((a, b) => a * b, 1)
  return Array.from({ length: count }, (_, index) => piece(tensor, index * size, rest, tensor.name))
}

/** So many elements from element `first` on, which begin and end with a block. */
function piece(tensor: StoredTensor, first: number, shape: number[], name: string): StoredTensor {
  if (tensor.data.kind !== 'ranges') throw new TypeError(`${tensor.name} does not lie in a file`)
  const { file, offset } = tensor.data.ranges[0]!
  const count = shape.reduce((a, b) => a * b, 1)
  const range = { file, offset: offset + bytesOf(tensor, first), length: bytesOf(tensor, count) }
  return { ...tensor, name, view: plainView(shape), data: { kind: 'ranges', ranges: [range] } }
}

function bytesOf({ element, quantisation }: StoredTensor, elements: number): number {
  if (quantisation?.kind === 'blocks') return (elements / quantisation.blockElements) * quantisation.blockBytes
  return (elements * ELEMENT_BITS[element]) / 8
}

/** Null where the order of the rows cannot be known. */
function reorder(tensor: StoredTensor, architecture: Architecture): StoredTensor | null {
  const [, layer, name] = LAYER_TENSOR.exec(tensor.name) ?? []
  if (name !== 'attn_q' && name !== 'attn_k') return tensor
  const heads = name === 'attn_q' ? architecture.heads(Number(layer)) : architecture.headsOfKeys(Number(layer))
  const view = heads === null ? null : halvesOfHeads(tensor.view, heads)
  return view && { ...tensor, view }
}

function unknownOrder(count: number, { name }: Architecture): Finding {
  return {
    code: 'unknown-row-order',
    severity: 'low',
    message: `the numbers of heads do not tell how the rows of ${count} attention tensors (${name}) were reordered: left as stored`,
  }
}
