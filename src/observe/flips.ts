import type { CompareFigures, CompareReport } from '../contract/compare.ts'
import { entryOf } from './entry.ts'
import { holm } from './statistics/adjust.ts'
import { signTest } from './statistics/fisher.ts'
import { normalInterval, wilson } from './statistics/intervals.ts'
import { byCodePoint } from './tally.ts'
import { unknownTest } from './unknown.ts'

/** Inputs that agree in what matters. Right and wrong are null without the right answer. */
export interface PairCell {
  parentRight: boolean | null
  childRight: boolean | null
  changed: boolean
  groups: readonly (string | null)[]
  n: number
}

/** How behaviour changed, over all inputs and in each category (adjusted over categories by Holm). */
export function flipFigures(
  cells: readonly PairCell[],
  attributes: readonly string[],
): CompareFigures & Pick<CompareReport, 'groups'> {
  const isUnknown = unknownTest(null)
  const groups = attributes.flatMap((attribute, index) => {
    const byCategory = new Map<string, PairCell[]>()
    for (const cell of cells) {
      const category = cell.groups[index] ?? null
      if (category !== null && !isUnknown(category)) entryOf(byCategory, category, () => []).push(cell)
    }
    return [...byCategory]
      .sort(([a], [b]) => byCodePoint(a, b))
      .map(([category, own]) => ({ attribute, category, ...figuresOf(own) }))
  })
  const tested = groups.filter(({ mcnemarP }) => mcnemarP !== null)
  const adjusted = holm(tested.map(({ mcnemarP }) => mcnemarP!))
  return {
    ...figuresOf(cells),
    groups: groups.map((group) => ({ ...group, adjustedP: adjusted[tested.indexOf(group)] ?? null })),
  }
}

function figuresOf(cells: readonly PairCell[]): CompareFigures {
  const count = (holds: (cell: PairCell) => boolean) => cells.filter(holds).reduce((sum, { n }) => sum + n, 0)
  const items = count(() => true)
  const share = (n: number) => ({ n, rate: items > 0 ? n / items : 0, interval: wilson({ n: items, selected: n }) })
  const changed = share(count((cell) => cell.changed))
  const judged = count(({ parentRight, childRight }) => parentRight !== null && childRight !== null)
  if (judged < items || items === 0) return { items, flips: changed, ...UNJUDGED }
  const negative = count(({ parentRight, childRight }) => parentRight === true && childRight === false)
  const positive = count(({ parentRight, childRight }) => parentRight === false && childRight === true)
  const accuracy = {
    parent: count(({ parentRight }) => parentRight === true) / items,
    child: count(({ childRight }) => childRight === true) / items,
  }
  return {
    items,
    accuracy,
    negativeFlips: share(negative),
    positiveFlips: share(positive),
    flips: changed,
    mcnemarP: signTest(negative, positive),
    difference: (positive - negative) / items,
    differenceInterval: pairedInterval(positive, negative, items),
  }
}

const UNJUDGED = {
  accuracy: null,
  negativeFlips: null,
  positiveFlips: null,
  mcnemarP: null,
  difference: null,
  differenceInterval: null,
}

/** Half a pair is added to each cell (Agresti and Min, Statistics in Medicine 24, 2005), which keeps the coverage of small tables. */
function pairedInterval(positive: number, negative: number, items: number): [number, number] {
  const [n, gains, losses] = [items + 2, positive + 0.5, negative + 0.5]
  const difference = (gains - losses) / n
  const variance = ((gains + losses) / n - difference * difference) / n
  const [low, high] = normalInterval(difference, Math.sqrt(variance))
  return [Math.max(-1, low), Math.min(1, high)]
}
