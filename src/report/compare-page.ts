import type { CompareFigures, CompareReport } from '../contract/compare.ts'
import { type Charts, type ForestRow, loadCharts } from './chart.ts'
import { costLines, differenceText, flipText, leadSentences, leftOutLines } from './compare-text.ts'
import { shown, visible } from './escape.ts'
import { probabilityText, wholeText } from './figures.ts'
import { type Html, html } from './html.ts'
import { impactPage } from './impact-page.ts'
import type { Translate } from './language.ts'
import { type Column, foreign, MESSAGE_CHARACTERS, type Section, table } from './page-parts.ts'
import type { PageOptions } from './page-shell.ts'

/** A chart of more rows is no chart; the table lists them all up to its own end. */
const MAX_CHART_ROWS = 60
const MAX_TABLE_ROWS = 400

/** The result of `yukue compare` as one self-contained HTML page: flips by group, and the answers that flipped. */
export async function renderComparePage(report: CompareReport, options: PageOptions): Promise<string> {
  const { t } = options
  const charts = await loadCharts()
  const attributes = [...new Set(report.groups.map(({ attribute }) => attribute))]
  const sections = [
    summarySection(report, t),
    ...attributes.map((attribute, index) => groupSection(report, attribute, `group-${index}`, t, charts)),
    flippedSection(report, t),
    inputSection(report, t),
  ].filter((section) => section !== null)
  const names = `${shown(report.parent, MESSAGE_CHARACTERS)} → ${shown(report.child, MESSAGE_CHARACTERS)}`
  return impactPage(options, t('compare.title'), `${names}. ${t('compare.subtitle')}`, sections)
}

function summarySection(report: CompareReport, t: Translate): Section {
  const lead = leadSentences(report, t).map((line) => html`<p class="lead">${line}</p>`)
  const content = html`${lead}<div class="attention calm"><h3>${t('audit.heading.next')}</h3><ul><li>${t('compare.next')}</li></ul></div>`
  return { id: 'summary', heading: t('audit.heading.summary'), content }
}

type Group = CompareReport['groups'][number]

function groupSection(
  { groups, ...whole }: CompareReport,
  attribute: string,
  id: string,
  t: Translate,
  charts: Charts,
): Section {
  const own = groups.filter((group) => group.attribute === attribute)
  const drawn = own.slice(0, MAX_CHART_ROWS)
  const all = { name: t('compare.all'), figures: whole }
  const rows = [all, ...drawn.map((group) => ({ name: group.category, figures: group }))]
  const plot = (key: 'negativeFlips' | 'positiveFlips' | 'flips', label: string) => flipChart(rows, key, label, charts)
  const content = html`${plot('negativeFlips', t('compare.column.negative'))}
${plot('positiveFlips', t('compare.column.positive'))}
${whole.negativeFlips === null ? plot('flips', t('compare.flips')) : null}
${differenceChart(rows, t('compare.column.difference'), charts)}
${groupTable(own, t)}`
  return { id, heading: t('compare.groups', { attribute: visible(attribute) }), content }
}

type Row = { name: string; figures: CompareFigures }

/** Shares of the inputs that flipped, with their intervals; the first row is all inputs. */
function flipChart(
  rows: readonly Row[],
  key: 'negativeFlips' | 'positiveFlips' | 'flips',
  label: string,
  charts: Charts,
) {
  const drawn = rows.flatMap(({ name, figures }): ForestRow[] => {
    const flips = figures[key]
    return flips === null ? [] : [{ name, estimate: flips.rate, low: flips.interval[0], high: flips.interval[1] }]
  })
  return drawn.length === 0 ? null : charts.shares(drawn, label)
}

function differenceChart(rows: readonly Row[], label: string, charts: Charts): Html | null {
  const drawn = rows.flatMap(({ name, figures: { difference, differenceInterval } }): ForestRow[] =>
    difference === null || differenceInterval === null
      ? []
      : [{ name, estimate: difference, low: differenceInterval[0], high: differenceInterval[1] }],
  )
  return drawn.length === 0 ? null : charts.shares(drawn, label)
}

function groupTable(groups: readonly Group[], t: Translate): Html {
  const columns: Column[] = [
    { heading: t('compare.column.group'), kind: 'text' },
    ...(['items', 'negative', 'positive'] as const).map(
      (key): Column => ({ heading: t(`compare.column.${key}`), kind: 'number' }),
    ),
    { heading: t('compare.flips'), kind: 'number' },
    { heading: t('compare.column.difference'), kind: 'number' },
    { heading: t('audit.column.p'), kind: 'number' },
  ]
  const rows = groups
    .slice(0, MAX_TABLE_ROWS)
    .map((group) => [
      foreign(group.category),
      html`${wholeText(group.items)}`,
      html`${flipText(group.negativeFlips)}`,
      html`${flipText(group.positiveFlips)}`,
      html`${flipText(group.flips)}`,
      html`${differenceText(group)}`,
      html`${group.adjustedP === null ? '–' : probabilityText(group.adjustedP)}`,
    ])
  return table(t('compare.column.group'), columns, rows)
}

function flippedSection({ flipped, flips }: CompareReport, t: Translate): Section | null {
  if (flipped.length === 0) return null
  const columns = (['key', 'parent', 'child', 'truth'] as const).map(
    (key): Column => ({ heading: t(`compare.column.${key}`), kind: 'text' }),
  )
  const rows = flipped
    .slice(0, MAX_TABLE_ROWS)
    .map(({ key, parent, child, truth }) => [foreign(key), foreign(parent), foreign(child), foreign(truth ?? '–')])
  const left = flips.n - rows.length
  const rest = left > 0 ? html`<p class="rest">${t('compare.more', { count: left })}</p>` : null
  const heading = t('compare.flips')
  return { id: 'flipped', heading, content: html`${table(heading, columns, rows)}${rest}` }
}

function inputSection(report: CompareReport, t: Translate): Section {
  const lines = [...leftOutLines(report, t), ...costLines(report, t)].map((line) => html`<p>${line}</p>`)
  const files = report.input.files.map(
    ({ path, sha256 }) => html`<div>${foreign(path)} <code class="soft">${sha256}</code></div>`,
  )
  return { id: 'input', heading: t('audit.heading.input'), content: html`${lines}${files}` }
}
