import type { AuditFigures, AuditReport } from '../contract/audit.ts'
import { columnsOf, wrap } from './columns.ts'
import { shown, visible } from './escape.ts'
import { percentText, wholeText } from './figures.ts'
import { effectText, intervalText, isReference, leadSentences, leftOutText, nextSteps } from './impact-lead.ts'
import {
  type AuditTextContext,
  errorsBlock,
  homogenisationBlock,
  MAX_ROWS,
  NAME_CHARACTERS,
  sitesBlock,
  strataBlock,
} from './impact-text-parts.ts'
import { paintFor } from './paint.ts'
import { ledgerLines } from './result-text.ts'
import type { TextOptions } from './text-context.ts'
import { alignedTable } from './text-table.ts'

/** The result of `yukue audit` for a terminal: what, how sure, what to do next; then the tables. Ends with a line feed. */
export function renderAuditText(report: AuditReport, { t, width, colour }: TextOptions): string {
  const context: AuditTextContext = { t, width, paint: paintFor(colour) }
  const blocks = [
    leadSentences(report, t)
      .flatMap((line) => wrap(line, width))
      .map(context.paint.strong),
    findingsBlock(report, context),
    feedbackBlock(report, context),
    ...report.attributes.map(({ attribute, categories, unknown }) =>
      figuresBlock(
        attribute,
        categories.map(({ category, ...figures }) => ({ name: category, figures })),
        unknown,
        context,
      ),
    ),
    report.intersections.length === 0
      ? []
      : figuresBlock(
          t('audit.heading.intersections'),
          report.intersections.map(({ cell, ...figures }) => ({ name: Object.values(cell).join(' × '), figures })),
          report.intersectionsSummary?.unknown ?? 0,
          context,
        ),
    strataBlock(report, context),
    errorsBlock(report, context),
    sitesBlock(report, context),
    homogenisationBlock(report, context),
    report.fromLedger ? listBlock(t('result.ledger.heading'), ledgerLines(report.fromLedger, t), context) : [],
    listBlock(
      t('audit.heading.notes'),
      report.notes.map(({ text }) => text),
      context,
    ),
    listBlock(
      t('audit.heading.leftOut'),
      report.leftOut.map(({ reason, n }) => `${leftOutText(t, reason)}: ${wholeText(n)}`),
      context,
    ),
    listBlock(t('audit.heading.next'), nextSteps(report, t), context),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function findingsBlock({ findings }: AuditReport, context: AuditTextContext): string[] {
  const { t, paint } = context
  if (findings.length === 0) return []
  const lines = findings.slice(0, MAX_ROWS).flatMap(({ severity, text }) => {
    const mark = `  ${t(`audit.severity.${severity}`)}  `
    const [first, ...rest] = wrap(shown(text, 600), context.width - columnsOf(mark))
    const painted = severity === 'high' ? paint.bad(mark) : paint.unsure(mark)
    return [`${painted}${first}`, ...rest.map((line) => ' '.repeat(columnsOf(mark)) + line)]
  })
  return [paint.strong(t('audit.heading.findings')), ...lines]
}

function feedbackBlock({ feedback }: AuditReport, context: AuditTextContext): string[] {
  if (!feedback) return []
  const { t, paint, width } = context
  const { grade, estimand, estimate, interval } = feedback
  const lines: string[] = []
  if (grade === null) lines.push(t('audit.notIdentifiable'))
  else if (estimate !== null && interval !== null) {
    const [low, high] = interval
    lines.push(
      t('audit.feedbackEstimate', {
        grade: t(`audit.grade.${grade}`),
        estimand: estimand ?? '',
        estimate: effectText(estimate),
        low: effectText(low),
        high: effectText(high),
      }),
    )
  }
  if (feedback.group !== null && feedback.dynamic !== null)
    lines.push(
      t('audit.feedbackAverages', { group: effectText(feedback.group), dynamic: effectText(feedback.dynamic) }),
    )
  lines.push(visible(feedback.reason))
  const effects = feedback.effects
    .slice(0, MAX_ROWS)
    .map(({ cohort, period, estimate: value, interval: range }) => [
      visible(String(cohort)),
      visible(String(period)),
      effectText(value),
      range === null ? '' : `${effectText(range[0])} … ${effectText(range[1])}`,
    ])
  const heads = [
    t('audit.column.cohort'),
    t('audit.column.period'),
    t('audit.column.effect'),
    t('audit.column.rateInterval'),
  ]
  return [
    paint.strong(t('audit.heading.feedback')),
    ...lines.flatMap((line) => wrap(line, width - 2)).map((line) => `  ${line}`),
    ...(effects.length > 0 ? alignedTable([heads, ...effects], paint) : []),
  ]
}

function figuresBlock(
  heading: string,
  rows: readonly { name: string; figures: AuditFigures }[],
  unknown: number,
  { t, paint }: AuditTextContext,
): string[] {
  const heads = [
    'category',
    'selectedOf',
    'rate',
    'rateInterval',
    'ratio',
    'ratioInterval',
    'deviations',
    'fisher',
    'p',
  ] as const
  const lines = rows
    .slice(0, MAX_ROWS)
    .map(({ name, figures }) => [
      shown(name, NAME_CHARACTERS),
      `${wholeText(figures.selected)}/${wholeText(figures.n)}`,
      percentText(figures.rate),
      `${percentText(figures.rateInterval[0])} – ${percentText(figures.rateInterval[1])}`,
      figures.excluded ? t('audit.excluded') : figures.impactRatio === null ? '–' : figures.impactRatio.toFixed(5),
      isReference(figures) ? t('audit.reference') : intervalText(figures.impactRatioInterval, t),
      figures.standardDeviations === null ? '–' : figures.standardDeviations.toFixed(3),
      figures.fisherP === null ? '–' : exactText(figures.fisherP),
      figures.adjustedP === null ? '–' : exactText(figures.adjustedP),
    ])
  const left = rows.length - lines.length
  return [
    paint.strong(visible(heading)),
    ...alignedTable([heads.map((head) => t(`audit.column.${head}`)), ...lines], paint),
    ...(unknown > 0 ? [`  ${t('audit.unknownRow')}: ${wholeText(unknown)}`] : []),
    ...(left > 0 ? [paint.faint(`  ${t('count.more', { count: left })}`)] : []),
  ]
}

/** A p-value with three digits, as papers print it. */
function exactText(p: number): string {
  return p >= 0.001 ? p.toPrecision(3) : p.toExponential(2)
}

function listBlock(heading: string, lines: readonly string[], { paint, width }: AuditTextContext): string[] {
  if (lines.length === 0) return []
  return [
    paint.strong(heading),
    ...lines.flatMap((text) =>
      wrap(shown(text, 600), width - 4).map((line, index) => (index === 0 ? `  • ${line}` : `    ${line}`)),
    ),
  ]
}
