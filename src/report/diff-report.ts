import type { DiffReport, TensorDiff } from '../contract/diff.ts'
import { claimLines } from './claim-lines.ts'
import { columnsOf, padTo, wrap } from './columns.ts'
import { evidenceOf, relationOf, summarySentences } from './diff-text.ts'
import { shown } from './escape.ts'
import { distanceText, type HeatMap, heatMapOf, type Level } from './heat.ts'
import { detailsOf, settleText } from './relation-text.ts'
import { contextFor, type TextContext, type TextOptions } from './text-context.ts'

/** A terminal is scrolled by hand: past this, the JSON result is the better list. */
const MAX_LINES = 40

/** The result of `yukue diff` for a terminal. Ends with a line feed. */
export function renderDiffText(report: DiffReport, options: TextOptions): string {
  const { t } = options
  const ends = [
    { id: report.parent, name: report.names.parent },
    { id: report.child, name: report.names.child },
  ]
  const context = contextFor(ends, options)
  const heat = heatMapOf(report)
  const blocks = [
    summaryLines(report, context),
    block(t('diff.headings.changes'), changeLines(report, context), context),
    heat ? block(t('diff.headings.heat'), heatLines(heat, context), context) : [],
    block(t('diff.headings.others'), otherLines(report, context), context),
    block(t('diff.headings.layers'), layerLines(report, context), context),
    block(t('diff.headings.onlyInParent'), nameLines(report.onlyInParent, context), context),
    block(t('diff.headings.onlyInChild'), nameLines(report.onlyInChild, context), context),
    block(t('diff.headings.sideFiles'), sideLines(report, context), context),
    block(t('diff.headings.claims'), claimLines(report.claims, context), context),
    block(t('diff.headings.unanswered'), unansweredLines(report, context), context),
  ]
  const filled = blocks.filter((lines) => lines.length > 0)
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function block(heading: string, lines: readonly string[], { paint }: TextContext): string[] {
  return lines.length === 0 ? [] : [paint.strong(heading), ...lines]
}

function summaryLines(report: DiffReport, { t, width, paint }: TextContext): string[] {
  const [first, ...more] = summarySentences(t, report).map((sentence) => shown(sentence, 600))
  const lines = wrap(first!, width).map(paint.strong)
  return [...lines, ...wrap(more.join(' '), width), paint.faint(evidenceOf(t, report))]
}

function changeLines(report: DiffReport, { t, width, nameOf }: TextContext): string[] {
  const relation = relationOf(report)
  const kinds = report.changes.flatMap((change) =>
    wrap(`${t(`change.${change}.name`)}${t('list.colon')}${t(`change.${change}.meaning`)}`, width - 2),
  )
  const details = detailsOf(t, relation, nameOf).map(({ label, value }) => {
    return `${shown(label, 40)}${t('list.colon')}${shown(value, 240)}`
  })
  const isOpen = report.related && report.direction === 'undetermined' && report.parent !== report.child
  const settle = isOpen && !report.changes.includes('adapter') ? wrap(settleText(t, relation), width - 2) : []
  return [...kinds, ...(details.length > 0 ? wrap(details.join(' · '), width - 2) : []), ...settle].map(
    (line) => `  ${line}`,
  )
}

const SIGNS: Record<Level, string> = { 0: '·', 1: '░', 2: '▒', 3: '▓', 4: '█' }

function heatLines({ parts, rows }: HeatMap, { t, paint }: TextContext): string[] {
  const marks = [paint.faint, paint.sure, paint.unsure, paint.unsure, paint.bad]
  const label = t('diff.heat.layer')
  const first = Math.max(columnsOf(label), String(rows.at(-1)!.layer).length)
  const heads = parts.map((part) => shown(part, 16))
  const widths = heads.map((head) => Math.max(10, columnsOf(head) + 1))
  const lines = rows.map(({ layer, cells }) => {
    const shownCells = cells.map(({ distance, level }, k) => {
      const text = level === null ? '' : `${SIGNS[level]} ${distanceText(distance)}`
      return level === null ? padTo(text, widths[k]!) : marks[level]!(padTo(text, widths[k]!))
    })
    return `  ${String(layer).padStart(first)}  ${shownCells.join('')}`.trimEnd()
  })
  const head = `  ${padTo(label, first)}  ${heads.map((text, k) => padTo(text, widths[k]!)).join('')}`.trimEnd()
  return [head, ...lines, `  ${paint.faint(t('diff.heat.legend'))}`]
}

/** What stands in no layer, the furthest moved first. */
function otherLines({ tensors }: DiffReport, { t, width, paint }: TextContext): string[] {
  const others = tensors
    .filter(({ layer, projection }) => layer === null || projection === null)
    .sort((a, b) => (b.relativeDistance ?? 0) - (a.relativeDistance ?? 0))
  const lines = others.slice(0, MAX_LINES).map((tensor) => `  ${tensorText(tensor, width - 2, { t })}`)
  const left = others.length - lines.length
  return left > 0 ? [...lines, `  ${paint.faint(t('count.more', { count: left }))}`] : lines
}

function tensorText(tensor: TensorDiff, width: number, { t }: Pick<TextContext, 't'>): string {
  const rank = tensor.rank === null ? [] : [`${t('diff.column.rank')} ${tensor.rank}`]
  const facts = [t(`diff.tensorStatus.${tensor.status}`), distanceText(tensor.relativeDistance), ...rank].join(' · ')
  return `${shown(tensor.child, Math.max(24, width - columnsOf(facts) - 2))}  ${facts}`
}

function layerLines({ layers, changes }: DiffReport, { t, width }: TextContext): string[] {
  if (layers === null || !changes.includes('layers-changed')) return []
  const steps = layers.map((from, to) =>
    from === null ? t('diff.layerNew', { to }) : t('diff.layerFrom', { to, from }),
  )
  return wrap(steps.join(t('list.separator')), width - 2).map((line) => `  ${line}`)
}

function nameLines(names: readonly string[], { t, paint }: TextContext): string[] {
  const lines = names.slice(0, MAX_LINES).map((name) => `  ${shown(name)}`)
  const left = names.length - lines.length
  return left > 0 ? [...lines, `  ${paint.faint(t('count.more', { count: left }))}`] : lines
}

function sideLines({ sideFiles }: DiffReport, { t }: TextContext): string[] {
  return sideFiles
    .filter(({ status }) => status !== 'equal')
    .map(({ path, status }) => `  ${shown(path)}  ${t(`diff.sideStatus.${status}`)}`)
}

function unansweredLines({ unanswered }: DiffReport, { t, width }: TextContext): string[] {
  if (unanswered.length === 0) return []
  const lines = [...unanswered.map(({ message }) => message), t('diff.settle')]
  return lines.flatMap((line) => wrap(line, width - 2).map((part) => `  ${part}`))
}
