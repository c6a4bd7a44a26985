import { affineWeights } from '../kernel/algebra.ts'
import { type Glance, UNIT } from './glance.ts'
import { blockOf } from './merge.ts'
import { counterpart, isTurned } from './nearness.ts'
import { MAX_ABOUT_BASE, mayHaveBase } from './recombination.ts'
import { type Look, lookOf, type Query, queryOf } from './screening.ts'
import type { Asking, Models } from './wanted.ts'

/**
 * What a combination may leave over at a glance: more than the .40 of a merge in full sketches, by what 2,000 cells err, and less than the .58
 * of a base between three of its fine-tunes.
 */
const MAX_RESIDUAL = 0.53

/** With fewer cells than this in all, a glance says too little of what is left over, and a look at the whole costs little. */
const MIN_CELLS = 2_000

/** Combinations that leave over up to twice the least, or as little as a clean merge does, may be the better ones in full. */
const TIE_FACTOR = 2
const TIE = 0.1

/** Matching so many in full takes a tenth of a second; where more tie, the nearest are as good as any. */
const MAX_LIKELY = 12

/** A share of less than this is noise of the fit, and a negative one no merge (as in merge.ts, with slack). */
const MIN_WEIGHT = 0.01

/** Which of the models nearest to a child could be what it was made from; as many as can be where a glance cannot tell. */
export interface Likely {
  /** Parents of a merge that needs nothing but its parents. */
  parents: string[]
  /** A base and the parents of a merge about it. */
  aboutBase: string[]
}

/** `nearest`: nearest first. */
export function* likelyParents(child: Glance, nearest: Glance[], models: Models): Asking<Likely> {
  const ids = nearest.map(({ id }) => id)
  if (ids.length < 2) return { parents: [], aboutBase: [] }
  const [own, ...others] = yield* looksAt([child, ...nearest], models)
  if (cellsOf(own!) < MIN_CELLS) return { parents: ids, aboutBase: ids.slice(0, MAX_ABOUT_BASE) }
  const complete = others
    .map((other) => deltasOf(own!, queryOf(other)))
    .flatMap((deltas, i) => (deltas ? [{ id: ids[i]!, deltas }] : []))
  const gram = gramOf(complete.map(({ deltas }) => deltas))
  const near = complete.map((_, i) => i).sort((i, j) => gram[i]![i]! - gram[j]![j]!)
  const about = near.slice(0, MAX_ABOUT_BASE)
  const idsOf = (members: number[]) => members.map((i) => complete[i]!.id)
  return { parents: idsOf(likelyAmong(gram)), aboutBase: mayHaveBase(blockOf(about, gram)) ? idsOf(about) : [] }
}

/** As fine as it takes. */
function* looksAt(glances: Glance[], models: Models): Asking<Look[]> {
  const coarse = glances.map((glance) => lookOf(glance, glance.coarse))
  return cellsOf(coarse[0]!) < MIN_CELLS ? yield* models.looks(glances) : coarse
}

function cellsOf({ usable, cells }: Look): number {
  return usable * cells.side ** 2
}

function likelyAmong(gram: number[][]): number[] {
  const single = Math.min(...gram.map((row, i) => row[i]!))
  // nothing lies between a model and itself
  if (gram.length < 2 || single === 0) return []
  const all = gram.map((_, i) => i)
  const left = (members: number[]) => residualOf(members, gram, single)
  const span = affineWeights(gram)
  if (span && Math.sqrt(span.squared / single) > MAX_RESIDUAL) return []
  const groups = [...groupsOf(all)].map((members) => ({ members, residual: left(members) }))
  const best = groups.reduce((least, { residual }) => Math.min(least, residual), Number.POSITIVE_INFINITY)
  if (best > MAX_RESIDUAL) return []
  const most = Math.max(TIE, TIE_FACTOR * best)
  const likely = new Set(groups.filter(({ residual }) => residual <= most).flatMap(({ members }) => members))
  return [...likely].sort((i, j) => gram[i]![i]! - gram[j]![j]!).slice(0, MAX_LIKELY)
}

/** ∞ for a combination that is none. */
function residualOf(members: number[], gram: number[][], single: number): number {
  const fit = affineWeights(members.map((i) => members.map((j) => gram[i]![j]!)))
  if (!fit || fit.weights.some((weight) => weight < MIN_WEIGHT)) return Number.POSITIVE_INFINITY
  return Math.sqrt(fit.squared / single)
}

/** All pairs and triples. */
function* groupsOf(items: number[]): Generator<number[]> {
  for (const i of items)
    for (const j of items) {
      if (j <= i) continue
      yield [i, j]
      for (const k of items) if (k > j) yield [i, j, k]
    }
}

/** A candidate's sketches less the child's, one after the other; null where it lacks one. */
function deltasOf(child: Look, candidate: Query): Float32Array | null {
  const { side } = child.cells
  const size = side * side
  const deltas = new Float32Array(child.usable * size)
  let from = 0
  for (let k = 0; k < child.shapes.length; k++) {
    if (child.shapes[k] === 0) continue
    const i = counterpart(candidate, child, k)
    if (i === undefined) return null
    const [own, other] = [child.cells.norms[k]! / UNIT, candidate.cells.norms[i]! / UNIT]
    const width = isTurned(candidate, i, child, k) ? Math.min(child.glance.rows[k]!, side) : 0
    for (let at = 0; at < size; at++) {
      const place = width > 0 && at < width * width ? (at % width) * width + Math.floor(at / width) : at
      deltas[from + at] = other * candidate.cells.values[i * size + place]! - own * child.cells.values[k * size + at]!
    }
    from += size
  }
  return deltas
}

function gramOf(deltas: Float32Array[]): number[][] {
  const gram = deltas.map(() => new Array<number>(deltas.length).fill(0))
  deltas.forEach((x, i) => {
    for (let j = 0; j <= i; j++) gram[i]![j] = gram[j]![i] = inner(x, deltas[j]!)
  })
  return gram
}

function inner(x: Float32Array, y: Float32Array): number {
  let [even, odd] = [0, 0]
  for (let at = 0; at + 1 < x.length; at += 2) {
    even += x[at]! * y[at]!
    odd += x[at + 1]! * y[at + 1]!
  }
  return even + odd
}
