import type { StoredTensor } from './model-file.ts'
import { type Named, splitColumns, splitRows } from './split-parts.ts'

const PARTS = ['q', 'k', 'v']

/** Where the output projection stands that belongs to a fused tensor of this name. */
const OUTPUT: Readonly<Record<string, readonly string[]>> = {
  'self_attn.qkv_proj': ['self_attn.o_proj'],
  Wqkv: ['out_proj', 'Wo'],
  'attn.qkv': ['attn.proj'],
}

/** q, k, v of equal size above one another: a bias of 3 · n, or a weight of (3 · n, n). */
export function splitThirds(tensor: StoredTensor): StoredTensor[] | null {
  const [rows = 0, columns] = tensor.view.shape
  const size = rows / 3
  const isFused = tensor.view.shape.length <= 2 && size > 0 && Number.isInteger(size)
  return isFused && (columns ?? size) === size ? splitRows(tensor, [size, size, size], PARTS) : null
}

/** `match`: prefix, the fused layer's name, `weight` or `bias`. */
export function splitFusedRows(tensor: StoredTensor, match: RegExpExecArray, named: Named): StoredTensor[] | null {
  const [, prefix = '', layer = ''] = match
  const weight = named.get(`${prefix}${layer}.weight`)?.view.shape
  if (weight?.length !== 2 || tensor.view.shape[0] !== weight[0]) return null
  const outputs = OUTPUT[layer]!.map((name) => named.get(`${prefix}${name}.weight`)?.view.shape)
  const sizes = fusedSizes(
    weight[0]!,
    weight[1]!,
    outputs.find((shape) => shape?.length === 2),
  )
  return sizes === null ? null : splitRows(tensor, sizes, PARTS)
}

/** Rows of q, k and v. The output projection is (width, rows of q); without one only equal thirds of the width are sure. */
function fusedSizes(rows: number, width: number, output: readonly number[] | undefined): number[] | null {
  if (output === undefined) return rows === 3 * width && width > 0 ? [width, width, width] : null
  const query = output[1]!
  const key = (rows - query) / 2
  const isGrouped = Number.isInteger(key) && key > 0 && query % key === 0
  return output[0] === width && isGrouped ? [query, key, key] : null
}

/** `match`: prefix, `weight` or `bias`. */
export function splitSideBySide(tensor: StoredTensor, match: RegExpExecArray, named: Named): StoredTensor[] | null {
  const width = sideBySideWidth(named, match[1] ?? '')
  if (width === null || tensor.view.shape.at(-1) !== 3 * width) return null
  const sizes = [width, width, width]
  return match[2] === 'bias' ? splitRows(tensor, sizes, PARTS) : splitColumns(tensor, sizes, PARTS)
}

/** GPT-2's width, if the block whose names begin with `prefix` has a c_attn of (width, 3 · width). */
export function sideBySideWidth(named: Named, prefix: string): number | null {
  const shape = named.get(`${prefix}attn.c_attn.weight`)?.view.shape
  return shape?.length === 2 && shape[0]! > 0 && shape[1] === 3 * shape[0]! ? shape[0]! : null
}
