import type { AuditAttribute, AuditFigures, AuditReport } from '../contract/audit.ts'
import { columnsOf, padTo } from './columns.ts'
import { visible } from './escape.ts'
import { percentText, wholeText } from './figures.ts'
import type { Translate } from './language.ts'

/** What the law wants stated beside the figures (6 RCNY § 5-303). */
export interface BiasAuditFacts {
  /** The day, as 2024-01-31. */
  auditDate: string
  source: string | null
  distributionDate: string | null
}

/**
 * The tables of NYC Local Law 144 as the rules lay them out (6 RCNY § 5-301): each attribute, then their crossing; people of unknown
 * category counted beneath. Rates to the tenth of a per cent, ratios to the hundredth. The law sets no pass mark, so none is told.
 */
export function renderLl144(report: AuditReport, facts: BiasAuditFacts, t: Translate): string {
  const isScored = report.favourable?.value === '> median'
  const blocks = [
    [t('audit.ll144.title'), t('audit.ll144.auditDate', { date: facts.auditDate }), ...sourceLines(report, facts, t)],
    ...report.attributes.map((attribute) => attributeTable(attribute, isScored, t)),
    crossingTable(report, isScored, t),
    [...exclusionLines(report, t), t('audit.ll144.note')],
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function sourceLines({ window }: AuditReport, { source, distributionDate }: BiasAuditFacts, t: Translate): string[] {
  const when =
    window.from === null || window.to === null ? [] : [t('audit.lead.window', { from: window.from, to: window.to })]
  return [
    t('audit.ll144.source', { source: visible(source ?? t('audit.ll144.notGiven')) }),
    ...when,
    t('audit.ll144.distribution', { date: distributionDate ?? t('audit.ll144.notGiven') }),
  ]
}

/** Which of the law's headings an attribute has, by its name. */
function headingOf(attribute: string, t: Translate): string {
  if (/^(sex|gender|性別)$/i.test(attribute)) return t('audit.ll144.sex')
  return /race|ethnic|人種|民族/i.test(attribute) ? t('audit.ll144.race') : visible(attribute)
}

function attributeTable(attribute: AuditAttribute, isScored: boolean, t: Translate): string[] {
  const rows = attribute.categories.map(({ category, ...figures }) => ({ names: [category], figures }))
  return [
    headingOf(attribute.attribute, t),
    ...table([''], rows, isScored, t),
    ...unknownLine(attribute.unknown, attribute.attribute, t),
  ]
}

function crossingTable(
  { intersections, intersectionsSummary }: AuditReport,
  isScored: boolean,
  t: Translate,
): string[] {
  const [first] = intersections
  if (!first || !intersectionsSummary) return []
  const names = Object.keys(first.cell)
  const rows = intersections.map(({ cell, ...figures }) => ({ names: names.map((name) => cell[name]!), figures }))
  return [
    t('audit.ll144.both'),
    ...table(names, rows, isScored, t),
    ...unknownLine(intersectionsSummary.unknown, intersectionsSummary.attribute, t),
  ]
}

function unknownLine(count: number, attribute: string, t: Translate): string[] {
  return [t('audit.ll144.unknown', { count, attribute: visible(attribute) })]
}

interface TableRow {
  names: readonly string[]
  figures: AuditFigures
}

function table(names: readonly string[], rows: readonly TableRow[], isScored: boolean, t: Translate): string[] {
  const heads = [
    ...names.map(visible),
    t('audit.ll144.applicants'),
    ...(isScored ? [] : [t('audit.ll144.selected')]),
    isScored ? t('audit.ll144.scoringRate') : t('audit.ll144.selectionRate'),
    t('audit.ll144.impactRatio'),
  ]
  const lines = rows.map((row) => [
    ...row.names.map(visible),
    wholeText(row.figures.n),
    ...(isScored ? [] : [wholeText(row.figures.selected)]),
    `${(row.figures.rate * 100).toFixed(1)}%`,
    row.figures.impactRatio === null ? 'N/A' : row.figures.impactRatio.toFixed(2),
  ])
  const all = [heads, ...lines]
  const widths = heads.map((_, column) => Math.max(...all.map((row) => columnsOf(row[column]!))))
  return all.map((row) => {
    const cells = row.map((cell, column) => {
      return column < names.length ? padTo(cell, widths[column]!) : ' '.repeat(widths[column]! - columnsOf(cell)) + cell
    })
    return `| ${cells.join(' | ')} |`
  })
}

function exclusionLines({ minimumShare }: AuditReport, t: Translate): string[] {
  if (!minimumShare) return []
  const { share, justification } = minimumShare
  return [t('audit.ll144.excluded', { share: percentText(share), justification: visible(justification) })]
}
