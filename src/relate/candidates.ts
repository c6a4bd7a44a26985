import type { Kernel } from '../kernel/kernel.ts'
import type { Glance } from './glance.ts'
import { type Span, thinned } from './nearest.ts'
import { differenceAtAGlance, mostAlike } from './nearness.ts'
import { MIN_KIN_SHARE } from './related.ts'
import { type Evidence, evidenceOf, type Look, lookOf, pairingOf, queryOf, shapeNumber } from './screening.ts'
import { isSmall, smallPairs } from './small-models.ts'
import type { Asking, Models } from './wanted.ts'

/** So few models are compared without screening: 2,016 pairs take half a minute. */
export const UNSCREENED = 64

/**
 * Evidence below which a pair is passed over, in deviations of what strangers have: of strangers one in twelve is above the first by each
 * measure, and one in a thousand above the second. Of kin with a cosine of .1 in each of 35 tensors the first passes over three in
 * ten thousand (expected: .1 √35 · 8 = 4.7), the second none (9.5).
 */
const MIN_COARSE = 1.4
const MIN_FINE = 3

/** Models for which a finer look is asked for at a time. */
const BATCH = 256

/** The nearest of a model among which the parents of a merge are looked for; of large estates half as many, for time. */
const NEIGHBOURS = 48

function neighboursAmong(count: number): number {
  return count < LARGE ? NEIGHBOURS : NEIGHBOURS / 2
}

/** Pairs compared in full: so many take half a minute. Of families of sixty with twenty copies of one base each needs more, … */
const COMPARED = 6_000
const NEEDED = 32
const MOST_COMPARED = 16_000

/** … while in larger estates each model is compared with its nearest only, on which its place hangs: family trees have one edge a model. */
const MIN_COMPARED = 4

/** From so many models on; a thousand of one family then take less than a minute. */
export const LARGE = 750

/** Spans at hand before those that no family is built of are let go. */
const MAX_SPANS = 1_000_000

/** What is known of the models to be related. */
export interface Known {
  glances: readonly Glance[]
  /** Whether a model, by its number, is new: pairs of others were looked at before. */
  isFresh(model: number): boolean
  /** What was found between the others. */
  spans: readonly Span[]
}

/** Pairs that could be related, one of each being new. Where a model has many of them, they are those to its nearest. */
export interface Candidates {
  /** All that are worth looking at for merges. */
  near: Span[]
  /** Those among them to compare: to the very nearest, and what else it takes to keep families in one piece. */
  nearest: Span[]
}

/** The pairs that could be related at all, with the distance that a glance gives. */
export function* candidatesAmong(known: Known, models: Models, kernel: Kernel): Asking<Candidates> {
  const near = yield* nearPairs(known, models, kernel)
  if (known.glances.length <= UNSCREENED) return { near, nearest: near }
  const count = known.glances.length
  return { near, nearest: thinnedBeside(known, near, comparedAmong(count)) }
}

/** With how many of the nearest each model is compared. */
function comparedAmong(count: number): number {
  if (count >= LARGE) return MIN_COMPARED
  return Math.floor(Math.max(COMPARED / count, Math.min(NEEDED, MOST_COMPARED / count)))
}

/** What thinning leaves of new spans where the known ones are kept in mind. */
function thinnedBeside(known: Known, spans: Span[], most: number): Span[] {
  const before = new Set(known.spans)
  return thinned([...known.spans, ...spans], known.glances.length, most).filter((span) => !before.has(span))
}

function* nearPairs(known: Known, models: Models, kernel: Kernel): Asking<Span[]> {
  const { glances, isFresh } = known
  if (glances.length <= UNSCREENED) return allPairs(known)
  const small = glances.map(isSmall)
  const looks = coarseLooks(glances)
  let spans: Span[] = []
  for (let i = 0; i < glances.length; i++) {
    if (small[i] || !isFresh(i)) continue
    const likely = likelyOf(i, known, looks, (j) => !small[j] && (j > i || !isFresh(j)), kernel)
    for (const span of yield* confirmed(i, likely, glances, models, kernel)) spans.push(span)
    if (spans.length > MAX_SPANS) spans = thinnedBeside(known, spans, neighboursAmong(glances.length))
  }
  spans.push(...(yield* confirmedSmall(glances, [...smallPairs(glances, isFresh, kernel)], models)))
  return thinnedBeside(known, spans, neighboursAmong(glances.length))
}

/** Made as they are asked for: a new model is held against those only that have a shape in common with it. */
function coarseLooks(glances: readonly Glance[]): (model: number) => Look {
  const looks = new Array<Look | undefined>(glances.length)
  return (model) => {
    looks[model] ??= lookOf(glances[model]!, glances[model]!.coarse)
    return looks[model]
  }
}

function likelyOf(
  i: number,
  known: Known,
  looks: (model: number) => Look,
  isAsked: (j: number) => boolean,
  kernel: Kernel,
): number[] {
  const query = queryOf(looks(i))
  const shapes = new Set(query.bySum.keys())
  const likely: number[] = []
  for (const [j, glance] of known.glances.entries())
    if (
      j !== i &&
      isAsked(j) &&
      hasShapeAmong(shapes, glance) &&
      isLikely(evidenceOf(pairingOf(query, looks(j), kernel)), MIN_COARSE)
    )
      likely.push(j)
  return likely
}

function hasShapeAmong(shapes: ReadonlySet<number>, { rows, columns }: Glance): boolean {
  return rows.some((height, k) => shapes.has(shapeNumber(height, columns[k]!)))
}

function isLikely({ byRole, byShape, equal }: Evidence, least: number): boolean {
  return byRole >= least || byShape >= least || equal >= MIN_KIN_SHARE
}

/** Those that a finer look bears out. */
function* confirmed(
  i: number,
  likely: number[],
  glances: readonly Glance[],
  models: Models,
  kernel: Kernel,
): Asking<Span[]> {
  if (likely.length === 0) return []
  const [own] = yield* models.looks([glances[i]!])
  const query = queryOf(own!)
  const spans: Span[] = []
  for (let at = 0; at < likely.length; at += BATCH) {
    const batch = likely.slice(at, at + BATCH)
    const fine = yield* models.looks(batch.map((j) => glances[j]!))
    batch.forEach((j, k) => {
      const pairing = pairingOf(query, fine[k]!, kernel)
      if (isLikely(evidenceOf(pairing), MIN_FINE)) spans.push({ a: i, b: j, distance: differenceAtAGlance(pairing) })
    })
  }
  return spans
}

/** At 256 cells strangers do not have this any more (5 deviations). */
const MIN_SMALL_COSINE = 0.3

function* confirmedSmall(glances: readonly Glance[], pairs: [number, number][], models: Models): Asking<Span[]> {
  const distinct = new Map(pairs.map(([a, b]) => [a * glances.length + b, [a, b] as const]))
  const sorted = [...distinct].sort(([x], [y]) => x - y).map(([, pair]) => pair)
  const spans: Span[] = []
  for (let at = 0; at < sorted.length; at += BATCH) {
    const batch = sorted.slice(at, at + BATCH)
    const numbers = [...new Set(batch.flat())]
    const fine = yield* models.looks(numbers.map((model) => glances[model]!))
    const looks = new Map(numbers.map((model, k) => [model, fine[k]!]))
    for (const [a, b] of batch) {
      const cosine = mostAlike(looks.get(a)!, looks.get(b)!)
      if (cosine >= MIN_SMALL_COSINE) spans.push({ a, b, distance: 1 - cosine })
    }
  }
  return spans
}

/** Pairs of which a fifth of the smaller one's weights have a counterpart of their shape. */
function allPairs({ glances, isFresh }: Known): Span[] {
  const counts = glances.map(shapeCounts)
  const spans: Span[] = []
  for (let a = 0; a < glances.length; a++)
    for (let b = a + 1; b < glances.length; b++) {
      if (!isFresh(a) && !isFresh(b)) continue
      const least = MIN_KIN_SHARE * Math.min(glances[a]!.rows.length, glances[b]!.rows.length)
      if (sharedShapes(counts[a]!, counts[b]!) >= least) spans.push({ a, b, distance: 0 })
    }
  return spans
}

/** How many weights of one could each have a counterpart of their own in the other. */
export function sharedShapes(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  let shared = 0
  for (const [shape, count] of a) shared += Math.min(count, b.get(shape) ?? 0)
  return shared
}

export function shapeCounts({ rows, columns }: Glance): Map<number, number> {
  const counts = new Map<number, number>()
  rows.forEach((height, k) => {
    const shape = shapeNumber(height, columns[k]!)
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  })
  return counts
}
