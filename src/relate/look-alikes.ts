import { countsOf, sharedShapes } from './candidates.ts'
import type { Comparison } from './comparison.ts'
import type { LookAlike } from './lineage.ts'
import { shapeKey } from './match.ts'
import type { Combination } from './merge.ts'
import type { Subject } from './subject.ts'

/** So large a part of both models' tensors has the same shapes. */
const MIN_SHARED = 0.9

/** Fewer tensors of one shape than this look like one another without anyone taking one model for the other. */
const MIN_TENSORS = 4

/** Among a thousand strangers of one architecture there are half a million such pairs; nobody reads them all. */
const MAX_LOOK_ALIKES = 1_000

/** A pair that looks alike from outside. */
export interface Resemblance {
  a: Subject
  b: Subject
  shared: number
  similarity: number
}

/** Null for models that nobody would take for one another. */
export function resemblanceOf({ a, b, similarity }: Comparison): Resemblance | null {
  const [inA, inB] = [a, b].map(({ weights }) => countsOf(weights.map(shapeKey)))
  const shared = sharedShapes(inA!, inB!)
  const most = Math.max(a.weights.length, b.weights.length)
  return shared >= MIN_TENSORS && shared >= MIN_SHARED * most ? { a, b, shared, similarity } : null
}

/** The pairs among them that are not related by way of others either; those with most in common first where they are many. */
export function strangersAlike(resemblances: Resemblance[], related: Comparison[], merges: Combination[]): LookAlike[] {
  const family = families(related, merges)
  const strangers = resemblances.filter(({ a, b }) => family(a) !== family(b) || family(a) === undefined)
  const shown = strangers.length > MAX_LOOK_ALIKES ? strangers.toSorted((x, y) => y.shared - x.shared) : strangers
  return shown
    .slice(0, MAX_LOOK_ALIKES)
    .map(({ a, b, shared, similarity }): LookAlike => {
      const models: [string, string] = a.id < b.id ? [a.id, b.id] : [b.id, a.id]
      return { models, shared, similarity }
    })
    .sort((x, y) => (x.models.join() < y.models.join() ? -1 : 1))
}

/** A label that two models share when a path of relations joins them. */
function families(related: Comparison[], merges: Combination[]): (subject: Subject) => Subject | undefined {
  const links = new Map<Subject, Subject[]>()
  const link = (x: Subject, y: Subject) => {
    const list = links.get(x)
    if (list) list.push(y)
    else links.set(x, [y])
  }
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
