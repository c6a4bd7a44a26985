import { columnsOf, wrap } from './columns.ts'
import { shown } from './escape.ts'
import { type FamilyRow, MAX_DEPTH, type ScannedModel, type ScannedRelation } from './family.ts'
import { bytesText, shortId } from './figures.ts'
import { changesText, detailsOf, evidenceText } from './relation-text.ts'
import type { TextContext } from './text-context.ts'

/** Copies of one model that a terminal shows. */
const MAX_COPIES = 8

/**
 * The picture of a family: `─▶` leads to a model made from the one above, `╌?` to one whose order is undetermined.
 * At most `room` rows.
 */
export function familyLines(rows: readonly FamilyRow[], room: number, context: TextContext): string[] {
  const drawn = rows.slice(0, room)
  const open = opennessOf(drawn)
  const lines = drawn.flatMap((row, index) => rowLines(row, open[index]!, context))
  const rest = rows.length - drawn.length
  if (rest > 0) lines.push(context.paint.faint(context.t('count.more', { count: rest })))
  return lines
}

interface Openness {
  /** Whether another row follows at this depth under the same parent, for every depth up to the row's own. */
  continues: boolean[]
  hasChildren: boolean
}

/** Read from the end, so that each row knows what is still to come. */
function opennessOf(rows: readonly FamilyRow[]): Openness[] {
  const result: Openness[] = []
  let following: boolean[] = []
  for (let index = rows.length - 1; index >= 0; index--) {
    const { depth } = rows[index]!
    result[index] = {
      continues: Array.from({ length: depth + 1 }, (_, level) => following[level] ?? false),
      hasChildren: (rows[index + 1]?.depth ?? 0) > depth,
    }
    following = following.slice(0, depth)
    following[depth] = true
  }
  return result
}

function rowLines(row: FamilyRow, open: Openness, context: TextContext): string[] {
  const before = open.continues.slice(1, row.depth).map((more) => (more ? '│   ' : '    '))
  const stem = before.join('')
  const below = row.depth === 0 ? '' : `${stem}${open.continues[row.depth] ? '│   ' : '    '}`
  const body = `${below}${open.hasChildren ? '│ ' : '  '}`
  const width = context.width - body.length
  const [title = '', ...rest] = titleLines(row, width, context)
  const lines = [...rest, ...relationLines(row, width, context)]
  if (!row.repeated && row.model) lines.push(...copyLines(row.model, width, context))
  return [`${stem}${connector(row, open, context)}${title}`, ...lines.map((line) => body + line)]
}

function connector(row: FamilyRow, open: Openness, { paint }: TextContext): string {
  if (row.relation === null) return ''
  const corner = open.continues[row.depth] ? '├' : '└'
  return row.relation.direction === 'known' ? `${corner}─▶ ` : `${corner}${paint.unsure('╌? ')}`
}

/** Name and facts on one line where they fit. */
function titleLines(row: FamilyRow, width: number, context: TextContext): string[] {
  const { t, paint, nameOf } = context
  const name = shown(nameOf(row.id))
  const facts = factsOf(row, context).join(' · ')
  const fits = columnsOf(name) + 2 + columnsOf(facts) <= width
  const lines = fits
    ? [`${paint.strong(name)}  ${paint.faint(facts)}`]
    : [...wrap(name, width).map(paint.strong), ...wrap(facts, width).map(paint.faint)]
  if (row.plausible) lines.push(...wrap(t('direction.plausibleOrigin'), width).map(paint.unsure))
  return lines
}

function factsOf(row: FamilyRow, { t }: TextContext): string[] {
  const id = shortId(row.id)
  if (row.repeated) return [id, t('direction.shownAbove')]
  if (row.model === null) return [id, t('direction.notHere')]
  const facts = [id, t('count.parameters', { count: row.model.parameters })]
  if (row.model.quantisation) facts.push(shown(row.model.quantisation.scheme, 20))
  return facts
}

function relationLines(row: FamilyRow, width: number, context: TextContext): string[] {
  const relation = row.relation ?? row.own
  if (relation === null) return []
  const { t, paint, nameOf } = context
  const mark = relation.direction === 'known' ? paint.sure : paint.unsure
  const lines = wrap(changeWords(row, relation, context).join(' · '), width).map(mark)
  if (row.repeated) return lines
  lines.push(...wrap(evidenceText(t, relation), width))
  const details = detailsOf(t, relation, nameOf).map(({ label, value }) => {
    return `${shown(label, 40)}${t('list.colon')}${shown(value, 240)}`
  })
  return details.length > 0 ? [...lines, ...wrap(details.join(' · '), width)] : lines
}

function changeWords(row: FamilyRow, relation: ScannedRelation, { t, nameOf }: TextContext): string[] {
  const known = relation.direction === 'known'
  const words = [changesText(t, relation)]
  if (row.relation === null) words.push(t('relation.baseAbsent'))
  else if (!known) words.push(t('direction.undetermined'))
  if (row.depth === MAX_DEPTH && row.from)
    words.push(t(known ? 'direction.madeFrom' : 'direction.relatedTo', { name: shown(nameOf(row.from), 60) }))
  return words
}

function copyLines(model: ScannedModel, width: number, { t, paint }: TextContext): string[] {
  const lines = model.artifacts.slice(0, MAX_COPIES).flatMap((artifact) => {
    const [first = '', ...rest] = wrap(
      `${shown(artifact.path)}  ${shown(artifact.format, 20)}, ${bytesText(artifact.bytes)}`,
      width - 2,
    )
    return [`• ${first}`, ...rest.map((line) => `  ${line}`)]
  })
  const left = model.artifacts.length - MAX_COPIES
  if (left > 0) lines.push(paint.faint(t('count.more', { count: left })))
  return lines
}
