/**
 * How often the 95 % intervals hold the truth, and how often findings are false, over simulated audits with a known answer. The table
 * of docs/impact.md is this program's output. Run after `npm run build`:
 *
 *     npm run bench:coverage                    10,000 audits an estimator (minutes)
 *     npm run bench:coverage -- --audits 500    quick
 *     npm run bench:coverage -- --only B:       estimators whose name has this
 */
import { clusteredFigures } from '../dist/src/observe/clusters.js'
import { adjustFamily, disparity } from '../dist/src/observe/disparity.js'
import { effectAtThreshold } from '../dist/src/observe/feedback/discontinuity.js'
import { effectFromArms } from '../dist/src/observe/feedback/randomised.js'
import { staggered } from '../dist/src/observe/feedback/staggered.js'
import { flipFigures } from '../dist/src/observe/flips.js'
import { homogenisation } from '../dist/src/observe/homogenisation.js'
import { acrossSites } from '../dist/src/observe/sites.js'
import { ratioInterval, wilson } from '../dist/src/observe/statistics/intervals.js'
import { mantelHaenszel } from '../dist/src/observe/statistics/mantel-haenszel.js'
import { normalFrom, randomFrom } from '../dist/src/observe/statistics/random.js'
import {
  armsOf,
  category,
  clusteredPatterns,
  fromFeedback,
  groupsOf,
  panelWith,
  QUESTION,
  sidesOf,
  siteCells,
} from './coverage-data.mjs'

const audits = process.argv.includes('--audits') ? Number(process.argv[process.argv.indexOf('--audits') + 1]) : 10_000
const only = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '') : ''
const random = randomFrom(20_240_131)
const normal = () => normalFrom(random)

/**
 * @param {number} n
 * @param {number} p
 */
function binomial(n, p) {
  let count = 0
  for (let i = 0; i < n; i++) if (random() < p) count++
  return count
}

/**
 * @param {number} n
 * @param {number} p
 */
const drawn = (n, p) => ({ n, selected: binomial(n, p) })

/**
 * Cells large enough for the upper bar of 97 % to hold.
 *
 * @param {{ n: number, selected: number }[]} shares
 */
const isLarge = (...shares) => shares.every(({ n, selected }) => n >= 100 && selected >= 5 && n - selected >= 5)

/**
 * One simulated audit: the interval and the truth, or null where the estimator abstains.
 *
 * @typedef {{ interval: readonly (number | null)[] | null, truth: number, estimate?: number | null } | null} Trial
 * @type {{ name: string, setting: string, run: () => Trial }[]}
 */
const estimators = [
  {
    name: 'rate (Wilson)',
    setting: 'n 100–1,000, rate .1–.9',
    run() {
      const truth = 0.1 + 0.8 * random()
      const share = drawn(100 + Math.floor(900 * random()), truth)
      return isLarge(share) ? { interval: wilson(share), truth } : null
    },
  },
  {
    name: 'rate (Wilson), small',
    setting: 'n 10–50, rate .1–.9',
    run() {
      const truth = 0.1 + 0.8 * random()
      return { interval: wilson(drawn(10 + Math.floor(40 * random()), truth)), truth }
    },
  },
  {
    name: 'impact ratio (Katz)',
    setting: 'n 100–1,000, rates .2–.8, reference given',
    run() {
      const [p, q] = [0.2 + 0.6 * random(), 0.2 + 0.6 * random()]
      const [group, reference] = [
        drawn(100 + Math.floor(900 * random()), p),
        drawn(100 + Math.floor(900 * random()), q),
      ]
      return isLarge(group, reference) ? { interval: ratioInterval(group, reference), truth: p / q } : null
    },
  },
  {
    name: 'impact ratio (Koopman), small cells',
    setting: 'n 10–60, rates .05–.4',
    run() {
      const [p, q] = [0.05 + 0.35 * random(), 0.05 + 0.35 * random()]
      const [group, reference] = [drawn(10 + Math.floor(50 * random()), p), drawn(10 + Math.floor(50 * random()), q)]
      const isSmall = [group, reference].some(({ n, selected }) => selected < 5 || n - selected < 5)
      // nobody selected anywhere: no ratio and no interval
      return isSmall && group.selected + reference.selected > 0
        ? { interval: ratioInterval(group, reference), truth: p / q }
        : null
    },
  },
  {
    name: 'impact ratio, simultaneous, all of 6',
    setting: 'n 300, all rates .4, reference the noisy maximum',
    run() {
      const tallies = Array.from({ length: 6 }, (_, index) => category(String(index), drawn(300, 0.4)))
      const { categories } = disparity(groupsOf(tallies), { reference: null, minimumShare: 0 })
      const all = categories.map(({ figures }) => figures.simultaneousInterval ?? [1, 1])
      return {
        interval: [Math.max(...all.map(([low]) => low)), Math.min(...all.map(([, high]) => high ?? Infinity))],
        truth: 1,
      }
    },
  },
  {
    name: 'odds ratio over strata (Mantel–Haenszel, RBG)',
    setting: '6 strata of 100 + 100, odds ratio 1.5',
    run() {
      const strata = Array.from({ length: 6 }, (_, index) => {
        const base = 0.15 + 0.12 * index
        const odds = (1.5 * base) / (1 - base)
        return { category: drawn(100, odds / (1 + odds)), reference: drawn(100, base) }
      })
      // a ratio of sums is unbiased in large samples only: no bias is claimed
      return { interval: mantelHaenszel(strata).interval, truth: 1.5 }
    },
  },
  {
    name: 'site less parent site (MOVER)',
    setting: 'n 400 each, ratios .75 and .9',
    run() {
      const cells = [...siteCells('parent', 0.45, 0.5), ...siteCells('child', 0.375, 0.5)]
      const whole = disparity(
        groupsOf([category('a', { n: 800, selected: 330 }), category('b', { n: 800, selected: 400 })]),
        {
          reference: ['b'],
          minimumShare: 0,
        },
      )
      const { sites } = acrossSites(cells, 'group', 0, whole, 'parent')
      const child = sites.find(({ site }) => site === 'child')
      return { interval: child?.interval ?? null, truth: 0.75 - 0.9, estimate: child?.difference ?? null }
    },
  },
  {
    name: 'impact ratio, subjects repeat (bootstrap)',
    setting: '150 subjects a group, 1–9 decisions each, intraclass correlation .33',
    run() {
      const patterns = [...clusteredPatterns('a', 0.4), ...clusteredPatterns('b', 0.5)]
      const figures = clusteredFigures(patterns, ['b'], Math.floor(random() * 2 ** 32))(['a'])
      return { interval: figures?.impactRatioInterval ?? null, truth: 0.8 }
    },
  },
  {
    name: 'flips of one model to another (Agresti–Min)',
    setting: '400 inputs, 12 % losses, 8 % gains',
    run() {
      const cells = Array.from({ length: 400 }, () => {
        const u = random()
        const [parentRight, childRight] = u < 0.12 ? [true, false] : u < 0.2 ? [false, true] : [true, true]
        return { parentRight, childRight, changed: parentRight !== childRight, groups: [], n: 1 }
      })
      const { differenceInterval, difference } = flipFigures(cells, [])
      return { interval: differenceInterval, truth: -0.04, estimate: difference }
    },
  },
  {
    name: 'refused by all ÷ expected (delta method)',
    setting: '1,000 subjects, 3 deployers, shared difficulty',
    run() {
      const counts = new Map()
      for (let i = 0; i < 1000; i++) {
        const rate = random() < 0.5 ? 0.2 : 0.6
        const refused = [0, 1, 2].map(() => (random() < rate ? '1' : '0')).join('')
        counts.set(refused, (counts.get(refused) ?? 0) + 1)
      }
      const patterns = [...counts].map(([refused, subjects]) => ({ refused, subjects, stratum: '', groups: [] }))
      const result = homogenisation({ deployers: ['a', 'b', 'c'], patterns, incomplete: 0 }, QUESTION, {})
      return { interval: result?.interval ?? null, truth: (0.5 * (0.008 + 0.216)) / 0.064 }
    },
  },
  {
    name: 'A: randomised, 1/p weights',
    setting: '2,000 decisions, p .2 or .6, effect .3',
    run() {
      const rows = Array.from({ length: 2000 }, () => {
        const p = random() < 0.5 ? 0.2 : 0.6
        const treated = random() < p
        return { treated, p: treated ? p : 1 - p, y: p * 2 + (treated ? 0.3 : 0) + normal() }
      })
      return fromFeedback(effectFromArms(armsOf(rows), { holdout: null, probability: 'p' }), 0.3)
    },
  },
  {
    name: 'B: regression discontinuity',
    setting: '4,000 decisions, curved outcome, effect .4',
    run() {
      return fromFeedback(effectAtThreshold(sidesOf(4000, 0.4)), 0.4)
    },
  },
  {
    name: 'C: staggered adoption, over cohorts',
    setting: '3 cohorts of 40, 80 never, 7 periods, effects grow with time',
    run() {
      const { panel, truth } = panelWith()
      return fromFeedback(staggered(panel), truth.group)
    },
  },
  {
    name: 'C: staggered adoption, over exposure',
    setting: 'the same',
    run() {
      const { panel, truth } = panelWith()
      const { dynamic, dynamicInterval } = staggered(panel)
      return dynamic === null ? null : { interval: dynamicInterval, truth: truth.dynamic, estimate: dynamic }
    },
  },
]

print('| estimator | setting | audits | coverage | bias (standard errors) | set aside |')
print('|---|---|---|---|---|---|')
for (const { name, setting, run } of estimators.filter(({ name }) => name.includes(only))) {
  let [tried, held, abstained, sum, squares, estimates] = [0, 0, 0, 0, 0, 0]
  while (tried < audits) {
    const trial = run()
    if (trial === null || trial.interval === null) {
      abstained++
      continue
    }
    tried++
    const [low, high] = trial.interval
    if ((low ?? -Infinity) <= trial.truth && trial.truth <= (high ?? Infinity)) held++
    if (typeof trial.estimate !== 'number') continue
    estimates++
    sum += trial.estimate - trial.truth
    squares += (trial.estimate - trial.truth) ** 2
  }
  const mean = sum / estimates
  const bias = estimates > 0 ? (mean / Math.sqrt((squares / estimates - mean ** 2) / estimates)).toFixed(1) : '–'
  const passed = abstained > 0 ? `${((100 * abstained) / (tried + abstained)).toFixed(1)} %` : '–'
  print(
    `| ${name} | ${setting} | ${tried.toLocaleString('en-GB')} | ${((100 * held) / tried).toFixed(2)} % | ${bias} | ${passed} |`,
  )
}
print('')
print(
  `False findings on null data with 60 categories: ${(100 * falseFindings()).toFixed(2)} % of ${audits.toLocaleString('en-GB')} runs (bar 5 %).`,
)

/** Sixty categories of equal rates, sizes 20 to 400; a run with any adjusted p below .05 is false. */
function falseFindings() {
  let alarms = 0
  for (let run = 0; run < audits; run++) {
    const tallies = Array.from({ length: 60 }, (_, index) =>
      category(String(index), drawn(20 + Math.floor(380 * random()), 0.3)),
    )
    const { categories } = disparity(groupsOf(tallies), { reference: null, minimumShare: 0 })
    adjustFamily(categories)
    if (categories.some(({ figures }) => figures.adjustedP !== null && figures.adjustedP < 0.05)) alarms++
  }
  return alarms / audits
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
