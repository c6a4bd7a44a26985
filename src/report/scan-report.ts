import type { ScanReport } from '../contract/scan.ts'
import { claimLines } from './claim-lines.ts'
import { claimsByArtifact } from './claims-by-artifact.ts'
import { columnsOf, padTo, wrap } from './columns.ts'
import { shown, visible } from './escape.ts'
import { countFiles, type Families, type Family, type FamilyRow, familiesOf } from './family.ts'
import { familyLines } from './family-text.ts'
import { shortId, similarityText } from './figures.ts'
import { findingsOf, SEVERITIES } from './findings.ts'
import { problemTitle } from './problem-text.ts'
import { isOpen, type NameOf, settleText } from './relation-text.ts'
import { contextFor, type TextContext, type TextOptions } from './text-context.ts'

/** A terminal is scrolled by hand: past these, the JSON result is the better list. */
const MAX_ROWS = 400
const MAX_FAMILY_ROWS = 100
const MAX_SINGLES = 100
const MAX_LINES_A_SECTION = 50
/** A message may quote a name of 4 kB. */
const MESSAGE_CHARACTERS = 480

/** The result of `yukue scan` for a terminal. Ends with a line feed. */
export function renderScanText(report: ScanReport, options: TextOptions): string {
  const context = contextFor(report.models, options)
  const families = familiesOf(report)
  const blocks = [
    summaryLines(report, families, context),
    ...familyBlocks(families.families, context),
    undeterminedBlock(report, context),
    claimsBlock(report, context),
    lookAlikeBlock(report, context),
    singlesBlock(families.singles, report, context),
    findingsBlock(report, context),
    problemsBlock(report, context),
  ]
  const filled = blocks.filter((block) => block.length > 0)
  return `${filled.map((block) => block.join('\n')).join('\n\n')}\n`
}

function claimsBlock(report: ScanReport, context: TextContext): string[] {
  const { t, paint } = context
  const claims = claimsByArtifact(report)
  if (claims.length === 0) return []
  const lines = claims
    .slice(0, MAX_LINES_A_SECTION)
    .flatMap(({ path, claim }) => [`  ${shown(path)}`, ...claimLines([claim], context).map((line) => `  ${line}`)])
  const left = claims.length - MAX_LINES_A_SECTION
  return [
    paint.strong(t('claim.heading')),
    ...lines,
    ...(left > 0 ? [`  ${paint.faint(t('count.more', { count: left }))}`] : []),
  ]
}

function summaryLines(report: ScanReport, families: Families, { t, paint, width }: TextContext): string[] {
  const unsure = report.relations.filter(isOpen).length
  const parts = [
    t('count.files', { count: countFiles(report.models) }),
    t('count.models', { count: report.models.length }),
    t('count.families', { count: families.families.length }),
    t('count.problems', { count: report.problems.length }),
  ]
  if (unsure > 0) parts.push(t('scan.unsure', { count: unsure }))
  return wrap(parts.join(t('list.separator')), width).map(paint.strong)
}

function familyBlocks(families: readonly Family[], context: TextContext): string[][] {
  if (families.length === 0) return []
  const { t, paint } = context
  const blocks: string[][] = [wrap(t('scan.legend'), context.width).map(paint.faint)]
  let rows = 0
  for (const [index, family] of families.entries()) {
    const room = Math.min(MAX_ROWS - rows, MAX_FAMILY_ROWS)
    if (room <= 0) {
      blocks.push([paint.faint(t('count.more', { count: families.length - index }))])
      break
    }
    blocks.push([...familyHeading(family, index + 1, context), ...familyLines(family.rows, room, context)])
    rows += Math.min(room, family.rows.length)
  }
  return blocks
}

function familyHeading(family: Family, number: number, { t, paint, nameOf, width }: TextContext): string[] {
  const files = t('count.files', { count: countFiles(family.models) })
  const name = shown(nameOf(family.rows[0]!.id), 60)
  return wrap(t('scan.family', { number, name, count: family.models.length, files }), width).map(paint.strong)
}

/** Reasons repeat, so each is said once for all relations that share it. */
function undeterminedBlock(report: ScanReport, context: TextContext): string[] {
  const { t } = context
  const counts = new Map<string, number>()
  for (const relation of report.relations) {
    if (!isOpen(relation)) continue
    const reason = settleText(t, relation)
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const lines = [...counts].map(([reason, count]) => `${count} × ${reason}`)
  return section(t('scan.undetermined'), lines, context)
}

function lookAlikeBlock(report: ScanReport, context: TextContext): string[] {
  const { t, nameOf } = context
  const lines = report.lookAlikes.map(({ models: [first, second], shared, similarity }) => {
    const note = t('scan.lookAlikeShared', { count: shared, similarity: similarityText(similarity) })
    return `${named(first, nameOf)} ≠ ${named(second, nameOf)}${t('list.colon')}${note}`
  })
  return section(t('scan.lookAlikes'), lines, context)
}

/** Names repeat between models, so the identifier stands beside. */
function named(id: string, nameOf: NameOf): string {
  return `${shown(nameOf(id), 60)} [${shortId(id)}]`
}

function singlesBlock(singles: readonly FamilyRow[], report: ScanReport, context: TextContext): string[] {
  const { t, paint } = context
  if (report.models.length === 0) return [t('scan.nothing')]
  if (singles.length === 0) return []
  const rows = singles.slice(0, MAX_SINGLES).map((row) => familyLines([row], 1, context))
  const rest = singles.length - rows.length
  if (rest > 0) rows.push([paint.faint(t('count.more', { count: rest }))])
  return [...wrap(t('scan.singles'), context.width).map(paint.strong), ...rows.flat()]
}

function findingsBlock(report: ScanReport, context: TextContext): string[] {
  const { t, paint } = context
  const findings = findingsOf(report)
  const widest = Math.max(...SEVERITIES.map((severity) => columnsOf(t(`severity.${severity}`))))
  const lines = findings.map(({ severity, path, message }) => {
    return `${padTo(t(`severity.${severity}`), widest)}  ${shown(path)}${t('list.colon')}${shown(message, MESSAGE_CHARACTERS)}`
  })
  return section(t('scan.findings'), lines, context, paint.unsure)
}

function problemsBlock(report: ScanReport, context: TextContext): string[] {
  const { t, paint } = context
  const lines = report.problems.map(({ path, code, message }) => {
    const what = t('list.note', { text: shown(path), note: visible(problemTitle(t, code)) })
    return `${what}${t('list.colon')}${shown(message, MESSAGE_CHARACTERS)}`
  })
  return section(t('scan.problems'), lines, context, paint.bad)
}

function section(heading: string, entries: string[], context: TextContext, mark = context.paint.strong): string[] {
  if (entries.length === 0) return []
  const lines = wrap(heading, context.width).map(mark)
  for (const entry of entries.slice(0, MAX_LINES_A_SECTION)) {
    const [first = '', ...rest] = wrap(entry, context.width - 4)
    lines.push(`  ${first}`, ...rest.map((line) => `    ${line}`))
  }
  const left = entries.length - MAX_LINES_A_SECTION
  if (left > 0) lines.push(context.paint.faint(`  ${context.t('count.more', { count: left })}`))
  return lines
}
