import type { CharterExplained } from '../contract/charter-reports.ts'
import { type Said, type Told, tellCharter, verdictLines } from './charter-explained.ts'
import { versionText } from './charter-text.ts'
import { shown } from './escape.ts'
import { type Html, html } from './html.ts'
import { type PageOptions, pageOf } from './page-shell.ts'

const BADGES = { meets: 'verified', departs: 'high', undecided: 'open' } as const

/** `yukue charter explain --html`: one page that somebody answers for. */
export function renderCharterPage(report: CharterExplained, options: PageOptions): string {
  const { t } = options
  const { charter, version } = report
  const verdicts = verdictLines(report, t).map(
    ({ verdict, text }) =>
      html`<p class="lead"><span class="badge ${BADGES[verdict]}">${t(`charter.verdict.${verdict}`)}</span> ${text}</p>`,
  )
  const sections = tellCharter(report, t).map(
    (told) => html`<section id="${told.id}"><h2>${told.heading}</h2>\n${content(told)}</section>\n`,
  )
  return pageOf(options, {
    title: `${t('charter.explain.title')}${t('list.colon')}${shown(charter.title ?? charter.name)}`,
    subtitle: version === null ? shown(report.source) : versionText(version, t),
    body: html`<main>${verdicts}${sections}</main>`,
  })
}

/** Lines under their headings, as lists. */
function content({ lines }: Told): Html {
  const groups: { heading: string | null; lines: Said[] }[] = [{ heading: null, lines: [] }]
  for (const line of lines) {
    if (line.isHeading) groups.push({ heading: line.text, lines: [] })
    else groups.at(-1)!.lines.push(line)
  }
  return html`${groups.map(({ heading, lines }) => {
    if (heading === null && lines.length === 0) return null
    return html`${heading === null ? null : html`<h3>${heading}</h3>`}<ul>${lines.map(item)}</ul>\n`
  })}`
}

function item({ text, below }: Said): Html {
  const rest = below.map((line) => html`<br><span class="soft">${line}</span>`)
  return html`<li>${text.replace(/^• /, '')}${rest}</li>`
}
