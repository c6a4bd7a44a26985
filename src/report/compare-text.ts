import type { CompareFigures, CompareReport } from '../contract/compare.ts'
import { wrap } from './columns.ts'
import { shown, visible } from './escape.ts'
import { percentText, probabilityText, wholeText } from './figures.ts'
import type { Translate } from './language.ts'
import { type Paint, paintFor } from './paint.ts'
import type { TextOptions } from './text-context.ts'
import { alignedTable } from './text-table.ts'

/** A terminal is scrolled by hand: past these, the JSON result is the better list. */
const MAX_FLIPS = 20
const NAME_CHARACTERS = 40

const LEVEL = 0.05

/** The result of `yukue compare` for a terminal: what changed, how sure, what to do next. Ends with a line feed. */
export function renderCompareText(report: CompareReport, { t, width, colour }: TextOptions): string {
  const paint = paintFor(colour)
  const lead = leadSentences(report, t).flatMap((line) => wrap(line, width))
  const blocks = [
    lead.map(paint.strong),
    ...groupBlocks(report, t, paint),
    flippedBlock(report, t, paint),
    [...leftOutLines(report, t), ...costLines(report, t), t('compare.next')].flatMap((line) => wrap(line, width)),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

/** What somebody who reads nothing else should know. */
export function leadSentences(report: CompareReport, t: Translate): string[] {
  const { items, flips, negativeFlips, positiveFlips, accuracy, mcnemarP } = report
  if (!negativeFlips || !positiveFlips || !accuracy || mcnemarP === null) {
    const [low, high] = flips.interval
    const values = { items: wholeText(items), flips: wholeText(flips.n), rate: percentText(flips.rate) }
    return [t('compare.unlabelled', { ...values, low: percentText(low), high: percentText(high) })]
  }
  const sentences = [
    t('compare.lead', {
      items: wholeText(items),
      negative: wholeText(negativeFlips.n),
      negativeRate: percentText(negativeFlips.rate),
      low: percentText(negativeFlips.interval[0]),
      high: percentText(negativeFlips.interval[1]),
      positive: wholeText(positiveFlips.n),
      positiveRate: percentText(positiveFlips.rate),
    }),
    t('compare.accuracy', {
      parent: percentText(accuracy.parent),
      child: percentText(accuracy.child),
      verdict: mcnemarP < LEVEL ? t('compare.beyond') : t('compare.within'),
      p: probabilityText(mcnemarP),
    }),
  ]
  if (mcnemarP >= LEVEL && flips.n > 0) sentences.push(t('compare.hidden', { flips: wholeText(flips.n) }))
  return sentences
}

function groupBlocks({ groups }: CompareReport, t: Translate, paint: Paint): string[][] {
  const attributes = [...new Set(groups.map(({ attribute }) => attribute))]
  const heads = [
    t('compare.column.group'),
    t('compare.column.items'),
    t('compare.column.negative'),
    t('compare.column.positive'),
    t('compare.column.difference'),
    t('audit.column.p'),
  ]
  return attributes.map((attribute) => {
    const rows = groups
      .filter((group) => group.attribute === attribute)
      .map((group) => [
        shown(group.category, NAME_CHARACTERS),
        wholeText(group.items),
        flipText(group.negativeFlips),
        flipText(group.positiveFlips),
        differenceText(group),
        group.adjustedP === null ? '–' : probabilityText(group.adjustedP),
      ])
    return [
      paint.strong(t('compare.groups', { attribute: visible(attribute) })),
      ...alignedTable([heads, ...rows], paint),
    ]
  })
}

export function flipText(flips: CompareFigures['negativeFlips']): string {
  if (!flips) return '–'
  const [low, high] = flips.interval
  return `${wholeText(flips.n)} (${percentText(low)} – ${percentText(high)})`
}

export function differenceText({ difference, differenceInterval }: CompareFigures): string {
  if (difference === null || !differenceInterval) return '–'
  return `${difference.toFixed(4)} (${differenceInterval.map((end) => end.toFixed(4)).join(' – ')})`
}

function flippedBlock({ flipped, flips }: CompareReport, t: Translate, paint: Paint): string[] {
  if (flipped.length === 0) return []
  const heads = [
    t('compare.column.key'),
    t('compare.column.parent'),
    t('compare.column.child'),
    t('compare.column.truth'),
  ]
  const rows = flipped
    .slice(0, MAX_FLIPS)
    .map(({ key, parent, child, truth }) =>
      [key, parent, child, truth ?? '–'].map((value) => shown(value, NAME_CHARACTERS)),
    )
  const left = flips.n - rows.length
  const rest = left > 0 ? [paint.faint(`  ${t('compare.more', { count: left })}`)] : []
  return [paint.strong(t('compare.flips')), ...alignedTable([heads, ...rows], paint), ...rest]
}

export function leftOutLines({ leftOut }: CompareReport, t: Translate): string[] {
  const of = (reason: string) => leftOut.find((entry) => entry.reason === reason)?.n ?? 0
  const [first, second] = [of('only-in-parent'), of('only-in-child')]
  const missing =
    first + second === 0 ? [] : [t('compare.missing', { first: wholeText(first), second: wholeText(second) })]
  const unanswered = of('truth-missing') + of('prediction-missing')
  return unanswered === 0 ? missing : [...missing, t('compare.unanswered', { count: unanswered })]
}

export function costLines({ cost }: CompareReport, t: Translate): string[] {
  if (!cost) return []
  const price = cost.price === null ? t('compare.noPrice') : cost.price.toFixed(4)
  return [
    t('compare.cost', {
      requests: wholeText(cost.requests),
      tokens: wholeText(cost.promptTokens + cost.answerTokens),
      cost: price,
    }),
  ]
}
