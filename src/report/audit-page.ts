import type { AuditFigures, AuditReport } from '../contract/audit.ts'
import { feedbackSection, homogenisationSection } from './audit-page-effects.ts'
import { type Charts, forestRows, loadCharts, timelineRows } from './chart.ts'
import { shown, visible } from './escape.ts'
import { percentText, probabilityText, wholeText } from './figures.ts'
import { type Html, html } from './html.ts'
import { intervalText, isReference, leadSentences, leftOutText, nextSteps } from './impact-lead.ts'
import { impactPage } from './impact-page.ts'
import { heterogeneityText } from './impact-text-parts.ts'
import type { Translate } from './language.ts'
import { type Column, foreign, MESSAGE_CHARACTERS, type Section, table } from './page-parts.ts'
import type { PageOptions } from './page-shell.ts'
import { ledgerLines } from './result-text.ts'

/** A chart of more rows is no chart; the table lists them all up to its own end. */
const MAX_CHART_ROWS = 60
const MAX_TABLE_ROWS = 400

/** The result of `yukue audit` as one self-contained HTML page with forest plots, rates and a time line. */
export async function renderAuditPage(report: AuditReport, options: PageOptions): Promise<string> {
  const { t } = options
  const charts = await loadCharts()
  const sections = [
    summarySection(report, t),
    findingsSection(report, t),
    ...report.attributes.map((attribute, index) =>
      figuresSection(
        `attribute-${index}`,
        attribute.attribute,
        attribute.categories.map(({ category, ...figures }) => ({ name: category, figures })),
        attribute.unknown,
        { t, charts },
        [timelineChart(report, attribute.attribute, t, charts)],
      ),
    ),
    report.intersections.length === 0
      ? null
      : figuresSection(
          'intersections',
          t('audit.heading.intersections'),
          report.intersections.map(({ cell, ...figures }) => ({ name: Object.values(cell).join(' × '), figures })),
          report.intersectionsSummary?.unknown ?? 0,
          { t, charts },
          [],
        ),
    strataSection(report, t),
    errorsSection(report, t),
    sitesSection(report, t, charts),
    homogenisationSection(report, t),
    feedbackSection(report, t, charts),
    readingSection(report, t),
  ].filter((section) => section !== null)
  return impactPage(options, t('audit.title'), t('audit.subtitle'), sections)
}

function summarySection(report: AuditReport, t: Translate): Section {
  const lead = leadSentences(report, t).map((line) => html`<p class="lead">${line}</p>`)
  const steps = nextSteps(report, t).map((line) => html`<li>${line}</li>`)
  const content = html`${lead}<div class="attention calm"><h3>${t('audit.heading.next')}</h3><ul>${steps}</ul></div>`
  return { id: 'summary', heading: t('audit.heading.summary'), content }
}

function findingsSection({ findings }: AuditReport, t: Translate): Section | null {
  if (findings.length === 0) return null
  const rows = findings.slice(0, MAX_TABLE_ROWS).map(({ severity, text }) => {
    return html`<li><span class="badge ${severity}">${t(`audit.severity.${severity}`)}</span> <bdi>${shown(text, MESSAGE_CHARACTERS)}</bdi></li>`
  })
  return { id: 'findings', heading: t('audit.heading.findings'), content: html`<ul class="steps">${rows}</ul>` }
}

interface Drawing {
  t: Translate
  charts: Charts
}

function figuresSection(
  id: string,
  name: string,
  rows: readonly { name: string; figures: AuditFigures }[],
  unknown: number,
  { t, charts }: Drawing,
  more: readonly (Html | null)[],
): Section {
  const drawn = rows.slice(0, MAX_CHART_ROWS)
  const rates = drawn.map(({ name: own, figures: { rate, rateInterval } }) => ({
    name: own,
    rate,
    low: rateInterval[0],
    high: rateInterval[1],
  }))
  const ratios = forestRows(drawn)
  const content = html`${charts.rates(rates, `${t('audit.heading.rates')} (${t('audit.column.rateInterval')})`)}
${ratios.length > 1 ? charts.forest(ratios, `${t('audit.heading.ratios')} (${t('audit.column.ratioInterval')})`) : null}
${more}${figuresTable(name, rows, t)}
${unknown > 0 ? html`<p class="rest">${t('audit.unknownRow')}: ${wholeText(unknown)}</p>` : null}`
  return { id, heading: visible(name), content }
}

function figuresTable(caption: string, rows: readonly { name: string; figures: AuditFigures }[], t: Translate): Html {
  const columns: Column[] = [
    { heading: t('audit.column.category'), kind: 'text' },
    ...(['selectedOf', 'rate', 'rateInterval', 'ratio', 'ratioInterval', 'deviations', 'p', 'shortfall'] as const).map(
      (key): Column => ({ heading: t(`audit.column.${key}`), kind: 'number' }),
    ),
  ]
  const cells = rows
    .slice(0, MAX_TABLE_ROWS)
    .map(({ name, figures }) => [
      foreign(name),
      html`${wholeText(figures.selected)}/${wholeText(figures.n)}`,
      html`${percentText(figures.rate)}`,
      html`${percentText(figures.rateInterval[0])} – ${percentText(figures.rateInterval[1])}`,
      html`${figures.excluded ? t('audit.excluded') : (figures.impactRatio?.toFixed(4) ?? '–')}`,
      html`${isReference(figures) ? t('audit.reference') : intervalText(figures.impactRatioInterval, t)}`,
      html`${figures.standardDeviations?.toFixed(3) ?? '–'}`,
      html`${figures.adjustedP === null ? '–' : probabilityText(figures.adjustedP)}`,
      html`${figures.shortfall?.toFixed(1) ?? '–'}`,
    ])
  return table(visible(caption), columns, cells)
}

function timelineChart(report: AuditReport, attribute: string, t: Translate, charts: Charts): Html | null {
  const points = timelineRows(report, attribute)
  const weeks = new Set(points.map(({ week }) => week))
  return weeks.size < 2 ? null : charts.timeline(points, report.deployments, t('audit.heading.timeline'))
}

function strataSection({ strata }: AuditReport, t: Translate): Section | null {
  if (strata.column === null || !strata.mantelHaenszel?.length) return null
  const columns: Column[] = [
    { heading: t('audit.column.category'), kind: 'text' },
    { heading: t('audit.column.odds'), kind: 'number' },
    { heading: t('audit.column.rateInterval'), kind: 'number' },
    { heading: t('audit.column.risk'), kind: 'number' },
    { heading: 'χ²', kind: 'number' },
    { heading: t('audit.column.chi'), kind: 'number' },
    { heading: 'p', kind: 'number' },
  ]
  const rows = strata.mantelHaenszel.map((row) => [
    foreign(`${row.attribute}=${row.category}`),
    html`${row.oddsRatio?.toFixed(4) ?? '–'}`,
    html`${row.interval?.map((end) => end.toFixed(4)).join(' – ') ?? '–'}`,
    html`${row.riskRatio?.toFixed(4) ?? '–'}`,
    html`${row.chiSquared?.toFixed(3) ?? '–'}`,
    html`${row.chiSquaredCorrected?.toFixed(3) ?? '–'}`,
    html`${row.p === null ? '–' : probabilityText(row.p)}`,
  ])
  const heading = t('audit.heading.strata', { column: visible(strata.column) })
  return { id: 'strata', heading, content: table(heading, columns, rows) }
}

function errorsSection({ errorRates }: AuditReport, t: Translate): Section | null {
  if (errorRates.length === 0) return null
  const columns: Column[] = [
    { heading: t('audit.column.category'), kind: 'text' },
    ...(['n', 'fpr', 'fnr', 'ppv'] as const).map(
      (key): Column => ({ heading: t(`audit.column.${key}`), kind: 'number' }),
    ),
  ]
  const rate = (value: number | null, range: readonly [number, number] | null) =>
    html`${value === null || range === null ? '–' : `${percentText(value)} (${percentText(range[0])} – ${percentText(range[1])})`}`
  const rows = errorRates
    .slice(0, MAX_TABLE_ROWS)
    .map((row) => [
      foreign(`${row.attribute}=${row.category}`),
      html`${wholeText(row.n)}`,
      rate(row.fpr, row.fprInterval),
      rate(row.fnr, row.fnrInterval),
      rate(row.ppv, row.ppvInterval),
    ])
  return { id: 'errors', heading: t('audit.heading.errors'), content: table(t('audit.heading.errors'), columns, rows) }
}

function sitesSection({ sites, heterogeneity }: AuditReport, t: Translate, charts: Charts): Section | null {
  if (sites.length === 0) return null
  const columns: Column[] = [
    { heading: t('audit.column.site'), kind: 'text' },
    { heading: t('audit.column.category'), kind: 'text' },
    ...(['n', 'rate', 'ratio', 'difference', 'p'] as const).map(
      (key): Column => ({ heading: t(`audit.column.${key}`), kind: 'number' }),
    ),
  ]
  const rows = sites
    .slice(0, MAX_TABLE_ROWS)
    .map((row) => [
      foreign(row.site),
      foreign(`${row.attribute}=${row.category}`),
      html`${wholeText(row.n)}`,
      html`${percentText(row.rate)}`,
      html`${row.impactRatio?.toFixed(4) ?? '–'}`,
      html`${row.difference === null ? '–' : `${row.difference.toFixed(4)} (${row.interval?.map((end) => end.toFixed(4)).join(' – ') ?? '–'})`}`,
      html`${row.adjustedP === null ? '–' : probabilityText(row.adjustedP)}`,
    ])
  const pooled = heterogeneity.map((row) => ({
    name: `${row.attribute}=${row.category}`,
    estimate: row.pooled,
    low: row.interval[0],
    high: row.interval[1],
  }))
  const chart = pooled.length > 0 ? charts.forest(pooled, t('audit.heading.ratios')) : null
  const spread = heterogeneity.map((row) => html`<p>${heterogeneityText(row, t)}</p>`)
  return {
    id: 'sites',
    heading: t('audit.heading.sites'),
    content: html`${spread}${chart}${table(t('audit.heading.sites'), columns, rows)}`,
  }
}

function readingSection(report: AuditReport, t: Translate): Section {
  const terms = [
    [t('audit.column.rate'), t('audit.read.rate')],
    [t('audit.column.ratio'), t('audit.read.ratio')],
    [t('audit.column.p'), t('audit.read.p')],
    [t('audit.column.shortfall'), t('audit.read.shortfall')],
  ].map(([term, meaning]) => html`<dt>${term!}</dt><dd>${meaning!}</dd>`)
  const notes = [
    ...report.notes.map(({ text }) => shown(text, MESSAGE_CHARACTERS)),
    ...report.leftOut.map(
      ({ reason, n }) => `${t('audit.heading.leftOut')}: ${leftOutText(t, reason)}, ${wholeText(n)}`,
    ),
    t('audit.read.limit'),
  ].map((line) => html`<li>${line}</li>`)
  const known = report.fromLedger ? ledgerLines(report.fromLedger, t).map((line) => html`<li>${line}</li>`) : []
  const ledger = known.length === 0 ? null : html`<h3>${t('result.ledger.heading')}</h3><ul>${known}</ul>`
  const files = report.input.files.map(
    ({ path, sha256 }) => html`<div>${foreign(path)} <code class="soft">${sha256}</code></div>`,
  )
  const content = html`<div class="reading"><div><dl>${terms}</dl></div><div><h3>${t('audit.heading.notes')}</h3><ul>${notes}</ul></div></div>
${ledger}
<h3>${t('audit.heading.input')} (SHA-256)</h3>${files}`
  return { id: 'reading', heading: t('audit.heading.reading'), content }
}
