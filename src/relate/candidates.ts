import { alikeAtAGlance } from './glance.ts'
import { shapeKey } from './match.ts'
import { MIN_KIN_SHARE } from './related.ts'
import type { Subject } from './subject.ts'

/** Models of fewer matrices than this can be related only by near equality, which a coarse sketch shows already. */
const FEW_MATRICES = 8

/** So few models are compared without screening. */
const UNSCREENED = 200

/**
 * The pairs of models that could be related at all: a fifth of the smaller one's tensors have a counterpart of their shape, and, in
 * a large estate, models of very few tensors look alike at a coarse glance.
 */
export function* candidatePairs(subjects: Subject[]): Generator<[Subject, Subject]> {
  const small = subjects.length > UNSCREENED ? subjects.filter(isSmall) : []
  for (const [i, j] of alikeAtAGlance(small)) yield [small[i]!, small[j]!]
  yield* pairsOfOneShape(subjects, new Set(small))
}

function isSmall({ weights }: Subject): boolean {
  return weights.filter((weight) => weight.centred).length < FEW_MATRICES
}

/** All pairs with enough shapes in common, but those of two `screened` models. */
function* pairsOfOneShape(subjects: Subject[], screened: Set<Subject>): Generator<[Subject, Subject]> {
  const counts = subjects.map(({ weights }) => countsOf(weights.map(shapeKey)))
  for (let i = 0; i < subjects.length; i++)
    for (let j = i + 1; j < subjects.length; j++) {
      const [a, b] = [subjects[i]!, subjects[j]!]
      if (screened.has(a) && screened.has(b)) continue
      const least = MIN_KIN_SHARE * Math.min(a.weights.length, b.weights.length)
      if (sharedShapes(counts[i]!, counts[j]!) >= least) yield [a, b]
    }
}

/** How many tensors of one could each have a counterpart of their own in the other. */
export function sharedShapes(a: Map<string, number>, b: Map<string, number>): number {
  let shared = 0
  for (const [shape, count] of a) shared += Math.min(count, b.get(shape) ?? 0)
  return shared
}

export function countsOf(shapes: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const shape of shapes) counts.set(shape, (counts.get(shape) ?? 0) + 1)
  return counts
}
