import { type Candidate, type Merge, pairsOf, type Setting, triplesOf } from './merge.ts'
import { mergeAbout, type Recombined, recombined } from './recombination.ts'
import { roundingError } from './rounding.ts'
import { MIN_TIES_SHARE } from './thinned-merge.ts'

/**
 * Of a large tensor a print shows two elements, the least and the greatest. A dense change leaves none as it was; so many that are, in
 * different tensors, show what a thinned-out change did not reach.
 */
const MIN_EQUAL = 2
const MIN_EQUAL_SHARE = 0.03

/** What is nearly all as it was (its neurons in another order, say) was not put together of changes. */
const MAX_EQUAL_SHARE = 0.8

/** Of TIES each parent's elements stand in so many places as they are; of what chance scales (DARE) hardly any do. */
const MIN_KEPT_SHARE = 0.1

/** Extremes seen; fewer say nothing. */
const MIN_EXTREMES = 24

/** Of the child's change so much must be the parents', and a third parent's share of what two leave over. */
const MIN_SHARE_TOLD = 0.2
const MIN_GAIN = 0.02

/** A density outside of this thins nothing out, or leaves nothing. */
const [MIN_DENSITY, MAX_DENSITY] = [0.05, 0.97]

/** The largest element is another one after the change more often than not, so that fewer are as they were than of all elements. */
const FEWER = 0.2
const MORE = 1.5
const MORE_AT_LEAST = 0.05

/** Rounding of f32: what is stored more coarsely has equal extremes without any thinning. */
const FINE = 1e-6

/** Shares read from two elements agree to so much by accident in one case of a hundred. */
const SAME_SHARE = 2e-4

/** Most recipes' weights sum to one; a regression errs by so much. */
const SUM_ERROR = 0.08

/**
 * `explained`: share of the child's change about the base, and one more where shares are read off exactly, one less where they should be and
 * are not: of two that would each be made of the other that decides. `equal`: extremes that are the base's.
 */
type Explaining = Merge & { explained: number }
type Told = Explaining & { equal: number }

/** The least and greatest of each tensor that changed: in the child, and by candidate. */
interface Extremes {
  child: number[]
  candidates: number[][]
}

/**
 * base + Σ weight · (parent − base), each change thinned out, of tensors too large for single cells (TIES: Yadav et al. 2023; DARE: Yu et
 * al. 2024). Extremes that equal the base's show it; the parents are those that explain most of the change about it, by least
 * squares on the sketches. Dropping at random (DARE) keeps a change's mean and adds noise of (1 / density − 1) · weight² · ‖change‖², from
 * which the density follows; TIES keeps one parent's element as it is, which extremes show as well.
 */
export function thinnedByExtremes(setting: Setting, merged: ReadonlySet<string>): Told | null {
  if (setting.child.weights.some((weight) => weight.print.rows > 1 && roundingError(weight) > FINE)) return null
  const extremes = extremesOf(setting)
  const count = extremes.child.length
  const least = Math.max(MIN_EQUAL, MIN_EQUAL_SHARE * count)
  if (count < MIN_EXTREMES) return null
  const usable = setting.candidates.map((_, i) => i).filter((i) => !merged.has(setting.candidates[i]!.subject.id))
  const equals = extremes.candidates.map((values) => equalIn(values, extremes.child))
  const bases = usable.filter((i) => equals[i]! >= least).sort((i, j) => equals[j]! - equals[i]! || i - j)
  if (bases.some((i) => equals[i]! > MAX_EQUAL_SHARE * count)) return null
  const found = bases.flatMap((base) => {
    const others = usable.filter(
      (i) => i !== base && equalIn(extremes.candidates[i]!, extremes.candidates[base]!) < least,
    )
    const kept = others.filter((i) => equals[i]! >= MIN_KEPT_SHARE * count)
    const merge =
      tiesOf(explaining(setting, base, kept), extremes, setting) ??
      dareOf(explaining(setting, base, others), equals[base]! / count, setting)
    return merge ? [{ ...merge, equal: equals[base]! }] : []
  })
  // what was made of the base, or is it with a little more, holds fewer of its elements, or explains less
  const isTies = ({ method }: Merge) => Number(method === 'ties')
  const [best] = found.sort((x, y) => isTies(y) - isTies(x) || y.equal - x.equal || x.residual - y.residual)
  return best ?? null
}

function extremesOf({ weights, candidates }: Setting): Extremes {
  const extremes: Extremes = { child: [], candidates: candidates.map(() => []) }
  for (const weight of weights) {
    const others = candidates.map(({ counterparts }: Candidate) => counterparts.get(weight)!.weight)
    // taken over whole from one of them, it was not thinned out
    if (others.some(({ print }) => print.digest === weight.print.digest)) continue
    for (const key of ['min', 'max'] as const) {
      extremes.child.push(weight.print.invariants[key])
      others.forEach(({ print }, i) => {
        extremes.candidates[i]!.push(print.invariants[key])
      })
    }
  }
  return extremes
}

function equalIn(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, k) => sum + Number(value === y[k] && value !== 0), 0)
}

/** The two or three that explain most of the child's change about this base. */
function explaining({ gram }: Setting, base: number, others: readonly number[]): Recombined | null {
  const best = (groups: Iterable<number[]>) => {
    let least: Recombined | null = null
    for (const parents of groups) {
      const found = recombined(gram, base, parents)
      if (found && (!least || found.squared < least.squared)) least = found
    }
    return least
  }
  const two = best(pairsOf([...others]))
  const three = best(triplesOf([...others]))
  const option = three && (!two || three.squared < (1 - MIN_GAIN) * two.squared) ? three : two
  return option && option.squared <= (1 - MIN_SHARE_TOLD) * gram[base]![base]! ? option : null
}

/** Where one parent's change alone was kept, TIES holds it as it is; where two of one sign were, their weighted mean. */
function tiesOf(option: Recombined | null, extremes: Extremes, setting: Setting): Explaining | null {
  if (!option) return null
  const { child, candidates } = extremes
  const parents = option.parents.map((parent) => candidates[parent]!)
  const shares = sharesIn(child, candidates[option.base]!, parents)
  // a parent with hardly a share is the base, seen from one of its fine-tunes
  if (shares?.some((share) => share < MIN_TIES_SHARE)) return null
  const merge = mergeAbout({ ...option, weights: shares ?? option.weights }, setting)
  // what of a change is kept depends on its size, and so do the shares that least squares gives
  const zeros = equalIn(candidates[option.base]!, child) / child.length
  return {
    ...merge,
    explained: explainedBy(option, setting) + (shares ? 1 : -1),
    method: 'ties',
    density: 1 - zeros ** (1 / parents.length),
    ...(shares ? {} : { sharesOpen: true }),
  }
}

function sharesIn(child: number[], base: number[], [first, ...others]: number[][]): number[] | null {
  const weights = [1]
  for (const other of others) {
    const shares = child.flatMap((value, k) => {
      const [from, x, y] = [base[k]!, first![k]!, other[k]!]
      const share = (value - y) / (x - y)
      const isMean = value !== from && value !== x && value !== y && (x - from) * (y - from) > 0
      return isMean && share > 0.02 && share < 0.98 ? [share] : []
    })
    const share = commonIn(shares)
    if (share === null) return null
    weights.push((1 - share) / share)
  }
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** The value about which most lie, two at least. */
function commonIn(values: number[]): number | null {
  const sorted = values.toSorted((x, y) => x - y)
  let best = { from: 0, to: 0 }
  for (let from = 0, to = 0; from < sorted.length; from++) {
    while (to < sorted.length && sorted[to]! - sorted[from]! <= SAME_SHARE) to++
    if (to - from > best.to - best.from) best = { from, to }
  }
  return best.to - best.from < 2 ? null : sorted[(best.from + best.to) >> 1]!
}

function dareOf(option: Recombined | null, zeros: number, setting: Setting): Explaining | null {
  if (!option) return null
  const { base, parents, weights, squared } = option
  const { gram } = setting
  const apart = parents.map((i) => gram[i]![i]! + gram[base]![base]! - 2 * gram[i]![base]!)
  const noise = parents.reduce((sum, _, k) => sum + weights[k]! ** 2 * apart[k]!, 0)
  // squared = (1 / density − 1) · noise
  const density = noise / (noise + squared)
  const expected = (1 - density) ** parents.length
  if (
    density < MIN_DENSITY ||
    density > MAX_DENSITY ||
    zeros < FEWER * expected ||
    zeros > MORE * expected + MORE_AT_LEAST
  )
    return null
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const scale = Math.abs(sum - 1) < SUM_ERROR ? sum : 1
  const merge = mergeAbout({ ...option, weights: weights.map((weight) => weight / scale) }, setting)
  return { ...merge, explained: explainedBy(option, setting), method: 'dare', density }
}

function explainedBy({ base, squared }: Recombined, { gram }: Setting): number {
  return 1 - squared / gram[base]![base]!
}
