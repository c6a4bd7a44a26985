import type { TensorDiff } from '../contract/diff.ts'
import type { TensorPrint } from '../identify/print.ts'
import { partOf } from './part.ts'
import { rankOfChange } from './rank.ts'
import type { WeightDifference } from './weights.ts'

/** A parent's tensor and a child's that are taken for the same part. */
export interface TensorPair {
  parent: TensorPrint
  child: TensorPrint
  transposed: boolean
  status: TensorDiff['status']
  /** From the sketches; null where one is missing. */
  estimate: { cosine: number; relativeDistance: number; delta: Delta | null } | null
}

/** The sketch of child − parent. */
interface Delta {
  height: number
  width: number
  values: Float64Array
}

/** What is told of a pair: over all weights where they were read, else from the sketches. */
export function tensorDiff(pair: TensorPair, weights: WeightDifference | null): TensorDiff {
  const { parent, child, transposed, estimate } = pair
  const status = statusOf(pair, weights)
  const seen = weights ?? estimate
  return {
    parent: parent.name,
    child: child.name,
    shape: [parent.rows, parent.columns],
    ...partOf(child.role),
    status,
    transposed,
    basis: weights ? 'weights' : 'print',
    cosine: status === 'equal' ? 1 : (seen?.cosine ?? null),
    relativeDistance: status === 'equal' ? 0 : (seen?.relativeDistance ?? null),
    changed: status === 'equal' ? 0 : weights ? weights.changed / Math.max(1, weights.elements) : null,
    rank: status === 'changed' ? rankOf(pair, weights) : null,
  }
}

/** Stored otherwise (a wider type, other blocks of the same values), and still every value the same. */
function statusOf({ parent, child, status }: TensorPair, weights: WeightDifference | null): TensorDiff['status'] {
  if (parent.digest === child.digest) return 'equal'
  return weights?.changed === 0 && status !== 'resized' ? 'equal' : status
}

function rankOf({ parent, child, estimate }: TensorPair, weights: WeightDifference | null): number | null {
  const sketch = weights ? weights.sketch : estimate?.delta
  return sketch ? rankOfChange(sketch, Math.max(roundingOf(parent), roundingOf(child))) : null
}

/** Significant binary digits. */
const DIGITS = { bf16: 8, f16: 11, f32: 24, f64: 53 } as const

/**
 * The expected squared norm of what writing a tensor down left: .38 to .44 · 2^−p of each value for p digits (docs/lineage.md, rounding), the
 * step's even distribution for grids.
 */
function roundingOf({ exact, encoding, invariants }: TensorPrint): number {
  if (encoding) return (invariants.count * encoding.step ** 2) / 12
  return exact ? invariants.sumSquares * (0.42 * 2 ** -DIGITS[exact]) ** 2 : 0
}
