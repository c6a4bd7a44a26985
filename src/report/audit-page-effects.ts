import type { AuditReport } from '../contract/audit.ts'
import type { Charts } from './chart.ts'
import { shown, visible } from './escape.ts'
import { percentText, wholeText } from './figures.ts'
import { type Html, html } from './html.ts'
import { effectText } from './impact-lead.ts'
import { ratioText } from './impact-sentences.ts'
import type { Translate } from './language.ts'
import { type Column, foreign, MESSAGE_CHARACTERS, type Section, table } from './page-parts.ts'

/** What use of the model changed, or why this log cannot tell. */
export function feedbackSection({ feedback }: AuditReport, t: Translate, charts: Charts): Section | null {
  if (!feedback) return null
  const { grade, estimand, estimate, interval, effects, byExposure, reason } = feedback
  const lead =
    grade === null || estimate === null || interval === null
      ? t('audit.notIdentifiable')
      : t('audit.feedbackEstimate', {
          grade: t(`audit.grade.${grade}`),
          estimand: estimand ?? '',
          estimate: effectText(estimate),
          low: effectText(interval[0]),
          high: effectText(interval[1]),
        })
  const points = byExposure.map(({ exposure, estimate: value }) => ({
    x: exposure,
    y: value,
    series: t('audit.column.effect'),
  }))
  const chart =
    points.length > 1
      ? charts.lines(points, t('audit.column.period'), t('audit.column.effect'), t('audit.heading.feedback'))
      : null
  const content = html`<p class="lead">${lead}</p><p>${shown(reason, MESSAGE_CHARACTERS)}</p>${chart}${effectsTable(effects, t)}`
  return { id: 'feedback', heading: t('audit.heading.feedback'), content }
}

function effectsTable(effects: NonNullable<AuditReport['feedback']>['effects'], t: Translate): Html | null {
  if (effects.length === 0) return null
  const columns: Column[] = [
    { heading: t('audit.column.cohort'), kind: 'text' },
    { heading: t('audit.column.period'), kind: 'text' },
    { heading: t('audit.column.effect'), kind: 'number' },
    { heading: t('audit.column.rateInterval'), kind: 'number' },
  ]
  const rows = effects.map(({ cohort, period, estimate, interval }) => [
    foreign(String(cohort)),
    foreign(String(period)),
    html`${effectText(estimate)}`,
    html`${interval?.map(effectText).join(' – ') ?? '–'}`,
  ])
  return table(t('audit.column.effect'), columns, rows)
}

/** Who was refused by all, and how often independent deployers would do that. */
export function homogenisationSection({ homogenisation: result }: AuditReport, t: Translate): Section | null {
  if (!result) return null
  const sentence = t('audit.homogenisation', {
    subjects: wholeText(result.subjects),
    deployers: result.deployers,
    observed: percentText(result.allRefused),
    expected: percentText(result.expected),
    ratio: result.ratio === null ? '–' : ratioText(result.ratio),
    low: result.interval ? ratioText(result.interval[0]) : '–',
    high: result.interval ? ratioText(result.interval[1]) : '–',
  })
  const columns: Column[] = (['refusals', 'observed', 'expected'] as const).map((key) => ({
    heading: t(`audit.column.${key}`),
    kind: 'number',
  }))
  const rows = result.distribution.map(({ refusals, observed, expected }) => [
    html`${refusals}`,
    html`${percentText(observed)}`,
    html`${percentText(expected)}`,
  ])
  const heading = t('audit.heading.homogenisation')
  const groups = result.byGroup.map(
    (part) =>
      html`<li>${visible(`${part.attribute}=${part.category}`)}: ${part.ratio === null ? '–' : ratioText(part.ratio)}</li>`,
  )
  return {
    id: 'homogenisation',
    heading,
    content: html`<p>${sentence}</p><ul>${groups}</ul>${table(heading, columns, rows)}`,
  }
}
