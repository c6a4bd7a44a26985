import type { ScanReport } from '../contract/scan.ts'
import { claimTitle, claimVerdict } from './claim-text.ts'
import { claimsByArtifact } from './claims-by-artifact.ts'
import { shown } from './escape.ts'
import type { FamilyRow } from './family.ts'
import { shortId, similarityText, wholeText } from './figures.ts'
import { findingsOf } from './findings.ts'
import { type Html, html } from './html.ts'
import type { Translate } from './language.ts'
import {
  type Column,
  folded,
  foreign,
  MESSAGE_CHARACTERS,
  modelName,
  type PageContext,
  restNote,
  type Section,
  table,
} from './page-parts.ts'
import { problemTitle } from './problem-text.ts'
import { changesText } from './relation-text.ts'

/** Rows of one table; longer lists are for the JSON report. */
const MAX_TABLE_ROWS = 300
/** Tables up to this stand open. */
const OPEN_TABLE_ROWS = 40

export function lookAlikesSection(report: ScanReport, context: PageContext): Section | null {
  if (report.lookAlikes.length === 0) return null
  const { t } = context
  const rows = report.lookAlikes
    .slice(0, MAX_TABLE_ROWS)
    .map(({ models: [first, second], shared, similarity }) => [
      modelName(first, context),
      modelName(second, context),
      html`${wholeText(shared)}`,
      html`${similarityText(similarity)}`,
    ])
  const columns: Column[] = [
    { heading: t('page.lookAlikes.first'), kind: 'text' },
    { heading: t('page.lookAlikes.second'), kind: 'text' },
    { heading: t('page.lookAlikes.shared'), kind: 'number' },
    { heading: t('page.lookAlikes.similarity'), kind: 'number' },
  ]
  const list = boundedTable(t, rows, t('page.lookAlikes.caption'), columns, report.lookAlikes.length)
  const content = html`<p>${t('page.lookAlikes.intro')}</p>${list}`
  return { id: 'look-alikes', heading: t('page.lookAlikes.heading'), content }
}

export function singlesSection(singles: readonly FamilyRow[], context: PageContext): Section | null {
  if (singles.length === 0) return null
  const { t } = context
  const rows = singles.slice(0, MAX_TABLE_ROWS).map((row) => singleRow(row, context))
  const list = boundedTable(
    t,
    rows,
    t('page.singles.heading'),
    [
      { heading: t('page.lookAlikes.first'), kind: 'text' },
      { heading: t('page.label.parameters'), kind: 'number' },
      { heading: t('page.label.numberTypes'), kind: 'short' },
      { heading: t('page.label.copies'), kind: 'text' },
    ],
    singles.length,
  )
  const content = html`<p>${t('page.singles.intro')}</p>${list}`
  return { id: 'singles', heading: t('page.singles.heading'), content }
}

/** Places named for a model that stands alone. */
const SINGLE_PLACES = 4

function singleRow({ id, model, own }: FamilyRow, context: PageContext): Html[] {
  const { t } = context
  const artifacts = model?.artifacts ?? []
  const places = artifacts.slice(0, SINGLE_PLACES).map(({ path }) => html`<div>${foreign(path)}</div>`)
  const numbers = model?.quantisation?.scheme ?? Object.keys(model?.dtypes ?? {}).join(t('list.separator'))
  const note = own
    ? html`<div class="soft">${[changesText(t, own), t('list.colon'), t('relation.baseAbsent')]}</div>`
    : null
  return [
    html`${foreign(context.nameOf(id))} <code class="soft">${shortId(id)}</code>${note}`,
    html`${wholeText(model?.parameters ?? 0)}`,
    html`${shown(numbers, 40)}`,
    html`${places}${restNote(t, artifacts.length - places.length)}`,
  ]
}

export function findingsSection(report: ScanReport, { t }: PageContext): Section | null {
  const findings = findingsOf(report)
  if (findings.length === 0) return null
  const rows = findings
    .slice(0, MAX_TABLE_ROWS)
    .map(({ severity, path, message }) => [
      html`<span class="badge ${severity}">${t(`severity.${severity}`)}</span>`,
      foreign(path),
      html`<bdi>${shown(message, MESSAGE_CHARACTERS)}</bdi>`,
    ])
  const list = boundedTable(
    t,
    rows,
    t('page.findings.caption'),
    [
      { heading: t('page.findings.severity'), kind: 'short' },
      { heading: t('page.findings.place'), kind: 'place' },
      { heading: t('page.findings.message'), kind: 'text' },
    ],
    findings.length,
  )
  const content = html`<p>${t('page.findings.intro')}</p>${list}`
  return { id: 'findings', heading: t('page.findings.heading'), content }
}

export function claimsSection(report: ScanReport, { t }: PageContext): Section | null {
  const claims = claimsByArtifact(report)
  if (claims.length === 0) return null
  const rows = claims
    .slice(0, MAX_TABLE_ROWS)
    .map(({ path, claim }) => [foreign(path), foreign(claimTitle(t, claim)), html`${claimVerdict(t, claim)}`])
  const columns = [
    { heading: t('page.findings.place'), kind: 'place' as const },
    { heading: t('claim.declared'), kind: 'place' as const },
    { heading: t('claim.weights'), kind: 'text' as const },
  ]
  const heading = t('claim.heading')
  return { id: 'claims', heading, content: boundedTable(t, rows, heading, columns, claims.length) }
}

export function problemsSection(report: ScanReport, { t }: PageContext): Section | null {
  if (report.problems.length === 0) return null
  const rows = report.problems
    .slice(0, MAX_TABLE_ROWS)
    .map(({ path, code, message }) => [
      foreign(path),
      html`${shown(problemTitle(t, code), 60)}`,
      html`<bdi>${shown(message, MESSAGE_CHARACTERS)}</bdi>`,
    ])
  const list = boundedTable(
    t,
    rows,
    t('page.problems.caption'),
    [
      { heading: t('page.problems.place'), kind: 'place' },
      { heading: t('page.problems.kind'), kind: 'text' },
      { heading: t('page.problems.message'), kind: 'text' },
    ],
    report.problems.length,
  )
  const content = html`<p>${t('page.problems.intro')}</p>${list}`
  return { id: 'problems', heading: t('page.problems.heading'), content }
}

function boundedTable(t: Translate, rows: Html[][], caption: string, columns: readonly Column[], total: number): Html {
  const list = html`${table(caption, columns, rows)}${restNote(t, total - rows.length)}`
  return folded(`${caption} (${wholeText(total)})`, list, total > OPEN_TABLE_ROWS)
}
