import { type Comparison, compare, countOf, total } from './comparison.ts'
import { placeOf } from './layers.ts'
import type { Subject, Weight } from './subject.ts'
import type { TensorChange } from './tensor-change.ts'

/** A model put together from whole parts of others. */
export interface Assembly {
  child: Subject
  /** `weight`: share of the child's elements that came from there; `from`: its tensors there, by the child's. */
  parents: { subject: Subject; weight: number; from: Map<Weight, Weight> }[]
  /** Whether the parents cannot have been made from the child. */
  known: boolean
}

/** A smaller share is a frozen embedding, a common buffer. */
export const MIN_PART = 0.05

/** The rest may be new: routers, a projection between two towers. */
export const MIN_COVERED = 0.9

/** So large a part of a parent in the child is all of it. */
const WHOLE = 0.95

/** Models of the same build have this share of their roles in common. */
const SAME_BUILD = 0.5

/** Numbers of a model's tensors that came from another one; none where they are too few to count, null where they are nearly all. */
export type Part = number[] | null

/** What of one end came from the other; see `Part`. */
export function partOf(comparison: Comparison, end: 'a' | 'b'): Part {
  const { weights } = comparison[end]
  const from = unchangedIn(comparison, end)
  const share = total([...from.keys()]) / total(weights)
  if (share > 1 - MIN_PART) return null
  return share < MIN_PART ? [] : weights.flatMap((weight, number) => (from.has(weight) ? [number] : []))
}

/** The model put together from these; null where it is none after all. `kin`: what is related among the parents. */
export function assemblyFrom(
  child: Subject,
  parents: Subject[],
  kin: readonly { a: string; b: string }[],
): Assembly | null {
  const others = parents.map((subject) => ({ subject, from: unchangedIn(compare(child, subject), 'a') }))
  const areStrangers: AreStrangers = (x, y) =>
    !kin.some(({ a, b }) => (a === x.id && b === y.id) || (a === y.id && b === x.id))
  return assemblyOf(child, others, areStrangers)
}

type AreStrangers = (x: Subject, y: Subject) => boolean

/** The child's tensors that are the other's, or were rounded or quantised from it. */
function unchangedIn({ match, changes }: Comparison, child: 'a' | 'b'): Map<Weight, Weight> {
  const other = child === 'a' ? 'b' : 'a'
  const found = match.pairs.filter((_, i) => cameFrom(changes[i]!, other))
  const repeats = match.repeats.filter(({ a, b }) => a.print.digest === b.print.digest)
  return new Map([...found, ...repeats].map((pair) => [pair[child], pair[other]]))
}

function cameFrom(change: TensorChange, other: 'a' | 'b'): boolean {
  if (change.kind === 'rounded' || change.kind === 'quantised') return change.from === other
  return change.kind === 'equal' || change.kind === 'converted'
}

function assemblyOf(
  child: Subject,
  others: { subject: Subject; from: Map<Weight, Weight> }[],
  areStrangers: AreStrangers,
): Assembly | null {
  const all = total(child.weights)
  const left = new Set(child.weights)
  const parents: Assembly['parents'] = []
  const ordered = others.toSorted((x, y) => total([...y.from.keys()]) - total([...x.from.keys()]))
  for (const { subject, from } of ordered) {
    const taken = new Map([...from].filter(([weight]) => left.has(weight)))
    const weight = total([...taken.keys()]) / all
    if (weight < MIN_PART) continue
    for (const tensor of taken.keys()) left.delete(tensor)
    parents.push({ subject, weight, from: taken })
  }
  const covered = parents.reduce((sum, { weight }) => sum + weight, 0)
  const [first, second] = parents
  if (!first || !second || covered < MIN_COVERED) return null
  const isWhole = parents.map(({ subject, from }) => total([...from.values()]) >= WHOLE * total(subject.weights))
  // of two branches cut out of one model each stands whole in it as well
  if (isWhole.every(Boolean))
    return areOfOneBuild(first.subject, second.subject) ? null : { child, parents, known: false }
  const isBeside = parents.slice(1).some((parent) => standsBeside(parent.from, first.from))
  if (!isBeside && !parents.every(({ from }) => hasWholeLayer(child, from))) return null
  const known = isBeside || parents.slice(1).every(({ subject }) => areStrangers(subject, first.subject))
  return { child, parents, known }
}

function areOfOneBuild(x: Subject, y: Subject): boolean {
  const roles = new Set(x.weights.map(({ print }) => print.role))
  const shared = y.weights.filter(({ print }) => roles.has(print.role)).length
  return shared >= SAME_BUILD * Math.min(x.weights.length, y.weights.length)
}

/** The same part of several models, one beside the other: the experts of a mixture. */
function standsBeside(from: Map<Weight, Weight>, first: Map<Weight, Weight>): boolean {
  const roles = new Set([...first.values()].map(({ print }) => print.role))
  const twice = [...from.values()].filter(({ print }) => roles.has(print.role))
  return total(twice) >= SAME_BUILD * total([...from.values()])
}

function hasWholeLayer(child: Subject, from: Map<Weight, Weight>): boolean {
  const left = new Map<number, number>()
  for (const weight of child.weights) {
    const layer = placeOf(weight)?.layer
    if (layer !== undefined) left.set(layer, (left.get(layer) ?? 0) + (from.has(weight) ? 0 : countOf(weight)))
  }
  return [...left.values()].some((count) => count === 0)
}

/** What of the child came from one parent: the longest beginning that all its roles share, or its layers. */
export function partText(from: Map<Weight, Weight>): string {
  const weights = [...from.keys()]
  const layers = [...new Set(weights.flatMap((weight) => placeOf(weight)?.layer ?? []))].sort((x, y) => x - y)
  const prefix = commonPrefix(weights.map(({ print }) => print.role.split('.')))
  if (prefix.length > 0) return prefix.join('.')
  const experts = new Set(weights.flatMap(({ print }) => /experts\.\d+/.exec(print.role)?.[0] ?? []))
  if (experts.size === 1) return [...experts][0]!
  return `layers ${layers.join(', ')}`
}

function commonPrefix(names: string[][]): string[] {
  const [first = [], ...others] = names
  const end = first.findIndex((part, at) => others.some((name) => name[at] !== part))
  return end < 0 ? first : first.slice(0, end)
}
