import type { PassportReport } from '../contract/passport.ts'
import { actorText, signaturesText } from './actor-text.ts'
import { shown, visible } from './escape.ts'
import { bytesText, shortId } from './figures.ts'
import { type Html, html } from './html.ts'
import type { Language, Translate } from './language.ts'
import { foreign, type Section, table } from './page-parts.ts'
import { PAGE_STYLE } from './page-style.ts'
import { atHandLines, faultLines, openLines, relationLines, signerLines } from './passport-text.ts'
import { type NameOf, namesOf } from './relation-text.ts'
import { figuresText, windowText } from './result-text.ts'

export interface PassportPageOptions {
  t: Translate
  language: Language
  version: string
}

/** Nothing is fetched and nothing runs, as on the page of a scan (scan-page.ts). */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** Past this a page is no longer one that people read; the JSON result has everything. */
const MAX_ROWS = 60

/** The result of `yukue verify PASSPORT` as one page for people. */
export function renderPassportPage(report: PassportReport, { t, language, version }: PassportPageOptions): string {
  const nameOf = namesOf(Object.entries(report.names).map(([id, name]) => ({ id, name })))
  const sections = [verdictSection(report, t), ...contentSections(report, t, nameOf), openSection(report, t)]
  const shownSections = sections.filter((section) => section !== null)
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${t('passport.page.title')} – Yukue</title>
<style>${{ markup: PAGE_STYLE }}</style>
</head>
<body>
<header>
<div class="brand"><span>Yukue <span lang="ja">行方</span></span></div>
<h1>${foreign(report.model?.name ?? report.path)}</h1>
<p class="soft">${t('passport.page.title')}${t('list.colon')}${t('passport.page.subtitle')}</p>
<p class="soft when">${visible(`${report.issued ?? ''} · Yukue ${version}`)}</p>
</header>
<main>
${shownSections.map(({ id, heading, content }) => html`<section id="${id}"><h2>${heading}</h2>\n${content}</section>\n`)}</main>
</body>
</html>
`
  return page.markup
}

const BADGES = { verified: 'verified', disputed: 'high', undecided: 'open', refused: 'high' } as const

function verdictSection(report: PassportReport, t: Translate): Section {
  const { verdict, model, log, statements, issued } = report
  const badge = html`<span class="badge ${BADGES[verdict]}">${t(`passport.verdictName.${verdict}`)}</span>`
  const faults = list(faultLines(report, t))
  const size = { statements, origin: shown(log?.origin ?? '?'), size: log?.size ?? 0, issued: shown(issued ?? '?') }
  const content = html`<p class="lead">${badge} ${t(`passport.verdict.${verdict}`)}</p>
${faults}
${verdict === 'refused' ? null : html`<p><code>${model?.id ?? ''}</code></p><p class="soft">${t('passport.text.issued', size)}</p><h3>${t('passport.text.signedBy')}</h3>${list(signerLines(report, t))}`}`
  return { id: 'verdict', heading: t('passport.page.verdict'), content }
}

/** Nothing that an altered passport says is put on a page that could be shown without its verdict. */
function contentSections(report: PassportReport, t: Translate, nameOf: NameOf): (Section | null)[] {
  if (report.verdict === 'refused') return []
  const atHand = atHandLines(report, { t, nameOf })
  const relations = relationLines(report.relations, { t, nameOf })
  return [
    atHand.length === 0 ? null : { id: 'at-hand', heading: t('passport.text.atHand'), content: list(atHand)! },
    { id: 'from', heading: t('passport.text.from'), content: hopTable(report, t) },
    {
      id: 'done',
      heading: t('passport.text.done'),
      content: html`<p class="soft">${t('passport.text.doneNote')}</p>${list(relations) ?? nothing(t)}`,
    },
    { id: 'claims', heading: t('passport.text.claims'), content: claimTable(report, t) },
    { id: 'files', heading: t('passport.text.files'), content: fileTable(report, t) },
  ]
}

function openSection(report: PassportReport, t: Translate): Section {
  const content = html`${list(openLines(report, t))}<p>${t('passport.notTruth')}</p>`
  return { id: 'open', heading: t('passport.text.open'), content }
}

function nothing(t: Translate): Html {
  return html`<p>${t('passport.text.nothing')}</p>`
}

function list(lines: readonly string[]): Html | null {
  const items = lines.slice(0, MAX_ROWS).map((line) => html`<li>${line}</li>`)
  return items.length === 0 ? null : html`<ul>${items}</ul>`
}

function hopTable({ hops, incidents, evaluations, results }: PassportReport, t: Translate): Html {
  const rows = hops.slice(0, MAX_ROWS).map(({ at, event, from, to, status, confirmed, signatures }) => {
    const ends = t('ledger.fromTo', { from: actorText(t, from), to: actorText(t, to) })
    const isBetween = from !== null && to !== null && from.id !== to.id
    const standing = [
      t(`status.${status}.name`),
      ...(isBetween ? [t(confirmed ? 'ledger.confirmed' : 'ledger.unconfirmed')] : []),
      ...signaturesText(t, signatures),
    ]
    return [
      html`${shown(at, 40)}`,
      html`${t(`ledger.event.${event}`)}`,
      html`<bdi>${ends}</bdi>`,
      html`${standing.join(' · ')}`,
    ]
  })
  const others = [
    ...evaluations.map(({ at, suite, by, status, metrics }) => {
      const figures = Object.entries(metrics).map(([name, value]) => `${shown(name, 40)} ${value}`)
      return [
        html`${shown(at, 40)}`,
        html`${t('ledger.evaluations')}`,
        html`<bdi>${shown(suite, 80)}</bdi> ${actorText(t, by)}`,
        html`${[t(`status.${status}.name`), ...figures].join(' · ')}`,
      ]
    }),
    ...results.map((result) => [
      html`${shown(result.at, 40)}`,
      html`${t(`result.kind.${result.kind}`)}`,
      html`<bdi>${shown(result.site ?? t('result.noSite'), 80)}</bdi> ${windowText(result.window, t)}`,
      html`${[t(`status.${result.status}.name`), figuresText(result, t)].join(' · ')}`,
    ]),
    ...incidents.map(({ at, text, by, status, severity }) => [
      html`${shown(at, 40)}`,
      html`${t('ledger.incidents')} (${t(`severity.${severity}`)})`,
      html`<bdi>${shown(text, 300)}</bdi> ${actorText(t, by)}`,
      html`${t(`status.${status}.name`)}`,
    ]),
  ].slice(0, MAX_ROWS)
  const all = [...rows, ...others]
  if (all.length === 0) return nothing(t)
  const headings = (['when', 'event', 'ends', 'standing'] as const).map((key) => t(`passport.page.${key}`))
  return table(
    t('passport.text.from'),
    headings.map((heading) => ({ heading, kind: 'text' as const })),
    all,
  )
}

function claimTable({ claims }: PassportReport, t: Translate): Html {
  if (claims.length === 0) return nothing(t)
  const rows = claims.slice(0, MAX_ROWS).map(({ subject, value, status, measured, by }) => {
    const kind = { verified: 'verified', inferred: 'inferred', disputed: 'high', attested: 'open', declared: 'open' }[
      status
    ]
    const what = measured?.startsWith('blake3:') ? shortId(measured) : shown(measured ?? '', 60)
    const weights = measured !== null ? what : t(status === 'disputed' ? 'ledger.contradicted' : 'ledger.notMeasured')
    return [
      html`${t(`ledger.claim.${subject}`)}`,
      foreign(value),
      html`<span class="badge ${kind}">${t(`status.${status}.name`)}</span>`,
      html`${weights}`,
      html`${actorText(t, by)}`,
    ]
  })
  const headings = (['claim', 'value', 'standing', 'weights', 'by'] as const).map((key) => t(`passport.page.${key}`))
  return table(
    t('passport.text.claims'),
    headings.map((heading) => ({ heading, kind: 'text' as const })),
    rows,
  )
}

function fileTable({ forms }: PassportReport, t: Translate): Html {
  const files = forms.flatMap((form) => [...form.files, ...form.sideFiles])
  if (files.length === 0) return nothing(t)
  const rows = files
    .slice(0, MAX_ROWS)
    .map(({ name, bytes, sha256 }) => [foreign(name), html`${bytesText(bytes)}`, html`<code>${sha256}</code>`])
  const columns = [
    { heading: t('passport.page.file'), kind: 'place' as const },
    { heading: t('passport.page.size'), kind: 'number' as const },
    { heading: 'SHA-256', kind: 'text' as const },
  ]
  return table(t('passport.text.files'), columns, rows)
}
