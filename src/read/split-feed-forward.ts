import type { StoredTensor } from './model-file.ts'
import { entryOf, type Named, splitColumns, splitRows, transposed } from './split-parts.ts'

/** So many experts in one layer at most; the largest released mixture has 2,048 (Switch-C). */
const MAX_EXPERTS = 4_096

const GATE_UP = ['gate', 'up']

export function splitGateUp(tensor: StoredTensor): StoredTensor[] | null {
  const half = (tensor.view.shape[0] ?? 0) / 2
  const isFused = tensor.view.shape.length <= 2 && half > 0 && Number.isInteger(half)
  return isFused ? splitRows(tensor, [half, half], GATE_UP) : null
}

/** `match`: prefix up to `experts.`, the stack's name. */
export function splitExperts(tensor: StoredTensor, match: RegExpExecArray, named: Named): StoredTensor[] | null {
  const [, prefix = '', layer = ''] = match
  const experts = tensor.view.shape[0] ?? 0
  if (tensor.view.shape.length !== 3 || experts === 0 || experts > MAX_EXPERTS) return null
  const orientation = orientationOf(named, prefix)
  const alternates = named.has(`${prefix}gate_up_proj_bias`)
  const halves = layer === 'gate_up_proj' && !alternates
  return Array.from({ length: experts }, (_, index) => expertParts(entryOf(tensor, index), orientation, halves)).flat()
}

type Orientation = 'out-in' | 'in-out' | 'unknown'

function expertParts(expert: StoredTensor, orientation: Orientation, halves: boolean): StoredTensor[] {
  if (orientation === 'unknown') return [expert]
  if (!halves) return [orientation === 'in-out' ? transposed(expert) : expert]
  const half = expert.view.shape[orientation === 'in-out' ? 1 : 0]! / 2
  return orientation === 'in-out'
    ? splitColumns(expert, [half, half], GATE_UP)
    : splitRows(expert, [half, half], GATE_UP)
}

/** gate_up leads from the width to twice the inner size, down from the inner size to the width. */
function orientationOf(named: Named, prefix: string): Orientation {
  const [, a, b] = stack(named, `${prefix}gate_up_proj`)
  const [, c, d] = stack(named, `${prefix}down_proj`)
  if (a === undefined || b === undefined || c === undefined || d === undefined || a * b === 0) return 'unknown'
  if (a === 2 * d && b === c) return 'out-in'
  if (b === 2 * c && a === d) return 'in-out'
  return 'unknown'
}

function stack(named: Named, name: string): readonly number[] {
  const shape = named.get(name)?.view.shape ?? []
  return shape.length === 3 ? shape : []
}
