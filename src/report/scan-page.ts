import type { ScanReport } from '../contract/scan.ts'
import { visible } from './escape.ts'
import { type Families, familiesOf } from './family.ts'
import { type Html, html } from './html.ts'
import type { Language, Translate } from './language.ts'
import { familySections } from './page-family.ts'
import type { PageContext, Section } from './page-parts.ts'
import { readingSection } from './page-reading.ts'
import { PAGE_STYLE } from './page-style.ts'
import { pageSummary } from './page-summary.ts'
import { findingsSection, lookAlikesSection, problemsSection, singlesSection } from './page-tables.ts'
import { namesOf } from './relation-text.ts'

export interface PageOptions {
  t: Translate
  language: Language
  /** When the page was made, as it is to be shown. */
  generated: string
  version: string
}

/**
 * Nothing is fetched and nothing runs: the page can be mailed, archived and opened anywhere, and a hostile name that got
 * past the escaping would still find scripts and requests forbidden.
 */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** The result of `yukue scan` as one self-contained HTML page. */
export function renderScanPage(report: ScanReport, options: PageOptions): string {
  const { t, language } = options
  const context: PageContext = { t, language, nameOf: namesOf(report.models) }
  const families = familiesOf(report)
  const sections = [
    pageSummary(report, families, t),
    familiesSection(families, context),
    lookAlikesSection(report, context),
    findingsSection(report, context),
    problemsSection(report, context),
    singlesSection(families.singles, context),
    readingSection(t),
  ].filter((section) => section !== null)
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${t('page.title')} – Yukue</title>
<style>${{ markup: PAGE_STYLE }}</style>
</head>
<body>
${masthead(options)}
${contents(sections, t)}
<main>
${sections.map(({ id, heading, content }) => {
  return html`<section id="${id}"><h2>${heading}</h2>\n${content}</section>\n`
})}</main>
</body>
</html>
`
  return page.markup
}

function masthead({ t, generated, version }: PageOptions): Html {
  return html`<header>
<div class="brand">${MARK}<span>Yukue <span lang="ja">行方</span></span></div>
<h1>${t('page.title')}</h1>
<p class="soft">${t('page.subtitle')}</p>
<p class="soft when">${visible(t('page.generated', { when: generated, version }))}</p>
</header>`
}

/** One origin, two descendants, one of them uncertain. */
const MARK = html`<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8"><path d="M7 6v12h8"/><path d="M7 10.5h8" stroke-dasharray="2 2"/><circle cx="7" cy="5" r="2.6" fill="currentColor" stroke="none"/><circle cx="17.5" cy="10.5" r="2.2"/><circle cx="17.5" cy="18" r="2.2" fill="currentColor" stroke="none"/></svg>`

function contents(sections: readonly Section[], t: Translate): Html {
  const links = sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)
  return html`<nav aria-label="${t('page.contents')}"><ul>${links}</ul></nav>`
}

function familiesSection({ families }: Families, context: PageContext): Section {
  const { t } = context
  const heading = t('page.families.heading')
  if (families.length === 0) return { id: 'families', heading, content: html`<p>${t('page.families.none')}</p>` }
  const content = html`<p>${t('page.families.intro')}</p>
<ul class="key">
<li><svg viewBox="0 0 42 14" aria-hidden="true"><path d="M0 7h34" stroke="currentColor" stroke-width="2"/><path d="M32 2l9 5-9 5z" fill="currentColor"/></svg>${t('page.families.known')}</li>
<li><svg viewBox="0 0 42 14" aria-hidden="true"><path d="M0 7h30" stroke="currentColor" stroke-width="2" stroke-dasharray="4 3"/><text x="33" y="12" font-size="13" font-weight="700" fill="currentColor">?</text></svg>${t('page.families.undetermined')}</li>
</ul>
${familySections(families, context)}`
  return { id: 'families', heading, content }
}
