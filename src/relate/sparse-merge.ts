import type { Probes } from './probes.ts'

/** How changes that were thinned out before they were added up come out. */
export interface SparseMerge {
  method: 'ties' | 'dare'
  /** Share of each parent's change that was kept. */
  density: number
  /** Share of the elements that this explains. */
  explained: number
  /** By the recipe; null where too few weights show it. */
  weights: number[] | null
}

/** Values of one ratio lie this close together, by f32 arithmetic on changes of a hundredth. */
const WINDOW = 2e-3

/** One ratio that so large a share of the elements has is no accident of a dense change, of which a window holds a thousandth. */
const MIN_SHARE = 0.04
const MIN_COUNT = 4

/** Where nothing is as it was in the base, nothing was thinned out. */
const MIN_UNTOUCHED = 0.02

/** Fewer elements say nothing. */
const MIN_PROBES = 24

/** Elements that are untouched, one parent's change times its factor, or the sum of two. */
const MIN_EXPLAINED = 0.4

/**
 * Told by single elements: of TIES and DARE many are untouched or hold one parent's change alone, times a factor that is the same
 * everywhere; of a dense change none are. Where two parents were kept DARE adds both, TIES takes their mean if their signs agree.
 */
export function sparseMerge(probes: Probes): SparseMerge | null {
  const { child, parents, noise } = probes
  const count = child.length
  if (count < MIN_PROBES) return null
  const isZero = child.map((value, k) => Math.abs(value) <= noise[k]!)
  if (isZero.filter(Boolean).length < MIN_UNTOUCHED * count) return null
  const factors = parents.map((changes) => modeOf(ratios(child, changes, isZero)))
  if (factors.some((factor) => factor === null || factor.count < Math.max(MIN_COUNT, MIN_SHARE * count))) return null
  const scales = factors.map((factor) => factor!.value)
  const near = (k: number, value: number) => Math.abs(child[k]! - value) <= noise[k]! * 4 + WINDOW * Math.abs(value)
  const isSingle = child.map((_, k) => scales.some((scale, i) => near(k, scale * parents[i]![k]!)))
  const zeros = isZero.filter(Boolean).length
  const singles = isSingle.filter(Boolean).length
  const rest = child.map((_, k) => k).filter((k) => !isZero[k] && !isSingle[k])
  const sums = rest.filter((k) =>
    pairsOf(parents.length).some(([i, j]) => near(k, scales[i]! * parents[i]![k]! + scales[j]! * parents[j]![k]!)),
  )
  const explained = (zeros + singles + sums.length) / count
  if (explained < MIN_EXPLAINED) return null
  const density = 1 - (zeros / count) ** (1 / parents.length)
  if (sums.length * 2 >= rest.length && sums.length >= MIN_COUNT)
    return { method: 'dare', density, explained, weights: dareWeights(scales, density) }
  return { method: 'ties', density, explained, weights: tiesWeights(probes, rest, scales) }
}

function ratios(child: number[], changes: number[], isZero: boolean[]): number[] {
  return child.flatMap((value, k) => (isZero[k] || value / changes[k]! <= 0 ? [] : [value / changes[k]!]))
}

/** The ratio about which most lie, within `WINDOW` of itself. */
function modeOf(values: number[]): { value: number; count: number } | null {
  const logs = values.map(Math.log).sort((x, y) => x - y)
  let best: { from: number; to: number } | null = null
  for (let from = 0, to = 0; from < logs.length; from++) {
    while (to < logs.length && logs[to]! - logs[from]! <= WINDOW) to++
    if (!best || to - from > best.to - best.from) best = { from, to }
  }
  if (!best) return null
  return { value: Math.exp(logs[(best.from + best.to) >> 1]!), count: best.to - best.from }
}

/** The density is known to so much; most recipes' weights sum to one. */
const SUM_ERROR = 0.05

/** What was kept was made larger by as much as was left out. */
function dareWeights(scales: number[], density: number): number[] {
  const sum = density * scales.reduce((total, scale) => total + scale, 0)
  return scales.map((scale) => (density * scale) / (Math.abs(sum - 1) < SUM_ERROR ? sum : 1))
}

/** Where two parents of one sign were kept the child holds their weighted mean, so that their shares can be read off. */
function tiesWeights({ child, parents }: Probes, rest: number[], scales: number[]): number[] | null {
  const weights = [1]
  for (let j = 1; j < parents.length; j++) {
    const shares = rest.flatMap((k) => {
      const [x, y] = [parents[0]![k]!, parents[j]![k]!]
      const share = (child[k]! / scales[0]! - y) / (x - y)
      return x * y > 0 && share > 0 && share < 1 ? [share] : []
    })
    const mode = modeOf(shares)
    if (!mode || mode.count < MIN_COUNT - 1) return null
    weights.push((1 - mode.value) / mode.value)
  }
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

function pairsOf(count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => i).flatMap((i) =>
    Array.from({ length: count - i - 1 }, (_, k): [number, number] => [i, i + 1 + k]),
  )
}
