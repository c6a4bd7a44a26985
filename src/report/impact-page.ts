import { html } from './html.ts'
import { IMPACT_STYLE } from './impact-style.ts'
import type { Section } from './page-parts.ts'
import { type PageOptions, pageOf } from './page-shell.ts'

/** One self-contained page of sections, with charts. */
export function impactPage(
  options: PageOptions,
  title: string,
  subtitle: string,
  sections: readonly Section[],
): string {
  const links = sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)
  const parts = sections.map(
    ({ id, heading, content }) => html`<section id="${id}"><h2>${heading}</h2>\n${content}</section>\n`,
  )
  const body = html`<nav aria-label="${options.t('page.contents')}"><ul>${links}</ul></nav>
<main>
${parts}</main>`
  return pageOf(options, { title, subtitle, body, style: IMPACT_STYLE })
}
