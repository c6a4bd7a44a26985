import type { ExactElement } from '../kernel/exact.ts'
import { distanceWithin, isRowScaled } from './likeness.ts'
import type { Pair } from './pair.ts'
import { newZeros } from './pruning.ts'
import { gridError, roundedFrom } from './rounding.ts'

/** What happened to one tensor between the two ends of an edge; `from` tells which end it came from, where that shows. */
export type TensorChange =
  /** The same values. */
  | { kind: 'equal' }
  /** The same but for the arithmetic of an export. */
  | { kind: 'converted' }
  /** One end is the other rounded to a narrower type. */
  | { kind: 'rounded'; from: 'a' | 'b'; to: ExactElement }
  /** One end lies on a coarser grid, no further from the other than the grid's own rounding. */
  | { kind: 'quantised'; from: 'a' | 'b' }
  /** The same values in another order, as far as moments tell. */
  | { kind: 'permuted' }
  /** The same but for a factor for each row: a batch norm multiplied in. */
  | { kind: 'scaled' }
  /** One end is the other with this share of its values set to zero. */
  | { kind: 'pruned'; from: 'a' | 'b'; share: number }
  /** Both ends lie on grids, no further apart than both roundings. */
  | { kind: 'requantised' }
  /**
   * Neither equality nor rounding explains the difference. `onGrid` tells which end is quantised. `tooNear`: the end that the
   * other one is nearer to than its coarser type or grid allows, and so was not rounded from. `zeroed`: the share of values that
   * became zero on the way.
   */
  | { kind: 'changed'; onGrid: 'a' | 'b' | 'both' | null; tooNear: 'a' | 'b' | null; zeroed?: number }

/** An export's arithmetic (reordered sums, folded scales of one) stays within this of the root mean square. */
const EXPORT_NOISE = 1e-5

/** ‖Δ‖ ÷ ‖A‖, from the sketches; NaN where one is missing. */
export function relativeDistance(pair: Pair): number {
  const { a, b } = pair
  if (!a.sketch || !b.sketch) return Number.NaN
  const scale = Math.max(a.norm, b.norm)
  return scale === 0 ? 0 : Math.sqrt(distanceWithin(pair)) / scale
}

/** What each pair's tensor looks like by itself. */
export function tensorChanges(pairs: Pair[]): TensorChange[] {
  const changes = pairs.map(tensorChange)
  const isPruned = changes.some(({ kind }) => kind === 'pruned')
  return isPruned ? changes.map((change, i) => hardlyPruned(pairs[i]!, change, changes)) : changes
}

/** The smallest weights of a whole model are few in some of its tensors. */
function hardlyPruned(pair: Pair, change: TensorChange, all: readonly TensorChange[]): TensorChange {
  const zeros = change.kind === 'changed' && change.zeroed === undefined ? newZeros(pair, 0) : null
  const isAlike = all.some((other) => other.kind === 'pruned' && other.from === zeros?.from)
  return zeros?.only && isAlike ? { kind: 'pruned', from: zeros.from, share: zeros.share } : change
}

/**
 * What happened to each pair's tensor, by its model. One tensor that cannot have been rounded, or too few that can, contradict the rest: rounding a
 * model rounds all of it, while fine-tuning moves some tensors about as far as rounding would by chance.
 */
export function settledChanges(pairs: Pair[], changes: TensorChange[]): TensorChange[] {
  const doubted = (['a', 'b'] as const).filter((from) => !isRoundedModel(pairs, changes, from))
  return changes.map((change) => settled(change, changes, doubted))
}

/** A tensor that says otherwise than its model is taken along: it was rounded too, or none was. */
function settled(change: TensorChange, changes: TensorChange[], doubted: ('a' | 'b')[]): TensorChange {
  if (change.kind === 'rounded' && doubted.includes(change.from))
    return { kind: 'changed', onGrid: null, tooNear: null }
  if (change.kind !== 'changed' || !change.tooNear || doubted.includes(change.tooNear)) return change
  return changes.find((other) => other.kind === 'rounded' && other.from === change.tooNear) ?? change
}

/** Where one tensor moves ten times as far as another, rounding's window covers a seventh; one large tensor more. */
const MIN_ROUNDED_SHARE = 0.5

/** A tensor that was on the narrow grid in part already is nearer than rounding leaves it (position embeddings, seen at half). */
const MAX_TOO_NEAR_SHARE = 0.1

function isRoundedModel(pairs: Pair[], changes: TensorChange[], from: 'a' | 'b'): boolean {
  if (!isRoundedOverall(pairs, changes, from)) return false
  const elements = (of: (change: TensorChange) => boolean) =>
    pairs.reduce((sum, pair, i) => (of(changes[i]!) ? sum + pair.a.print.invariants.count : sum), 0)
  const rounded = elements((change) => change.kind === 'rounded' && change.from === from)
  const tooNear = elements((change) => change.kind === 'changed' && change.tooNear === from)
  if (tooNear > MAX_TOO_NEAR_SHARE * (rounded + tooNear)) return false
  return rounded >= MIN_ROUNDED_SHARE * (rounded + elements((change) => change.kind === 'changed'))
}

/**
 * Over all matrices rounding to bfloat16 comes nearer to its mean than for each: .37 to .46 · 2⁻⁸ of their size, or twice that
 * where values were cut off.
 */
const OVERALL = { unit: 2 ** -8, least: 0.37, most: 0.46 }

/** A hundredth is told by so many cells together. */
const MIN_CELLS = 8_192

function isRoundedOverall(pairs: Pair[], changes: TensorChange[], from: 'a' | 'b'): boolean {
  let [moved, size, cells] = [0, 0, 0]
  pairs.forEach((pair, i) => {
    const change = changes[i]!
    if (change.kind !== 'rounded' || change.from !== from || change.to !== 'bf16' || pair.a.print.rows === 1) return
    const count = pair.a.print.invariants.count
    const relative = relativeDistance(pair) / OVERALL.unit
    if (Number.isNaN(relative)) return
    moved += count * relative ** 2
    size += count
    cells += pair.a.height * pair.a.width
  })
  if (cells < MIN_CELLS) return true
  const mean = Math.sqrt(moved / size)
  return [1, 2].some((factor) => mean >= factor * OVERALL.least && mean <= factor * OVERALL.most)
}

function tensorChange(pair: Pair): TensorChange {
  const { a, b } = pair
  if (a.print.digest === b.print.digest) return { kind: 'equal' }
  const distance = relativeDistance(pair)
  if (Number.isNaN(distance)) return { kind: 'changed', onGrid: onGrid(pair), tooNear: null }
  const rounded = roundedFrom('a', a, b, distance, pair.transposed) ?? roundedFrom('b', b, a, distance, pair.transposed)
  if (rounded?.kind === 'rounded') return rounded
  if (distance <= EXPORT_NOISE) return { kind: 'converted' }
  if (pair.by === 'moments') return { kind: 'permuted' }
  const zeros = newZeros(pair)
  if (zeros?.only) return { kind: 'pruned', from: zeros.from, share: zeros.share }
  if (zeros) return { kind: 'changed', onGrid: onGrid(pair), tooNear: null, zeroed: zeros.share }
  if (isRowScaled(pair)) return { kind: 'scaled' }
  return quantisedEnd(pair, distance) ?? rounded ?? { kind: 'changed', onGrid: onGrid(pair), tooNear: null }
}

/** Slack over the grid's expected error, for sketches of few cells estimate a distance only so well. */
function slack({ a }: Pair): number {
  return 1.2 + 4 / Math.sqrt(2 * a.height * a.width)
}

/** Rounding to a grid of many steps leaves its whole error; much less says that the grid came first. Coarse grids leave less. */
const NEAR_GRID = 0.6
const FINE_GRID = 0.2

function quantisedEnd(pair: Pair, distance: number): TensorChange | null {
  const [errorA, errorB] = [gridError(pair.a), gridError(pair.b)]
  const expected = Math.hypot(errorA, errorB)
  if (expected === 0 || distance > expected * slack(pair)) return null
  if (errorA > 0 && errorB > 0) return { kind: 'requantised' }
  const from = errorA > 0 ? 'b' : 'a'
  if (expected < FINE_GRID && distance < expected * NEAR_GRID && pair.a.print.rows > 1)
    return { kind: 'changed', onGrid: null, tooNear: from }
  return { kind: 'quantised', from }
}

function onGrid({ a, b }: Pair): 'a' | 'b' | 'both' | null {
  if (a.print.encoding && b.print.encoding) return 'both'
  if (a.print.encoding) return 'a'
  return b.print.encoding ? 'b' : null
}
