import { visible } from './escape.ts'
import { type Html, html } from './html.ts'
import type { Language, Translate } from './language.ts'
import { PAGE_STYLE } from './page-style.ts'

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

/** One self-contained page: `body` under a masthead of title and subtitle. */
export function pageOf(
  { t, language, generated, version }: PageOptions,
  { title, subtitle, body, style = '' }: { title: string; subtitle: Html | string; body: Html; style?: string },
): string {
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title} – Yukue</title>
<style>${{ markup: PAGE_STYLE + style }}</style>
</head>
<body>
<header>
<div class="brand">${MARK}<span>Yukue <span lang="ja">行方</span></span></div>
<h1>${title}</h1>
<p class="soft">${subtitle}</p>
<p class="soft when">${visible(t('page.generated', { when: generated, version }))}</p>
</header>
${body}
</body>
</html>
`
  return page.markup
}

/** One origin, two descendants, one of them uncertain. */
const MARK = html`<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8"><path d="M7 6v12h8"/><path d="M7 10.5h8" stroke-dasharray="2 2"/><circle cx="7" cy="5" r="2.6" fill="currentColor" stroke="none"/><circle cx="17.5" cy="10.5" r="2.2"/><circle cx="17.5" cy="18" r="2.2" fill="currentColor" stroke="none"/></svg>`
