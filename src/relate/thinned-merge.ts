import { type Candidate, type Merge, pairsOf, type Setting, triplesOf } from './merge.ts'
import { singleCells } from './single-cells.ts'

/** One ratio that so large a share of the elements has is no accident of a dense change, of which a window holds a thousandth. */
const MIN_SHARE = 0.04
const MIN_COUNT = 4

/** Elements that nothing reached show the base. */
const MIN_UNTOUCHED = 0.02

/** Elements of a tensor that tell a factor; of a tensor so many tell as much as all of them. */
const MIN_CELLS = 48
const MAX_CELLS = 600

/** Values of one ratio lie this close together, by f32 arithmetic on changes of a hundredth. */
const WINDOW = 2e-3

/** Changes must stand so far above the arithmetic. */
const MIN_CHANGE = 30

/** Elements that are untouched, one parent's change times its factor, or the sum of some. */
const MIN_EXPLAINED = 0.4

const MAX_PARENTS = 3

/** Recipes give each parent more. */
export const MIN_TIES_SHARE = 0.05

/** The density is known to so much; most recipes' weights sum to one. */
const SUM_ERROR = 0.05

/** Single elements of one tensor, by candidate, as they stand in the child and there. */
interface Sample {
  child: Float64Array
  candidates: Float64Array[]
}

/** A parent's change comes with a factor for each tensor, since tools scale what is left of a change up to its former size. */
interface Part {
  candidate: number
  /** By sample; null where too few elements show it. */
  factors: (number | null)[]
  hits: number
}

/**
 * base + Σ factor · (parent − base), each change thinned out before it was added (TIES, Yadav et al. 2023; DARE, Yu et al. 2024), by single
 * elements: of those that no change reached the base is seen, of those that one change reached that parent and its factor. Where several were kept
 * DARE adds them, TIES takes their mean if their signs agree. Null where elements are not seen, or say otherwise.
 */
export function thinnedMerge(setting: Setting, merged: ReadonlySet<string>): (Merge & { explained: number }) | null {
  const samples = samplesOf(setting)
  const count = samples.reduce((sum, { child }) => sum + child.length, 0)
  if (count === 0) return null
  const usable = setting.candidates.map((_, i) => i).filter((i) => !merged.has(setting.candidates[i]!.subject.id))
  const bases = usable.filter((base) => untouched(samples, base) >= MIN_UNTOUCHED * count)
  const found = bases.flatMap((base) => madeOf(base, usable, samples, count) ?? [])
  const most = Math.max(...found.map(({ explained }) => explained))
  const good = found.filter(({ explained }) => explained >= NEARLY * most)
  const [best] = good.sort((x, y) => x.parts.length - y.parts.length || y.explained - x.explained)
  return best ? { ...mergeOf(best, setting), explained: best.explained } : null
}

/** Of a part of the base (frozen layers, say) and one parent more, more can be explained; fewer parents that explain nearly as much are it. */
const NEARLY = 0.8

interface Made {
  base: number
  parts: Part[]
  method: 'ties' | 'dare'
  density: number
  explained: number
  weights: number[]
}

function samplesOf({ weights, candidates }: Setting): Sample[] {
  return weights.flatMap((weight): Sample[] => {
    const others = candidates.map(({ counterparts }: Candidate) => counterparts.get(weight)!)
    const cells = others.some(({ transposed }) => transposed) ? [] : singleCells(weight)
    if (cells.length < MIN_CELLS) return []
    const step = Math.max(1, cells.length / MAX_CELLS)
    const chosen = cells.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
    const taken = (values: Float32Array) => Float64Array.from(chosen, (at) => values[at]!)
    return [{ child: taken(weight.sketch!), candidates: others.map((other) => taken(other.weight.sketch!)) }]
  })
}

function noiseAt({ child, candidates }: Sample, base: number, k: number): number {
  return Math.max(Math.abs(child[k]!), Math.abs(candidates[base]![k]!)) * 2 ** -22
}

function changeAt({ child, candidates }: Sample, base: number, k: number): number {
  return child[k]! - candidates[base]![k]!
}

function isUntouched(sample: Sample, base: number, k: number): boolean {
  return Math.abs(changeAt(sample, base, k)) <= noiseAt(sample, base, k)
}

/** Elements of the child, or of another candidate, that are the base's, in tensors that changed at all. */
function untouched(samples: readonly Sample[], base: number, other?: number): number {
  return samples.reduce((sum, sample) => {
    const seen = other === undefined ? sample : { ...sample, child: sample.candidates[other]! }
    const same = seen.child.reduce((total, _, k) => total + Number(isUntouched(seen, base, k)), 0)
    return same === seen.child.length ? sum : sum + same
  }, 0)
}

function madeOf(base: number, usable: readonly number[], samples: readonly Sample[], count: number): Made | null {
  // another that was thinned out about the same base is no parent
  const isDense = (i: number) => untouched(samples, base, i) < MIN_UNTOUCHED * count
  const open = samples.map((sample) => sample.child.map((_, k) => Number(!isUntouched(sample, base, k))))
  const zeros = count - open.reduce((sum, some) => sum + some.reduce((total, one) => total + one, 0), 0)
  const parts: Part[] = []
  let singles = 0
  while (parts.length < MAX_PARENTS) {
    const options = usable.filter((i) => i !== base && parts.every(({ candidate }) => candidate !== i) && isDense(i))
    const found = options.map((candidate) => partOf(candidate, base, samples, open))
    const [best] = found.sort((x, y) => y.hits - x.hits)
    if (!best || best.hits < MIN_SHARE * count) break
    parts.push(best)
    singles += close(best, base, samples, open)
  }
  if (parts.length < 2) return null
  const rest = open.reduce((sum, some) => sum + some.reduce((total, one) => total + one, 0), 0)
  const sums = sumsOf(parts, base, samples, open)
  const explained = (zeros + singles + sums) / count
  if (explained < MIN_EXPLAINED) return null
  const density = 1 - (zeros / count) ** (1 / parts.length)
  if (sums * 2 >= rest && sums >= MIN_COUNT) {
    return { base, parts, method: 'dare', density, explained, weights: dareWeights(parts, samples, density) }
  }
  const weights = tiesWeights(parts, base, samples, open)
  return weights && { base, parts, method: 'ties', density, explained, weights }
}

/** How often one candidate's change, times one factor for each tensor, is all that is left. */
function partOf(candidate: number, base: number, samples: readonly Sample[], open: readonly Float64Array[]): Part {
  let hits = 0
  const factors = samples.map((sample, t) => {
    const ratios: number[] = []
    sample.child.forEach((_, k) => {
      if (open[t]![k] === 0) return
      const change = sample.candidates[candidate]![k]! - sample.candidates[base]![k]!
      const ratio = changeAt(sample, base, k) / change
      if (Math.abs(change) >= MIN_CHANGE * noiseAt(sample, base, k) && ratio > 0) ratios.push(ratio)
    })
    const mode = modeOf(ratios)
    if (!mode || mode.count < Math.max(MIN_COUNT, MIN_SHARE * sample.child.length)) return null
    hits += mode.count
    return mode.value
  })
  return { candidate, factors, hits }
}

/** Those that this part explains are looked at no more; says how many. */
function close(part: Part, base: number, samples: readonly Sample[], open: readonly Float64Array[]): number {
  let closed = 0
  samples.forEach((sample, t) => {
    open[t]!.forEach((isOpen, k) => {
      if (isOpen === 0 || !isSum([part], base, sample, t, k)) return
      open[t]![k] = 0
      closed++
    })
  })
  return closed
}

function isSum(parts: readonly Part[], base: number, sample: Sample, t: number, k: number): boolean {
  const from = sample.candidates[base]![k]!
  let value = 0
  for (const { candidate, factors } of parts) {
    if (factors[t] === null) return false
    value += factors[t]! * (sample.candidates[candidate]![k]! - from)
  }
  const error = 4 * noiseAt(sample, base, k) + WINDOW * Math.abs(value)
  return Math.abs(changeAt(sample, base, k) - value) <= error
}

function sumsOf(parts: Part[], base: number, samples: readonly Sample[], open: readonly Float64Array[]): number {
  const numbers = parts.map((_, i) => i)
  const groups = [...pairsOf(numbers), ...triplesOf(numbers)].map((group) => group.map((i) => parts[i]!))
  return samples.reduce((sum, sample, t) => {
    const isOne = (k: number) => groups.some((group) => isSum(group, base, sample, t, k))
    return sum + open[t]!.reduce((total, isOpen, k) => total + Number(isOpen !== 0 && isOne(k)), 0)
  }, 0)
}

/** What was kept was made larger by as much as was left out. */
function dareWeights(parts: readonly Part[], samples: readonly Sample[], density: number): number[] {
  const weights = parts.map(({ factors }) => {
    let [sum, size] = [0, 0]
    factors.forEach((factor, t) => {
      if (factor === null) return
      sum += factor * samples[t]!.child.length
      size += samples[t]!.child.length
    })
    return (density * sum) / size
  })
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / (Math.abs(sum - 1) < SUM_ERROR ? sum : 1))
}

/** Where two parents of one sign were kept the child holds their weighted mean, so that their shares can be read off. */
function tiesWeights(
  [first, ...others]: readonly Part[],
  base: number,
  samples: readonly Sample[],
  open: readonly Float64Array[],
): number[] | null {
  const weights = [1]
  for (const other of others) {
    const shares: number[] = []
    samples.forEach((sample, t) => {
      const factor = first!.factors[t] ?? null
      if (factor === null) return
      sample.child.forEach((_, k) => {
        if (open[t]![k] === 0) return
        const from = sample.candidates[base]![k]!
        const [x, y] = [first!, other].map(({ candidate }) => sample.candidates[candidate]![k]! - from)
        const share = (changeAt(sample, base, k) / factor - y!) / (x! - y!)
        if (x! * y! > 0 && share > 0 && share < 1) shares.push(share)
      })
    })
    const mode = modeOf(shares)
    if (!mode || mode.count < MIN_COUNT - 1) return null
    weights.push((1 - mode.value) / mode.value)
  }
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const shares = weights.map((weight) => weight / sum)
  // a parent with hardly a share is the base, seen from one of its fine-tunes
  return shares.some((share) => share < MIN_TIES_SHARE) ? null : shares
}

/** The value about which most lie, within `WINDOW` of itself. */
function modeOf(values: number[]): { value: number; count: number } | null {
  const logs = Float64Array.from(values, Math.log).sort()
  let [first, last] = [0, 0]
  for (let from = 0, to = 0; from < logs.length; from++) {
    while (to < logs.length && logs[to]! - logs[from]! <= WINDOW) to++
    if (to - from > last - first) [first, last] = [from, to]
  }
  return last === first ? null : { value: Math.exp(logs[(first + last) >> 1]!), count: last - first }
}

function mergeOf({ base, parts, method, density, weights }: Made, { child, candidates, gram, left }: Setting): Merge {
  const rest = 1 - weights.reduce((sum, weight) => sum + weight, 0)
  const members = [base, ...parts.map(({ candidate }) => candidate)]
  const shares = [rest, ...weights]
  const squared = members.reduce(
    (sum, i, m) => sum + members.reduce((own, j, n) => own + shares[m]! * shares[n]! * gram[i]![j]!, 0),
    0,
  )
  return {
    ...left(Math.max(0, squared)),
    child,
    method,
    density,
    base: candidates[base]!.subject,
    parents: parts.map(({ candidate }, i) => ({ subject: candidates[candidate]!.subject, weight: weights[i]! })),
  }
}
