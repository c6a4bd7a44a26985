import { shown } from './escape.ts'
import { shortId } from './figures.ts'
import { type Html, html } from './html.ts'
import type { Language, Translate } from './language.ts'
import type { NameOf } from './relation-text.ts'

/** What a page renderer hands to its parts. */
export interface PageContext {
  t: Translate
  language: Language
  nameOf: NameOf
}

export interface Section {
  /** The anchor. */
  id: string
  heading: string
  content: Html
}

/** A message may quote a name of 4 kB. */
export const MESSAGE_CHARACTERS = 480

/** A name or path from a file, isolated so that right-to-left letters in it move nothing around it. */
export function foreign(text: string): Html {
  return html`<bdi>${shown(text)}</bdi>`
}

export function modelName(id: string, { nameOf }: PageContext): Html {
  return html`${foreign(nameOf(id))} <code class="soft">${shortId(id)}</code>`
}

export interface Column {
  heading: string
  kind: 'text' | 'place' | 'short' | 'number'
}

/**
 * A captioned table. On a phone its rows become blocks with each cell's heading before it; the roles keep it a table for
 * screen readers even so.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly Html[][]): Html {
  const heads = columns.map(({ heading, kind }) => {
    return html`<th role="columnheader" scope="col" class="${kind}">${heading}</th>`
  })
  const body = rows.map((cells) => {
    const filled = cells.map((cell, index) => {
      const { heading, kind } = columns[index]!
      return html`<td role="cell" class="${kind}" data-label="${heading}">${cell}</td>`
    })
    return html`<tr role="row">${filled}</tr>\n`
  })
  return html`<div class="scroll"><table role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${body}</tbody></table></div>`
}

/** Says how many were left out; nothing when none were. */
export function restNote(t: Translate, left: number): Html | null {
  return left > 0 ? html`<p class="rest">${t('page.label.more', { count: left })}</p>` : null
}

/** Folded away when there is much of it. */
export function folded(summary: string, content: Html, fold: boolean): Html {
  return fold ? html`<details class="more"><summary>${summary}</summary>${content}</details>` : content
}
