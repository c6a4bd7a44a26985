import { shown } from './escape.ts'
import { type Cell, distanceText, type HeatMap } from './heat.ts'
import { type Html, html } from './html.ts'
import type { Translate } from './language.ts'

/** Five steps of one colour, each with text of at least 4.5 : 1 on it; a bar of as many fifths says the same without colour. */
export const HEAT_STYLE = `
.heat{border-collapse:separate;border-spacing:2px;font-variant-numeric:tabular-nums;font-size:.82rem}
.heat caption{text-align:left;color:var(--soft);padding-bottom:.5rem}
.heat th{font-weight:600;text-align:right;padding:.2rem .5rem;white-space:nowrap}
.heat td{text-align:right;padding:.25rem .5rem;min-width:4.2rem;border-radius:3px;white-space:nowrap}
.heat td svg{display:block;width:100%;height:.3rem;margin-top:.15rem}
.heat .h0{background:var(--wash)}
.heat .h1{background:#dfeaf6;color:#1d2227}.heat .h2{background:#a9c9e8;color:#1d2227}
.heat .h3{background:#3f78b0;color:#fff}.heat .h4{background:#17365a;color:#fff}
`

/** Layers down, parts across, as a table that a screen reader reads cell by cell; the picture only repeats the numbers. */
export function heatTable({ parts, rows }: HeatMap, t: Translate): Html {
  const heads = parts.map((part) => html`<th scope="col">${shown(part, 24)}</th>`)
  const body = rows.map(({ layer, cells }) => {
    return html`<tr><th scope="row">${layer}</th>${cells.map((cell) => cellOf(cell, t))}</tr>\n`
  })
  return html`<div class="scroll"><table class="heat"><caption>${t('diff.heat.caption')}</caption>
<thead><tr><th scope="col">${t('diff.heat.layer')}</th>${heads}</tr></thead>
<tbody>
${body}</tbody></table></div>`
}

function cellOf({ distance, level }: Cell, t: Translate): Html {
  if (level === null) return html`<td aria-label="${t('diff.heat.none')}"></td>`
  const bar = html`<svg viewBox="0 0 4 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${level}" height="1" fill="currentColor"/></svg>`
  return html`<td class="h${level}">${distanceText(distance)}${bar}</td>`
}
