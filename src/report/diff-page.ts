import type { DiffReport } from '../contract/diff.ts'
import { claimSign, claimTitle, claimVerdict } from './claim-text.ts'
import { evidenceOf, relationOf, shareText, summarySentences } from './diff-text.ts'
import { shown } from './escape.ts'
import { similarityText } from './figures.ts'
import { distanceText, heatMapOf } from './heat.ts'
import { type Html, html } from './html.ts'
import { HEAT_STYLE, heatTable } from './page-heat.ts'
import { folded, foreign, MESSAGE_CHARACTERS, type PageContext, restNote, table } from './page-parts.ts'
import { type PageOptions, pageOf } from './page-shell.ts'
import { detailsOf, namesOf } from './relation-text.ts'

/** A page of more rows is slow on a phone; the JSON result has all. */
const MAX_ROWS = 500
const OPEN_ROWS = 40

/** The result of `yukue diff` as one self-contained HTML page. */
export function renderDiffPage(report: DiffReport, options: PageOptions): string {
  const { t, language } = options
  const { parent, child, names } = report
  const nameOf = namesOf([
    { id: parent, name: names.parent },
    { id: child, name: names.child },
  ])
  const context: PageContext = { t, language, nameOf }
  const sections = [
    section(t('diff.headings.changes'), changes(report, context)),
    section(t('diff.headings.heat'), heat(report, context)),
    section(t('diff.headings.parts'), parts(report, context)),
    section(t('diff.column.tensor'), tensors(report, context)),
    section(t('diff.headings.onlyInParent'), nameList(report.onlyInParent, context)),
    section(t('diff.headings.onlyInChild'), nameList(report.onlyInChild, context)),
    section(t('diff.headings.sideFiles'), sideFiles(report, context)),
    section(t('diff.headings.claims'), claims(report, context)),
    section(t('diff.headings.unanswered'), unanswered(report, context)),
  ]
  return pageOf(options, {
    title: t('diff.title'),
    subtitle: shown(t('diff.page', names), MESSAGE_CHARACTERS),
    body: html`<main>\n${lead(report, context)}${sections}</main>`,
    style: HEAT_STYLE,
  })
}

function section(heading: string, content: Html | null): Html | null {
  return content && html`<section><h2>${heading}</h2>\n${content}</section>\n`
}

function lead(report: DiffReport, { t }: PageContext): Html {
  const [first, ...more] = summarySentences(t, report).map((sentence) => shown(sentence, 600))
  return html`<section><p class="lead">${first!}</p><p>${more.join(' ')}</p>
<p class="soft">${evidenceOf(t, report)}</p></section>\n`
}

function changes(report: DiffReport, { t, nameOf }: PageContext): Html | null {
  if (report.changes.length === 0) return null
  const kinds = report.changes.map(
    (change) =>
      html`<li><strong>${t(`change.${change}.name`)}</strong>${t('list.colon')}${t(`change.${change}.meaning`)}</li>`,
  )
  const details = detailsOf(t, relationOf(report), nameOf).map(
    ({ label, value }) => html`<li>${shown(label, 40)}${t('list.colon')}${foreign(value)}</li>`,
  )
  return html`<ul>${kinds}</ul>${details.length > 0 ? html`<ul class="soft">${details}</ul>` : null}`
}

function heat(report: DiffReport, { t }: PageContext): Html {
  const map = heatMapOf(report)
  return map ? heatTable(map, t) : html`<p>${t('diff.heat.noLayers')}</p>`
}

function parts({ projections }: DiffReport, { t }: PageContext): Html | null {
  if (projections.length === 0) return null
  const rows = projections
    .slice(0, MAX_ROWS)
    .map(({ projection, tensors: count, changed, relativeDistance, rank }) => [
      foreign(projection),
      html`${count}`,
      html`${changed}`,
      html`${distanceText(relativeDistance)}`,
      html`${rank ?? '–'}`,
    ])
  return table(
    t('diff.headings.parts'),
    [
      { heading: t('diff.column.part'), kind: 'text' },
      { heading: t('diff.column.tensors'), kind: 'number' },
      { heading: t('diff.column.changed'), kind: 'number' },
      { heading: t('diff.column.distance'), kind: 'number' },
      { heading: t('diff.column.rank'), kind: 'number' },
    ],
    rows,
  )
}

function tensors({ tensors: all }: DiffReport, { t }: PageContext): Html | null {
  if (all.length === 0) return null
  const sorted = all.toSorted((a, b) => (b.relativeDistance ?? 0) - (a.relativeDistance ?? 0)).slice(0, MAX_ROWS)
  const rows = sorted.map(({ child, shape, status, relativeDistance, cosine, changed, rank }) => [
    foreign(child),
    html`${shape.join(' × ')}`,
    html`${t(`diff.tensorStatus.${status}`)}`,
    html`${distanceText(relativeDistance)}`,
    html`${cosine === null ? '–' : similarityText(cosine)}`,
    html`${changed === null ? '–' : shareText(changed)}`,
    html`${rank ?? '–'}`,
  ])
  const shownTable = table(
    t('diff.column.tensor'),
    [
      { heading: t('diff.column.tensor'), kind: 'place' },
      { heading: t('diff.column.shape'), kind: 'short' },
      { heading: t('diff.column.status'), kind: 'short' },
      { heading: t('diff.column.distance'), kind: 'number' },
      { heading: t('diff.column.cosine'), kind: 'number' },
      { heading: t('diff.column.share'), kind: 'number' },
      { heading: t('diff.column.rank'), kind: 'number' },
    ],
    rows,
  )
  const content = html`${shownTable}${restNote(t, all.length - rows.length)}`
  return folded(`${t('diff.column.tensors')}${t('list.colon')}${all.length}`, content, rows.length > OPEN_ROWS)
}

function nameList(names: readonly string[], { t }: PageContext): Html | null {
  if (names.length === 0) return null
  const items = names.slice(0, MAX_ROWS).map((name) => html`<li>${foreign(name)}</li>`)
  return html`<ul>${items}</ul>${restNote(t, names.length - items.length)}`
}

function sideFiles({ sideFiles: files }: DiffReport, { t }: PageContext): Html | null {
  const changed = files.filter(({ status }) => status !== 'equal')
  if (changed.length === 0) return null
  const items = changed.map(
    ({ path, status }) => html`<li>${foreign(path)}${t('list.colon')}${t(`diff.sideStatus.${status}`)}</li>`,
  )
  return html`<ul>${items}</ul>`
}

function claims({ claims: all }: DiffReport, { t }: PageContext): Html | null {
  if (all.length === 0) return null
  const items = all.map(
    (claim) => html`<li>${claimSign(claim)} ${foreign(claimTitle(t, claim))}<br>${claimVerdict(t, claim)}</li>`,
  )
  return html`<ul>${items}</ul>`
}

function unanswered({ unanswered: open }: DiffReport, { t }: PageContext): Html | null {
  if (open.length === 0) return null
  return html`<ul>${open.map(({ message }) => html`<li>${message}</li>`)}</ul><p>${t('diff.settle')}</p>`
}
