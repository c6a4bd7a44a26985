import { CHANGE_KINDS } from '../contract/scan.ts'
import { type Html, html } from './html.ts'
import type { Translate } from './language.ts'
import type { Section } from './page-parts.ts'

/** How to read the page: what its words mean, and what it cannot say. */
export function readingSection(t: Translate): Section {
  const measures: Term[] = [
    [t('page.reading.model'), t('page.reading.modelMeaning')],
    [t('page.reading.id'), t('page.reading.idMeaning')],
    [t('page.reading.similarity'), t('page.reading.similarityMeaning')],
    [t('page.reading.p'), t('page.reading.pMeaning')],
  ]
  const statuses = STATUSES.map((status): Term => [t(`status.${status}.name`), t(`status.${status}.meaning`)])
  const changes = CHANGE_KINDS.map((kind): Term => [t(`change.${kind}.name`), t(`change.${kind}.meaning`)])
  const limits = LIMITS.map((limit) => html`<li>${t(`page.reading.${limit}`)}</li>`)
  const content = html`<div class="reading">
<div><h3>${t('page.reading.measures')}</h3>${terms(measures)}</div>
<div><h3>${t('page.reading.limits')}</h3><ul>${limits}</ul></div>
<div><h3>${t('page.reading.status')}</h3>${terms(statuses)}</div>
<div><details class="more"><summary><h3>${t('page.reading.changes')}</h3></summary>${terms(changes)}</details></div>
</div>`
  return { id: 'reading', heading: t('page.reading.heading'), content }
}

const STATUSES = ['verified', 'attested', 'declared', 'inferred', 'disputed'] as const
const LIMITS = ['limitWeights', 'limitScope', 'limitRounding', 'limitDirection'] as const

type Term = [term: string, meaning: string]

function terms(list: readonly Term[]): Html {
  return html`<dl>${list.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>`
}
