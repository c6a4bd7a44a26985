import type { StoredTensor } from './model-file.ts'
import { type Named, splitRows } from './split-parts.ts'

/** Gates by how many there are, in PyTorch's order. A plain nn.RNN has one and stays as it is. */
const GATES: Readonly<Record<number, readonly string[]>> = { 3: ['r', 'z', 'n'], 4: ['i', 'f', 'g', 'o'] }

/** `match`: prefix, `weight` or `bias`, and what follows `_ih` or `_hh`. */
export function splitGates(tensor: StoredTensor, match: RegExpExecArray, named: Named): StoredTensor[] | null {
  const [, prefix = '', , suffix = ''] = match
  const hidden = hiddenSize(named, prefix, suffix)
  const rows = tensor.view.shape[0] ?? 0
  const gates = hidden === null ? undefined : GATES[rows / hidden]
  if (hidden === null || gates === undefined) return null
  return splitRows(
    tensor,
    gates.map(() => hidden),
    gates,
  )
}

/** weight_hh is (gates · hidden, hidden), with a projection (gates · hidden, projected) and weight_hr (projected, hidden). */
function hiddenSize(named: Named, prefix: string, suffix: string): number | null {
  const recurrent = named.get(`${prefix}weight_hh${suffix}`)?.view.shape
  const projection = named.get(`${prefix}weight_hr${suffix}`)?.view.shape
  if (recurrent?.length !== 2) return null
  const hidden = projection?.length === 2 ? projection[1]! : recurrent[1]!
  return hidden > 0 && GATES[recurrent[0]! / hidden] !== undefined ? hidden : null
}
