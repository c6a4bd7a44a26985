import type { OnnxValue } from './onnx-links.ts'
import type { OnnxTensor } from './onnx-model.ts'
import { narrowed, type Part, wholePart } from './onnx-part.ts'

const ROLES = ['.q', '.k', '.v']

/**
 * onnxruntime's Attention takes (in, q + k + v) and one bias: split by role, turned to (out, in). Null for any other
 * tensor, and where the sizes do not add up.
 */
export function attentionParts(value: OnnxValue, tensor: OnnxTensor): Part[] | null {
  const use = value.uses.find(({ node, input }) => isFused(node.op, input))
  const rank = use?.input === 1 ? 2 : 1
  if (use === undefined || tensor.dims.length !== rank) return null
  const columns = tensor.dims[rank - 1]!
  const sizes = use.node.attributes.get('qkv_hidden_sizes') ?? ROLES.map(() => columns / 3)
  const fits = sizes.length === 3 && sizes.every((size) => Number.isInteger(size) && size > 0)
  if (!fits || sizes.reduce((sum, size) => sum + size, 0) !== columns) return null
  const whole = wholePart(tensor.dims, rank === 2 ? [1, 0] : [0])
  let from = 0
  return sizes.map((size, index) => {
    const part = narrowed(whole, rank - 1, from, size, ROLES[index]!)
    from += size
    return part
  })
}

function isFused(op: string, input: number): boolean {
  return (op === 'Attention' || op === 'QAttention') && (input === 1 || input === 2)
}
