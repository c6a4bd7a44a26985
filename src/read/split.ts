import { MAX_TENSORS } from './limits.ts'
import { rowMajorStrides, type StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { sideBySideWidth, splitFusedRows, splitSideBySide, splitThirds } from './split-attention.ts'
import { splitExperts, splitGateUp } from './split-feed-forward.ts'
import { type Named, transposed } from './split-parts.ts'
import { splitGates } from './split-recurrent.ts'

/**
 * How one kind of fused tensor comes apart. A name only selects the rule; shapes decide whether it holds, and where they
 * do not tell how the parts lie, the tensor stays whole: that can cost a match, a wrong cut could only invent one.
 */
interface SplitRule {
  kind: string
  reason: string
  pattern: RegExp
  /** Null where the rule does not hold. */
  split(tensor: StoredTensor, match: RegExpExecArray, named: Named): StoredTensor[] | null
}

/**
 * Not here, for the names do not tell: `query_key_value` (GPT-NeoX, BLOOM, Falcon) and `wqkv` (InternLM 2) interleave
 * their heads, whose number only the configuration knows.
 */
const RULES: readonly SplitRule[] = [
  {
    kind: 'recurrent gates',
    reason: 'nn.LSTM stacks its gates as rows i, f, g, o and nn.GRU r, z, n; ONNX and Keras keep them in other orders',
    pattern: /^(.*)(weight|bias)_(?:ih|hh)((?:_l\d+)?(?:_reverse)?)$/,
    split: splitGates,
  },
  {
    kind: 'torch attention',
    reason: 'nn.MultiheadAttention stacks q, k, v of equal size as rows',
    pattern: /in_proj_(?:weight|bias)$/,
    split: splitThirds,
  },
  {
    kind: 'attention by rows',
    reason:
      'Phi-3 (qkv_proj), MPT and ModernBERT (Wqkv) and timm (attn.qkv) stack q, k, v as rows; with grouped heads k and v are smaller, which the output projection tells. CodeGen, whose attn.qkv_proj is cut otherwise, does not say self_attn',
    pattern: /^(.*)(self_attn\.qkv_proj|Wqkv|(?<![^._])attn\.qkv)\.(weight|bias)$/,
    split: splitFusedRows,
  },
  {
    kind: 'GPT-2 attention',
    reason:
      'GPT-2 keeps linear layers as (in, out), q, k, v side by side in c_attn. An (out, in) c_attn is another model: GPT-BigCode interleaves heads, so it stays whole',
    pattern: /^(.*)attn\.c_attn\.(weight|bias)$/,
    split: splitSideBySide,
  },
  {
    kind: 'GPT-2 linear layers',
    reason:
      'the other layers of a GPT-2 block are (in, out), too; its c_attn tells, for nanoGPT uses the names as (out, in)',
    pattern: /^(.*\.|)(?:attn|crossattention|mlp)\.(?:c_fc|c_proj|q_attn)\.weight$/,
    split: (tensor, match, named) =>
      tensor.view.shape.length === 2 && sideBySideWidth(named, match[1] ?? '') !== null ? [transposed(tensor)] : null,
  },
  {
    kind: 'gate and up',
    reason: 'gated feed-forward layers (Phi-3, GLM-4) stack the gate above the up projection',
    pattern: /(?:^|\.)gate_up_proj\.(?:weight|bias)$/,
    split: splitGateUp,
  },
  {
    kind: 'experts',
    reason:
      'mixtures (Llama 4, Qwen3-VL, gpt-oss) stack their experts along axis 0, as (in, out) or (out, in), which the widths of both stacks tell. Where a gate_up_proj_bias is, gate and up alternate (gpt-oss): they stay together',
    pattern: /^(.*experts\.)(gate_up_proj|down_proj)$/,
    split: splitExperts,
  },
]

/**
 * Brings what PyTorch-style files fuse into one tensor a role, in canonical orientation, so that a model compares with its
 * conversions. Views and ranges change, no byte does. Throws `limit` for more parts than any model has tensors.
 */
export function splitByRole(path: string, tensors: readonly StoredTensor[]): StoredTensor[] {
  const named: Named = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const parts: StoredTensor[] = []
  for (const tensor of tensors) {
    for (const part of partsOf(tensor, named)) parts.push(part)
    if (parts.length > MAX_TENSORS)
      throw readError(path, 'limit', { what: 'tensors', value: String(parts.length), limit: String(MAX_TENSORS) })
  }
  return parts
}

function partsOf(tensor: StoredTensor, named: Named): StoredTensor[] {
  // packed rows share words or scales: they stay together, which can only cost a match
  if (tensor.quantisation?.kind === 'packed') return [tensor]
  // a PyTorch tensor can be a view with strides of its own; the cuts below are those of plain arrays
  if (!isPlainArray(tensor)) return [tensor]
  for (const rule of RULES) {
    const match = rule.pattern.exec(tensor.name)
    const parts = match === null ? null : rule.split(tensor, match, named)
    if (parts !== null) return parts
  }
  return [tensor]
}

function isPlainArray({ view, data }: StoredTensor): boolean {
  const plain = rowMajorStrides(view.shape)
  return (
    data.kind === 'ranges' &&
    data.ranges.length === 1 &&
    view.start === 0 &&
    view.strides.every((stride, axis) => stride === plain[axis])
  )
}
