import type { AuditFigures } from '../contract/audit.ts'
import { benjaminiHochberg, holm } from './statistics/adjust.ts'
import { upperQuantile } from './statistics/distributions.ts'
import { fisherExact } from './statistics/fisher.ts'
import { ratioInterval, type Share, wilson } from './statistics/intervals.ts'
import { compareParts, emptyTally, type GroupTally, minus, plus, type Tally } from './tally.ts'

/** What repeated decisions about the same subjects make of the figures of one category. */
export interface ClusteredFigures {
  rateInterval: [number, number]
  impactRatioInterval: readonly [number, number | null] | null
  othersP: number | null
}

export interface DisparityOptions {
  /** Chosen, as the parts of its name; otherwise the highest rate. */
  reference: readonly string[] | null
  /** Categories below this share of the known take no part in ratios. */
  minimumShare: number
}

export interface JudgedCategory {
  parts: readonly string[]
  tally: Tally
  figures: AuditFigures
}

export interface Disparity {
  categories: JudgedCategory[]
  reference: JudgedCategory | null
}

/** Rates of every category and their ratios to the reference's. Adjusted p-values come later, over the family (`adjustFamily`). */
export function disparity(groups: GroupTally, options: DisparityOptions): Disparity {
  const known = groups.categories.reduce((sum, { tally }) => plus(sum, tally), emptyTally())
  const isExcluded = (tally: Tally) => tally.n < options.minimumShare * known.n
  const included = groups.categories.filter(({ tally }) => !isExcluded(tally))
  const reference = referenceOf(included, options.reference)
  const pairs = (included.length * (included.length - 1)) / 2
  const categories = groups.categories.map(({ parts, tally }) => {
    const isReference = reference?.parts === parts
    const plain = figuresAlone(tally, isExcluded(tally))
    if (!reference || isExcluded(tally)) return { parts, tally, figures: plain }
    const others = minus(known, tally)
    const figures = isReference
      ? { ...plain, ...REFERENCE, ...againstOthers(tally, others), othersP: null }
      : { ...plain, ...againstReference(tally, reference.tally, pairs), ...againstOthers(tally, others) }
    const bounds = isReference ? null : ratioBounds(tally, reference.tally, groups.unknown)
    return { parts, tally, figures: { ...figures, impactRatioBounds: bounds } }
  })
  return { categories, reference: categories.find(({ parts }) => parts === reference?.parts) ?? null }
}

const REFERENCE = {
  impactRatio: 1,
  impactRatioInterval: [1, 1],
  simultaneousInterval: [1, 1],
  fisherP: null,
} satisfies Partial<AuditFigures>

/** The highest rate; among equals the larger category, then the first by code point (the order they are in). */
function referenceOf(included: GroupTally['categories'], chosen: readonly string[] | null) {
  if (chosen !== null) return included.find(({ parts }) => compareParts(parts, chosen) === 0) ?? null
  return included.reduce<(typeof included)[number] | null>((best, next) => {
    if (!best) return next
    // cross-multiplied: equal rates of different sizes must compare as equal
    const gap = next.tally.selected * best.tally.n - best.tally.selected * next.tally.n
    return gap > 0 || (gap === 0 && next.tally.n > best.tally.n) ? next : best
  }, null)
}

function figuresAlone(tally: Tally, excluded: boolean): AuditFigures {
  return {
    n: tally.n,
    selected: tally.selected,
    rate: tally.selected / tally.n,
    rateInterval: wilson(tally),
    impactRatio: null,
    impactRatioInterval: null,
    simultaneousInterval: null,
    impactRatioBounds: null,
    fisherP: null,
    othersP: null,
    adjustedP: null,
    screenedP: null,
    z: null,
    standardDeviations: null,
    shortfall: null,
    standardisedMeanDifference: null,
    excluded,
  }
}

function againstReference(tally: Share, reference: Share, pairs: number) {
  // Bonferroni over all pairs: it then does not matter which of them turned out the highest
  const simultaneous = upperQuantile(0.025 / Math.max(1, pairs))
  return {
    impactRatio: reference.selected > 0 ? tally.selected / tally.n / (reference.selected / reference.n) : null,
    impactRatioInterval: bounded(ratioInterval(tally, reference)),
    simultaneousInterval: bounded(ratioInterval(tally, reference, simultaneous)),
    fisherP: fisherExact(tally.selected, tally.n, reference.selected, reference.n),
  }
}

function bounded(interval: readonly [number, number | null] | null): [number, number | null] | null {
  return interval === null ? null : [interval[0], interval[1]]
}

function againstOthers(tally: Tally, others: Tally) {
  if (others.n === 0) return {}
  const total = tally.n + others.n
  const chosen = tally.selected + others.selected
  const expected = (tally.n * chosen) / total
  const refused = total - chosen
  const hypergeometric = Math.sqrt((expected * others.n * refused) / (total * (total - 1)))
  const pooled = chosen / total
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / tally.n + 1 / others.n))
  const gap = tally.selected - expected
  return {
    othersP: fisherExact(tally.selected, tally.n, others.selected, others.n),
    z: error > 0 ? (tally.selected / tally.n - others.selected / others.n) / error : null,
    standardDeviations: hypergeometric > 0 ? gap / hypergeometric : null,
    shortfall: -gap,
    standardisedMeanDifference: standardisedDifference(tally, others),
  }
}

/** Difference of mean scores ÷ the pooled standard deviation (Cohen's d). */
function standardisedDifference(first: Tally, second: Tally): number | null {
  if (first.scored < 2 || second.scored < 2) return null
  const squares = (tally: Tally) => tally.scoreSquares - tally.scoreSum ** 2 / tally.scored
  const variance = (squares(first) + squares(second)) / (first.scored + second.scored - 2)
  const gap = first.scoreSum / first.scored - second.scoreSum / second.scored
  return variance > 0 ? gap / Math.sqrt(variance) : null
}

/** The ratio when the people of unknown category were all refused here and selected there, and the other way round. */
function ratioBounds(tally: Share, reference: Share, unknown: Share): [number, number | null] | null {
  if (unknown.n === 0) return null
  const refused = unknown.n - unknown.selected
  const rate = (share: Share, n: number, selected: number) => (share.selected + selected) / (share.n + n)
  const ratio = (a: number, b: number) => (b > 0 ? a / b : null)
  const low = ratio(rate(tally, refused, 0), rate(reference, unknown.selected, unknown.selected))
  const high = ratio(rate(tally, unknown.selected, unknown.selected), rate(reference, refused, 0))
  return low === null ? null : [low, high]
}

/** Puts in what repeated subjects make of the intervals and tests. */
export function withClusters(category: JudgedCategory, clustered: ClusteredFigures | null): JudgedCategory {
  if (!clustered) return category
  const { figures } = category
  return {
    ...category,
    figures: {
      ...figures,
      rateInterval: clustered.rateInterval,
      impactRatioInterval:
        figures.impactRatio === null || figures.fisherP === null
          ? figures.impactRatioInterval
          : bounded(clustered.impactRatioInterval),
      othersP: figures.othersP === null ? null : clustered.othersP,
    },
  }
}

/** Adjusted p-values over one family of tests: all of these categories but references and those left out. */
export function adjustFamily(family: readonly JudgedCategory[]): void {
  const tested = family.filter(({ figures }) => figures.othersP !== null)
  const ps = tested.map(({ figures }) => figures.othersP!)
  const [adjusted, screened] = [holm(ps), benjaminiHochberg(ps)]
  tested.forEach(({ figures }, index) => {
    figures.adjustedP = adjusted[index]!
    figures.screenedP = screened[index]!
  })
}
