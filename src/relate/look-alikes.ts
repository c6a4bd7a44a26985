import type { Comparison } from './comparison.ts'
import type { LookAlike } from './lineage.ts'
import { shapeKey } from './match.ts'
import type { Merge } from './merge.ts'
import type { Subject } from './subject.ts'

/** So large a part of both models' tensors has the same shapes. */
const MIN_SHARED = 0.9

/** Fewer tensors of one shape than this look like one another without anyone taking one model for the other. */
const MIN_TENSORS = 4

/** Pairs that look alike from outside but are not related, also not by way of others. */
export function lookAlikes(comparisons: Comparison[], related: Comparison[], merges: Merge[]): LookAlike[] {
  const family = families(related, merges)
  return comparisons
    .filter(({ a, b }) => family(a) !== family(b) || family(a) === undefined)
    .map((comparison) => ({ comparison, shared: sharedShapes(comparison.a, comparison.b) }))
    .filter(({ comparison: { a, b }, shared }) => {
      const most = Math.max(a.weights.length, b.weights.length)
      return shared >= MIN_TENSORS && shared >= MIN_SHARED * most
    })
    .map(({ comparison: { a, b, similarity }, shared }) => ({ models: [a.id, b.id], shared, similarity }))
}

function sharedShapes(a: Subject, b: Subject): number {
  const left = new Map<string, number>()
  for (const weight of a.weights) left.set(shapeKey(weight), (left.get(shapeKey(weight)) ?? 0) + 1)
  let shared = 0
  for (const weight of b.weights) {
    const count = left.get(shapeKey(weight)) ?? 0
    if (count === 0) continue
    left.set(shapeKey(weight), count - 1)
    shared++
  }
  return shared
}

/** A label that two models share when a path of relations joins them. */
function families(related: Comparison[], merges: Merge[]): (subject: Subject) => Subject | undefined {
  const links = new Map<Subject, Subject[]>()
  const link = (x: Subject, y: Subject) => links.set(x, [...(links.get(x) ?? []), y])
  const ends = [
    ...related.map(({ a, b }) => [a, b]),
    ...merges.flatMap((m) => m.parents.map((p) => [m.child, p.subject])),
  ]
  for (const [x, y] of ends as [Subject, Subject][]) {
    link(x, y)
    link(y, x)
  }
  const label = new Map<Subject, Subject>()
  for (const start of links.keys()) {
    const stack = label.has(start) ? [] : [start]
    for (let at = stack.pop(); at; at = stack.pop()) {
      if (label.has(at)) continue
      label.set(at, start)
      stack.push(...links.get(at)!)
    }
  }
  return (subject) => label.get(subject)
}
