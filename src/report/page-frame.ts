import { visible } from './escape.ts'
import { type Html, html } from './html.ts'
import { IMPACT_STYLE } from './impact-style.ts'
import type { Language, Translate } from './language.ts'
import type { Section } from './page-parts.ts'
import { PAGE_STYLE } from './page-style.ts'

export interface FrameOptions {
  t: Translate
  language: Language
  /** When the page was made, as it is to be shown. */
  generated: string
  version: string
}

/** As of scan-page.ts: nothing is fetched and nothing runs, so a hostile name that got past the escaping would find both forbidden. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** One self-contained page of sections. */
export function pageOf(title: string, subtitle: string, sections: readonly Section[], options: FrameOptions): string {
  const { t, language, generated, version } = options
  const links = sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)
  const page: Html = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title} – Yukue</title>
<style>${{ markup: PAGE_STYLE + IMPACT_STYLE }}</style>
</head>
<body>
<header>
<div class="brand"><span>Yukue <span lang="ja">行方</span></span></div>
<h1>${title}</h1>
<p class="soft">${subtitle}</p>
<p class="soft when">${visible(t('page.generated', { when: generated, version }))}</p>
</header>
<nav aria-label="${t('page.contents')}"><ul>${links}</ul></nav>
<main>
${sections.map(({ id, heading, content }) => html`<section id="${id}"><h2>${heading}</h2>\n${content}</section>\n`)}</main>
</body>
</html>
`
  return page.markup
}
