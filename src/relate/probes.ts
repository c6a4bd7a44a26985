import type { Candidate } from './merge.ts'
import { singleCells } from './single-cells.ts'
import type { Weight } from './subject.ts'

/**
 * Single weights of a child and of those it may be made from, as far as prints show them: the least and greatest value of each tensor
 * (the same element in all, for changes are smaller than what sets the largest value apart), and the cells of a sketch that stand for
 * one element. As changes against the base: `child[k]` and `parents[i][k]` are of one element.
 */
export interface Probes {
  child: number[]
  parents: number[][]
  /** What arithmetic in f32 may have added to each. */
  noise: number[]
}

/** So many single cells tell as much as all of them. */
const MAX_CELLS = 4_000

/** Changes must stand so far above the arithmetic. */
const MIN_CHANGE = 30

export function probesOf(weights: Weight[], base: Candidate, parents: Candidate[]): Probes {
  const probes: Probes = { child: [], parents: parents.map(() => []), noise: [] }
  const add = (values: { child: number; base: number; parents: number[] }) => {
    const noise = Math.max(Math.abs(values.base), Math.abs(values.child)) * 2 ** -22
    const changes = values.parents.map((value) => value - values.base)
    if (changes.some((change) => Math.abs(change) < MIN_CHANGE * noise)) return
    probes.child.push(values.child - values.base)
    changes.forEach((change, i) => {
      probes.parents[i]!.push(change)
    })
    probes.noise.push(noise)
  }
  for (const weight of weights) {
    const [from, ...others] = [base, ...parents].map((candidate) => candidate.counterparts.get(weight)!)
    // taken over whole from one of them, it was not thinned out
    if ([from!, ...others].some(({ weight: other }) => other.print.digest === weight.print.digest)) continue
    for (const key of ['min', 'max'] as const)
      add({
        child: weight.print.invariants[key],
        base: from!.weight.print.invariants[key],
        parents: others.map(({ weight: other }) => other.print.invariants[key]),
      })
    if ([from!, ...others].some(({ transposed }) => transposed)) continue
    for (const at of singleCells(weight)) {
      if (probes.child.length >= MAX_CELLS) break
      add({
        child: weight.sketch![at]!,
        base: from!.weight.sketch![at]!,
        parents: others.map(({ weight: other }) => other.sketch![at]!),
      })
    }
  }
  return probes
}
