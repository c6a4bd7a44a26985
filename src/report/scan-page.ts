import type { ScanReport } from '../contract/scan.ts'
import { type Families, familiesOf } from './family.ts'
import { type Html, html } from './html.ts'
import type { Translate } from './language.ts'
import { familySections } from './page-family.ts'
import type { PageContext, Section } from './page-parts.ts'
import { readingSection } from './page-reading.ts'
import { type PageOptions, pageOf } from './page-shell.ts'
import { pageSummary } from './page-summary.ts'
import { claimsSection, findingsSection, lookAlikesSection, problemsSection, singlesSection } from './page-tables.ts'
import { namesOf } from './relation-text.ts'

/** The result of `yukue scan` as one self-contained HTML page. */
export function renderScanPage(report: ScanReport, options: PageOptions): string {
  const { t, language } = options
  const context: PageContext = { t, language, nameOf: namesOf(report.models) }
  const families = familiesOf(report)
  const sections = [
    pageSummary(report, families, t),
    familiesSection(families, context),
    lookAlikesSection(report, context),
    claimsSection(report, context),
    findingsSection(report, context),
    problemsSection(report, context),
    singlesSection(families.singles, context),
    readingSection(t),
  ].filter((section) => section !== null)
  return pageOf(options, {
    title: t('page.title'),
    subtitle: t('page.subtitle'),
    body: html`${contents(sections, t)}
<main>
${sections.map(({ id, heading, content }) => {
  return html`<section id="${id}"><h2>${heading}</h2>\n${content}</section>\n`
})}</main>`,
  })
}

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
