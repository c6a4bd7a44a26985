import type { Dossier, DossierLine, DossierPart, DossierSection } from '../contract/dossier.ts'
import { signaturesText } from './actor-text.ts'
import { shown } from './escape.ts'
import { type Html, html } from './html.ts'
import type { Translate } from './language.ts'
import { table } from './page-parts.ts'
import { type PageOptions, pageOf } from './page-shell.ts'

const VERDICT_BADGES = { meets: 'verified', departs: 'high', undecided: 'open' } as const
const STATUS_BADGES = {
  verified: 'verified',
  inferred: 'inferred',
  disputed: 'high',
  attested: 'open',
  declared: 'open',
} as const

/** A dossier as one page: every line with how sure it is, and a link to the statements that it rests on. */
export function renderDossierPage(dossier: Dossier, options: PageOptions): string {
  const { t } = options
  const { parts, check, log, models, asOf, name } = dossier
  const known = new Set(dossier.statements.map(({ number }) => number))
  const links = [
    ...parts.map(({ id, title }) => [id, title] as const),
    ['verdicts', t('dossier.verdicts')] as const,
    ['statements', t('dossier.statements')] as const,
  ]
  const body = html`<nav aria-label="${t('dossier.contents')}"><ul>${links.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>
<section id="summary"><p class="lead"><span class="badge ${VERDICT_BADGES[check.verdict]}">${t(`check.verdict.${check.verdict}`)}</span> ${t(`charter.explain.verdict.${check.verdict}`, { day: asOf, name: shown(name) })}</p>
<p class="soft">${t('dossier.notFilled')}</p></section>
${parts.map((part) => partSection(part, known, t))}
<section id="verdicts"><h2>${t('dossier.verdicts')}</h2>${verdictTable(dossier, known, t)}</section>
<section id="statements"><h2>${t('dossier.statements')}</h2><p class="soft">${t('dossier.statementsNote', { root: log.root })}</p>${statementTable(dossier, t)}</section>
</main>`
  return pageOf(options, {
    title: `${t('dossier.title')}${t('list.colon')}${shown(name)}`,
    subtitle: t('dossier.subtitle', {
      models: models.map((model) => shown(model.name)).join(t('list.separator')),
      day: asOf,
      origin: shown(log.origin, 80),
      size: log.size,
    }),
    body,
    style:
      'main h3{margin:1.6rem 0 .3rem}td.number a+a{margin-left:.4rem}tr:target{background:var(--wash)}td code{overflow-wrap:anywhere}',
  })
}

function partSection({ id, title, source, sections }: DossierPart, known: ReadonlySet<number>, t: Translate): Html {
  return html`<section id="${id}"><h2>${title}</h2><p class="soft">${source}</p>
${sections.map((section) => sectionPart(id, section, known, t))}</section>\n`
}

function sectionPart(
  part: string,
  { id, heading, lines, gaps }: DossierSection,
  known: ReadonlySet<number>,
  t: Translate,
): Html {
  const columns = [
    { heading: t('dossier.column.line'), kind: 'text' as const },
    { heading: t('dossier.column.status'), kind: 'short' as const },
    { heading: t('dossier.column.statements'), kind: 'number' as const },
  ]
  const rows = lines.map((line) => [
    html`<bdi>${line.text}</bdi>`,
    statusBadge(line, t),
    statementLinks(line.statements, known),
  ])
  const missing = gaps.map(
    ({ text, settle }) =>
      html`<li><span class="badge open">${t('dossier.gaps')}</span> ${t('dossier.gapLine', { text, settle })}</li>\n`,
  )
  return html`<h3 id="${part}-${id}">${heading}</h3>
${rows.length === 0 ? html`<p class="soft">${t('dossier.nothing')}</p>` : table(heading, columns, rows)}
${missing.length === 0 ? null : html`<ul>${missing}</ul>`}`
}

function statusBadge({ status }: DossierLine, t: Translate): Html {
  return status === null
    ? html`–`
    : html`<span class="badge ${STATUS_BADGES[status]}">${t(`status.${status}.name`)}</span>`
}

/** A number that has no row here would be a link to nowhere. */
function statementLinks(numbers: readonly number[], known: ReadonlySet<number>): Html {
  const links = numbers.map((number) =>
    known.has(number) ? html`<a href="#s${number}">${number}</a> ` : html`${number} `,
  )
  return links.length === 0 ? html`–` : html`${links}`
}

function verdictTable({ check }: Dossier, known: ReadonlySet<number>, t: Translate): Html {
  const rows = check.rules.map(({ id, title, site, verdict, reason, todo, source, facts }) => {
    const numbers = [...new Set(facts.flatMap(({ statements }) => statements))].sort((a, b) => a - b)
    const where = site === null ? '' : ` (${shown(site, 80)})`
    return [
      html`<bdi>${shown(title)}${where}</bdi><br><code class="soft">${shown(id)}</code>`,
      html`<span class="badge ${VERDICT_BADGES[verdict]}">${t(`check.verdict.${verdict}`)}</span>`,
      html`${shown(reason, 2_000)}${todo === null ? null : html`<br>${t('charter.explain.todo', { todo: shown(todo, 2_000) })}`}<br><span class="soft">${shown(source, 400)}</span>`,
      statementLinks(numbers, known),
    ]
  })
  const columns = [
    { heading: t('dossier.column.rule'), kind: 'text' as const },
    { heading: t('dossier.column.verdict'), kind: 'short' as const },
    { heading: t('dossier.column.reason'), kind: 'text' as const },
    { heading: t('dossier.column.statements'), kind: 'number' as const },
  ]
  return table(t('dossier.verdicts'), columns, rows)
}

function statementTable({ statements }: Dossier, t: Translate): Html {
  const rows = statements.map(({ number, time, kind, digest, signatures, proof }) => [
    html`<span id="s${number}">${number}</span>`,
    html`${kind}`,
    html`${shown(time, 40)}`,
    html`${signaturesText(t, signatures).join(' · ')}`,
    html`<code>${digest}</code>`,
    html`${t('dossier.proof', { count: proof.length })}`,
  ])
  const columns = [
    { heading: t('dossier.column.number'), kind: 'number' as const },
    { heading: t('dossier.column.kind'), kind: 'short' as const },
    { heading: t('dossier.column.time'), kind: 'short' as const },
    { heading: t('dossier.column.signed'), kind: 'text' as const },
    { heading: t('dossier.column.digest'), kind: 'text' as const },
    { heading: t('dossier.column.proof'), kind: 'short' as const },
  ]
  return table(t('dossier.statements'), columns, rows)
}
