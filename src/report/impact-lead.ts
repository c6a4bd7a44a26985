import type { AuditFigures, AuditReport } from '../contract/audit.ts'
import { shown, visible } from './escape.ts'
import { percentText } from './figures.ts'
import { nextText, ratioText } from './impact-sentences.ts'
import { NAME_CHARACTERS } from './impact-text-parts.ts'
import type { Translate } from './language.ts'

/** What is said of an audit in the terminal, on the page and in the browser alike. */

/** What somebody who reads nothing else should know. */
export function leadSentences(report: AuditReport, t: Translate): string[] {
  const { favourable, window, decisions, rows } = report
  const sentences: string[] = []
  if (favourable && favourable.value === '> median')
    sentences.push(t('audit.lead.scores', { count: decisions, column: visible(favourable.column) }))
  else if (favourable) {
    const { column, value, rate } = favourable
    sentences.push(
      t('audit.lead.decisions', {
        count: decisions,
        rate: percentText(rate),
        column: visible(column),
        value: visible(value),
      }),
    )
  } else sentences.push(t('audit.lead.rows', { count: rows }))
  if (window.from !== null && window.to !== null)
    sentences.push(t('audit.lead.window', { from: window.from, to: window.to }))
  for (const attribute of report.attributes) {
    const lowest = lowestOf(attribute.categories)
    const base = attribute.categories.find(({ category }) => category === attribute.reference)
    if (!lowest || !base || lowest.impactRatioInterval === null) continue
    sentences.push(
      t('audit.lead.lowest', {
        attribute: visible(attribute.attribute),
        category: shown(lowest.category, NAME_CHARACTERS),
        reference: shown(base.category, NAME_CHARACTERS),
        rate: percentText(lowest.rate),
        base: percentText(base.rate),
        ratio: ratioText(lowest.impactRatio ?? 0),
        low: ratioText(lowest.impactRatioInterval[0]),
        high: lowest.impactRatioInterval[1] === null ? t('audit.unbounded') : ratioText(lowest.impactRatioInterval[1]),
      }),
    )
  }
  if (report.attributes.length > 0)
    sentences.push(
      report.findings.length === 0
        ? t('audit.lead.noFindings')
        : t('audit.lead.findings', { count: report.findings.length }),
    )
  return sentences
}

function lowestOf<T extends AuditFigures>(categories: readonly T[]): T | null {
  const compared = categories.filter(
    ({ impactRatio, fisherP, othersP }) => impactRatio !== null && (fisherP ?? othersP) !== null,
  )
  return compared.reduce<T | null>((least, next) => (!least || next.rate < least.rate ? next : least), null)
}

export function nextSteps(report: AuditReport, t: Translate): string[] {
  const seen = new Set<string>()
  const steps = report.findings.flatMap((finding) => {
    if (seen.has(finding.code)) return []
    seen.add(finding.code)
    return [visible(nextText(t, finding as Parameters<typeof nextText>[1]))]
  })
  return [...(steps.length > 0 ? steps : [t('audit.next.none')]), t('audit.next.general')]
}

export function leftOutText(t: Translate, reason: string): string {
  switch (reason) {
    case 'outside-window':
    case 'time-missing':
    case 'decision-missing':
    case 'score-missing':
    case 'torn-line':
    case 'outcome-missing':
    case 'unit-missing':
    case 'probability-missing':
    case 'holdout-missing':
    case 'units-unbalanced':
    case 'units-already-adopted':
    case 'units-adoption-changes':
      return t(`audit.leftOut.${reason}`)
    default:
      return visible(reason)
  }
}

/** Four decimals, as papers print effects. */
export function effectText(value: number): string {
  return Math.abs(value) >= 0.00005 && Math.abs(value) < 1e6
    ? value.toFixed(4)
    : value === 0
      ? '0'
      : value.toExponential(2)
}

export function isReference({ impactRatio, impactRatioInterval }: AuditFigures): boolean {
  return impactRatio === 1 && impactRatioInterval?.[0] === 1 && impactRatioInterval[1] === 1
}

export function intervalText(interval: readonly [number, number | null] | null, t: Translate): string {
  if (interval === null) return '–'
  return `${interval[0].toFixed(4)} – ${interval[1] === null ? t('audit.unbounded') : interval[1].toFixed(4)}`
}
