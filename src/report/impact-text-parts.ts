import type { AuditReport } from '../contract/audit.ts'
import { wrap } from './columns.ts'
import { shown, visible } from './escape.ts'
import { percentText, probabilityText, wholeText } from './figures.ts'
import { ratioText } from './impact-sentences.ts'
import type { Translate } from './language.ts'
import type { Paint } from './paint.ts'
import { alignedTable } from './text-table.ts'

/** What a part of an audit's text is given. */
export interface AuditTextContext {
  t: Translate
  paint: Paint
  width: number
}

/** A terminal is scrolled by hand: past these, the JSON result is the better list. */
export const MAX_ROWS = 60
export const NAME_CHARACTERS = 28

export function strataBlock({ strata }: AuditReport, { t, paint }: AuditTextContext): string[] {
  if (strata.column === null || !strata.mantelHaenszel?.length) return []
  const heads = [
    t('audit.column.category'),
    t('audit.column.odds'),
    t('audit.column.rateInterval'),
    t('audit.column.risk'),
    'χ²',
    t('audit.column.chi'),
    'p',
  ]
  const rows = strata.mantelHaenszel.map((row) => [
    shown(`${row.attribute}=${row.category}`, NAME_CHARACTERS),
    row.oddsRatio?.toFixed(4) ?? '–',
    row.interval === null ? '–' : `${row.interval[0].toFixed(4)} – ${row.interval[1].toFixed(4)}`,
    row.riskRatio?.toFixed(4) ?? '–',
    row.chiSquared?.toFixed(3) ?? '–',
    row.chiSquaredCorrected?.toFixed(3) ?? '–',
    row.p === null ? '–' : probabilityText(row.p),
  ])
  return [
    paint.strong(t('audit.heading.strata', { column: visible(strata.column) })),
    ...alignedTable([heads, ...rows], paint),
  ]
}

export function errorsBlock({ errorRates }: AuditReport, { t, paint }: AuditTextContext): string[] {
  if (errorRates.length === 0) return []
  const rate = (value: number | null, range: readonly [number, number] | null) =>
    value === null || range === null
      ? '–'
      : `${percentText(value)} (${percentText(range[0])} – ${percentText(range[1])})`
  const heads = [
    t('audit.column.category'),
    t('audit.column.n'),
    t('audit.column.fpr'),
    t('audit.column.fnr'),
    t('audit.column.ppv'),
  ]
  const rows = errorRates.map((row) => [
    shown(`${row.attribute}=${row.category}`, NAME_CHARACTERS),
    wholeText(row.n),
    rate(row.fpr, row.fprInterval),
    rate(row.fnr, row.fnrInterval),
    rate(row.ppv, row.ppvInterval),
  ])
  return [paint.strong(t('audit.heading.errors')), ...alignedTable([heads, ...rows], paint)]
}

export function sitesBlock({ sites, heterogeneity }: AuditReport, { t, paint, width }: AuditTextContext): string[] {
  if (sites.length === 0) return []
  const heads = [
    t('audit.column.site'),
    t('audit.column.category'),
    t('audit.column.n'),
    t('audit.column.rate'),
    t('audit.column.ratio'),
    t('audit.column.difference'),
    t('audit.column.p'),
  ]
  const rows = sites
    .slice(0, MAX_ROWS)
    .map((row) => [
      shown(row.site, NAME_CHARACTERS),
      shown(`${row.attribute}=${row.category}`, NAME_CHARACTERS),
      wholeText(row.n),
      percentText(row.rate),
      row.impactRatio?.toFixed(4) ?? '–',
      row.difference === null || row.interval === null
        ? '–'
        : `${row.difference.toFixed(4)} (${row.interval[0].toFixed(4)} – ${row.interval[1].toFixed(4)})`,
      row.adjustedP === null ? '–' : probabilityText(row.adjustedP),
    ])
  const spread = heterogeneity.flatMap((row) => wrap(heterogeneityText(row, t), width - 2)).map((line) => `  ${line}`)
  return [paint.strong(t('audit.heading.sites')), ...alignedTable([heads, ...rows], paint), ...spread]
}

export function heterogeneityText(row: AuditReport['heterogeneity'][number], t: Translate): string {
  return t('audit.heterogeneity', {
    where: visible(`${row.attribute}=${row.category}`),
    pooled: ratioText(row.pooled),
    p: probabilityText(row.p),
    share: percentText(row.iSquared),
    low: row.predictionInterval ? ratioText(row.predictionInterval[0]) : '–',
    high: row.predictionInterval ? ratioText(row.predictionInterval[1]) : '–',
  })
}

export function homogenisationBlock(
  { homogenisation: result }: AuditReport,
  { t, paint, width }: AuditTextContext,
): string[] {
  if (!result) return []
  const line = (
    part: Omit<
      NonNullable<AuditReport['homogenisation']>,
      'byGroup' | 'distribution' | 'p' | 'sharedBase' | 'incomplete'
    >,
  ) =>
    t('audit.homogenisation', {
      subjects: wholeText(part.subjects),
      deployers: part.deployers,
      observed: percentText(part.allRefused),
      expected: percentText(part.expected),
      ratio: part.ratio === null ? '–' : ratioText(part.ratio),
      low: part.interval ? ratioText(part.interval[0]) : '–',
      high: part.interval ? ratioText(part.interval[1]) : '–',
    })
  const groups = result.byGroup.map((part) => `${visible(`${part.attribute}=${part.category}`)}: ${line(part)}`)
  return [
    paint.strong(t('audit.heading.homogenisation')),
    ...[line(result), ...groups].flatMap((text) => wrap(text, width - 2)).map((text) => `  ${text}`),
  ]
}
