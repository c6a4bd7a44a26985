import { type Arrangement, arrangedView } from './arrangement.ts'
import type { TensorView } from './model-file.ts'

/** How a weight is to be seen, and the gates that lie side by side along its last stored axis. */
export interface WeightReading {
  arrangement: Arrangement | null
  gates: readonly string[] | null
}

/** One view, or one a gate: side by side along the last stored axis, wherever the arrangement brought that. */
export function weightViews(
  name: string,
  shape: readonly number[],
  { arrangement, gates }: WeightReading,
): { name: string; view: TensorView }[] {
  const view = arrangedView(shape, arrangement)
  const axis = lastStoredAxis(shape, arrangement)
  const size = view.shape[axis]! / (gates?.length ?? 1)
  if (gates === null || !Number.isInteger(size)) return [{ name, view }]
  return gates.map((gate, index) => ({
    name: `${name}.${gate}`,
    view: { ...view, shape: view.shape.with(axis, size), start: index * size * view.strides[axis]! },
  }))
}

function lastStoredAxis(shape: readonly number[], arrangement: Arrangement | null): number {
  const last = shape.length - 1
  return arrangement?.order.length === shape.length ? arrangement.order.indexOf(last) : last
}
