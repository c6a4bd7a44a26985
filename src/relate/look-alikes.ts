import type { Kernel } from '../kernel/kernel.ts'
import { shapeCounts, sharedShapes, UNSCREENED } from './candidates.ts'
import type { Glance } from './glance.ts'
import type { Kin } from './kin.ts'
import type { LookAlike, Relation } from './lineage.ts'
import { similarityAtAGlance } from './nearness.ts'
import { type Look, lookOf, pairingOf, type Query, queryOf } from './screening.ts'
import type { Asking, Models } from './wanted.ts'

/** So large a part of both models' tensors has the same shapes. */
const MIN_SHARED = 0.9

/** Fewer tensors of one shape than this look like one another without anyone taking one model for the other. */
const MIN_TENSORS = 4

/** Among a thousand strangers of one architecture there are half a million such pairs; nobody reads them all. */
const MAX_LOOK_ALIKES = 1_000

/** Pairs that nobody would take for relatives by their weights, though nearly all shapes agree; those with most in common where they are many. */
export function* strangersAlike(
  glances: readonly Glance[],
  { kin, merges }: { kin: readonly Kin[]; merges: readonly Relation[] },
  models: Models,
  kernel: Kernel,
): Asking<LookAlike[]> {
  const family = families(kin, merges)
  const found: LookAlike[] = []
  let query: Query | null = null
  // 64 cells of a matrix at hand, or 256 that have to be fetched
  const isMany = glances.length > UNSCREENED
  const looks = new Map<Glance, Look>()
  const look = (glance: Glance) => {
    const known = looks.get(glance) ?? lookOf(glance, glance.coarse)
    looks.set(glance, known)
    return known
  }
  for (const { a, b, shared } of pairsAlike(makesOf(glances))) {
    if (found.length === MAX_LOOK_ALIKES) break
    if (family(a.id) === family(b.id) && family(a.id) !== undefined) continue
    const [first, second] = a.id < b.id ? [a, b] : [b, a]
    const [x, y] = isMany ? [look(first), look(second)] : yield* models.looks([first, second])
    // one model has its look-alikes one after the other
    if (query?.glance !== x!.glance) query = queryOf(x!)
    const similarity = similarityAtAGlance(pairingOf(query, y!, kernel))
    found.push({ models: [first.id, second.id], shared, similarity })
  }
  return found.sort((x, y) => (x.models.join() < y.models.join() ? -1 : 1))
}

/** Models of equal shapes, whichever order these are in. */
interface Make {
  tensors: number
  shapes: Map<number, number>
  models: Glance[]
}

function makesOf(glances: readonly Glance[]): Make[] {
  const makes = new Map<string, Make>()
  for (const glance of glances) {
    if (glance.rows.length < MIN_TENSORS) continue
    const key = fingerprint(glance)
    const make = makes.get(key)
    if (make) make.models.push(glance)
    else makes.set(key, { tensors: glance.rows.length, shapes: shapeCounts(glance), models: [glance] })
  }
  return [...makes.values()].sort((x, y) => y.tensors - x.tensors)
}

/** Equal for equal multisets of shapes; sums of two independent hashes of 32 bits. */
function fingerprint({ rows, columns }: Glance): string {
  let [first, second] = [0, 0]
  for (let k = 0; k < rows.length; k++) {
    const [low, high] = rows[k]! < columns[k]! ? [rows[k]!, columns[k]!] : [columns[k]!, rows[k]!]
    const mixed = Math.imul(Math.imul(low, 0x9e3779b1) ^ high, 0x85ebca6b)
    first = (first + (mixed ^ (mixed >>> 13))) | 0
    second = (second + Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35)) | 0
  }
  return `${rows.length} ${first} ${second}`
}

/** Pairs of models of makes that nearly agree, those with most in common first. */
function* pairsAlike(makes: Make[]): Generator<{ a: Glance; b: Glance; shared: number }> {
  const alike = makes.flatMap((make, i) => [
    { make, other: make, shared: make.tensors },
    ...likeIt(make, makes.slice(i + 1)),
  ])
  for (const { make, other, shared } of alike.sort((x, y) => y.shared - x.shared))
    for (const [i, a] of make.models.entries())
      for (const b of make === other ? other.models.slice(i + 1) : other.models) yield { a, b, shared }
}

function likeIt(make: Make, fewer: Make[]): { make: Make; other: Make; shared: number }[] {
  const least = Math.max(MIN_TENSORS, MIN_SHARED * make.tensors)
  return fewer
    .filter(({ tensors }) => tensors >= least)
    .map((other) => ({ make, other, shared: sharedShapes(make.shapes, other.shapes) }))
    .filter(({ shared }) => shared >= least)
}

/** A label that two models share when a path of relations joins them. */
function families(kin: readonly Kin[], merges: readonly Relation[]): (id: string) => string | undefined {
  const links = new Map<string, string[]>()
  const link = (x: string, y: string) => {
    const list = links.get(x)
    if (list) list.push(y)
    else links.set(x, [y])
  }
  const ends = [
    ...kin.filter(({ relation }) => relation !== null).map(({ a, b }) => [a, b]),
    ...merges.flatMap(({ child, parents }) => parents.map(({ id }) => [child, id])),
  ]
  for (const [x, y] of ends as [string, string][]) {
    link(x, y)
    link(y, x)
  }
  const label = new Map<string, string>()
  for (const start of links.keys()) {
    const stack = label.has(start) ? [] : [start]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (label.has(at)) continue
      label.set(at, start)
      stack.push(...links.get(at)!)
    }
  }
  return (id) => label.get(id)
}
