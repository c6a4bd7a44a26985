/** Simulated data with known answers for coverage.bench.mjs. */
import { EMPTY_CELL } from '../dist/src/observe/scoring.js'
import { normalFrom, randomFrom } from '../dist/src/observe/statistics/random.js'

const random = randomFrom(7)
const normal = () => normalFrom(random)

/** @type {import('../dist/src/observe/question.js').Question} */
export const QUESTION = {
  decision: 'd',
  favourable: ['1'],
  score: null,
  groups: [],
  stratum: null,
  weight: null,
  subject: 's',
  site: null,
  model: null,
  time: null,
  timeFormat: null,
  from: null,
  to: null,
  outcome: null,
  positive: [],
  references: {},
  minimumShare: null,
  unknown: null,
  parentSite: null,
  seed: 1,
}

/**
 * @param {string} name
 * @param {{ n: number, selected: number }} share
 */
export function category(name, share) {
  return { parts: [name], tally: { ...share, scored: 0, scoreSum: 0, scoreSquares: 0 } }
}

/** @param {ReturnType<typeof category>[]} categories */
export function groupsOf(categories) {
  return { categories, unknown: category('', { n: 0, selected: 0 }).tally, unknownValues: [] }
}

/**
 * @param {string} site
 * @param {number} p
 * @param {number} q
 */
export function siteCells(site, p, q) {
  return [
    { group: 'a', rate: p },
    { group: 'b', rate: q },
  ].flatMap(({ group, rate }) => {
    let selected = 0
    for (let i = 0; i < 400; i++) if (random() < rate) selected++
    return [true, false].map((isSelected) => ({
      ...EMPTY_CELL,
      site,
      groups: [group],
      isSelected,
      n: isSelected ? selected : 400 - selected,
    }))
  })
}

/**
 * Decisions about a subject share a rate drawn from a beta distribution of mean `rate` and intraclass correlation 1/3.
 *
 * @param {string} name
 * @param {number} rate
 */
export function clusteredPatterns(name, rate) {
  const counts = new Map()
  for (let subject = 0; subject < 150; subject++) {
    const n = 1 + Math.floor(9 * random())
    const own = beta(2 * rate, 2 * (1 - rate))
    let selected = 0
    for (let i = 0; i < n; i++) if (random() < own) selected++
    const key = `${n} ${selected}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, subjects]) => {
    const [n, selected] = key.split(' ').map(Number)
    return { parts: [name], n: n ?? 0, selected: selected ?? 0, subjects: Number(subjects) }
  })
}

/** Jöhnk's beta variate, for shapes of about one. @param {number} a @param {number} b */
function beta(a, b) {
  for (;;) {
    const [x, y] = [random() ** (1 / a), random() ** (1 / b)]
    if (x + y <= 1 && x + y > 0) return x / (x + y)
  }
}

/** @param {{ treated: boolean, p: number, y: number }[]} rows */
export function armsOf(rows) {
  /** @type {Record<string, number>} */
  const sums = Object.fromEntries(
    'n1 n0 explored w1 w0 y1 y0 w11 w00 ww11 ww00 wy11 wy00 yy11 yy00 ww10 wy10 yw10 yy10'
      .split(' ')
      .map((name) => [name, 0]),
  )
  for (const { treated, p, y } of rows) {
    const arm = treated ? 1 : 0
    const w = 1 / p
    const add = (/** @type {string} */ name, /** @type {number} */ value) => {
      sums[name] = (sums[name] ?? 0) + value
    }
    add(`n${arm}`, 1)
    add('explored', 1)
    add(`w${arm}`, w)
    add(`y${arm}`, w * y)
    add(`w${arm}${arm}`, w * w)
    add(`ww${arm}${arm}`, w * w)
    add(`wy${arm}${arm}`, w * w * y)
    add(`yy${arm}${arm}`, w * w * y * y)
  }
  return /** @type {import('../dist/src/observe/feedback/randomised.js').ArmSums} */ (sums)
}

/**
 * Scores about a threshold at 0, an outcome that bends, and a jump.
 *
 * @param {number} n
 * @param {number} effect
 */
export function sidesOf(n, effect) {
  const bins = new Map()
  for (let i = 0; i < n; i++) {
    const x = normal()
    const y = 0.5 * x + 0.3 * x * x - 0.1 * x ** 3 + (x >= 0 ? effect : 0) + normal()
    const key = `${x >= 0} ${Math.floor(x / 0.002)}`
    const bin = bins.get(key) ?? { n: 0, powers: [0, 0, 0, 0, 0], crosses: [0, 0, 0], squares: 0, beyond: x >= 0 }
    bin.n++
    for (let k = 0; k <= 4; k++) bin.powers[k] += x ** k
    for (let k = 0; k <= 2; k++) bin.crosses[k] += x ** k * y
    bin.squares += y * y
    bins.set(key, bin)
  }
  const all = [...bins.values()]
  return {
    left: all.filter(({ beyond }) => !beyond),
    right: all.filter(({ beyond }) => beyond),
    gap: 0,
    wrongSide: 0,
    reversed: false,
  }
}

const PERIODS = 7
const COHORTS = [2, 4, 5]

/** Effects of .2 at adoption and .1 more each period since; cohorts differ in level, units in level and noise. */
export function panelWith() {
  const cohorts = [null, ...COHORTS].map((adopted, index) => {
    const units = Array.from({ length: adopted === null ? 80 : 40 }, () => {
      const level = normal() + index * 0.3
      return Array.from({ length: PERIODS }, (_, t) => level + 0.05 * t * t + normal() * 0.5 + effectAt(adopted, t))
    })
    return { adopted, name: adopted ?? 0, units: units.length, ...momentsOf(units) }
  })
  const after = COHORTS.map((g) => Array.from({ length: PERIODS - g }, (_, e) => effectAt(g, g + e)))
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const exposures = Array.from({ length: PERIODS - Math.min(...COHORTS) }, (_, e) => 0.2 + 0.1 * e)
  return {
    panel: { periods: Array.from({ length: PERIODS }, (_, t) => t), cohorts, leftOut: [] },
    truth: { group: mean(after.map(mean)), dynamic: mean(exposures) },
  }
}

/** @param {number | null} adopted @param {number} t */
function effectAt(adopted, t) {
  return adopted === null || t < adopted ? 0 : 0.2 + 0.1 * (t - adopted)
}

/** @param {number[][]} units */
function momentsOf(units) {
  const mean = Array.from(
    { length: PERIODS },
    (_, t) => units.reduce((sum, unit) => sum + (unit[t] ?? 0), 0) / units.length,
  )
  const covariance = mean.map((a, p) =>
    mean.map(
      (b, q) => units.reduce((sum, unit) => sum + ((unit[p] ?? 0) - a) * ((unit[q] ?? 0) - b), 0) / (units.length - 1),
    ),
  )
  return { mean, covariance }
}

/**
 * @param {{ estimate: number | null, interval: readonly number[] | null }} feedback
 * @param {number} truth
 */
export function fromFeedback({ estimate, interval }, truth) {
  return estimate === null ? null : { interval, truth, estimate }
}
