import type { TraceReport } from '../contract/trace.ts'
import { claimLines } from './claim-lines.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import { bytesText, shortId } from './figures.ts'
import { changesText, detailsOf, evidenceText, settleText } from './relation-text.ts'
import { contextFor, type TextContext, type TextOptions } from './text-context.ts'

/** A terminal is scrolled by hand: past this, the JSON result is the better list. */
const MAX_ENTRIES = 100

type Step = TraceReport['ancestors'][number]
type Place = TraceReport['places'][number]

/** The result of `yukue trace` for a terminal. Ends with a line feed. */
export function renderTraceText(trace: TraceReport, options: TextOptions): string {
  const { t } = options
  const steps = [...trace.ancestors, ...trace.descendants, ...trace.relatives]
  const context = contextFor([trace.model, ...steps.map((step) => step.model)], options)
  const blocks = [
    heading(trace.model, context),
    block(t('trace.cameFrom'), stepEntries(trace.ancestors, '◀─', context), t('trace.noAncestors'), context),
    block(t('trace.descendants'), stepEntries(trace.descendants, '─▶', context), t('trace.noDescendants'), context),
    block(t('trace.relatives'), stepEntries(trace.relatives, '╌?', context), null, context),
    claimBlock(trace, context),
    block(t('trace.places'), placeEntries(trace.places, context), t('trace.noPlaces'), context),
  ]
  const filled = blocks.filter((lines) => lines.length > 0)
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function claimBlock({ claims = [] }: TraceReport, context: TextContext): string[] {
  const { t, paint } = context
  return claims.length === 0 ? [] : [paint.strong(t('claim.heading')), ...claimLines(claims, context)]
}

function heading(model: TraceReport['model'], { t, paint, width }: TextContext): string[] {
  const facts = `${model.id} · ${t('count.parameters', { count: model.parameters })}`
  return [...wrap(shown(model.name), width).map(paint.strong), ...wrap(facts, width).map(paint.faint)]
}

/** The first line of an entry and those below it, unwrapped. */
type Entry = [first: string, ...rest: string[]]

function stepEntries(steps: readonly Step[], sign: string, context: TextContext): Entry[] {
  return steps.map(({ relation, model }) => {
    const { t, nameOf } = context
    const first = `${sign} ${shown(model.name)}  ${shortId(model.id)} · ${otherEnd(relation, model.id, context)}`
    const details = detailsOf(t, relation, nameOf).map(({ label, value }) => {
      return `${shown(label, 40)}${t('list.colon')}${shown(value, 240)}`
    })
    const rest = [changesText(t, relation), evidenceText(t, relation)]
    if (details.length > 0) rest.push(details.join(' · '))
    if (relation.direction === 'undetermined')
      rest.push(`${t('settle.heading')}${t('list.colon')}${settleText(t, relation)}`)
    return [first, ...rest]
  })
}

/** From a child its parents, from a parent its child: a step may lie several relations away from the traced model. */
function otherEnd(relation: Step['relation'], id: string, { t, nameOf }: TextContext): string {
  const parents = relation.parents.map((parent) => shown(nameOf(parent.id), 40)).join(t('list.separator'))
  const child = shown(nameOf(relation.child), 40)
  if (relation.direction === 'undetermined')
    return t('direction.relatedTo', { name: relation.child === id ? parents : child })
  return relation.child === id ? t('direction.madeFrom', { name: parents }) : t('trace.parentOf', { name: child })
}

function placeEntries(places: readonly Place[], { t }: TextContext): Entry[] {
  return places.map(({ path, format, bytes, firstSeen, lastSeen }) => {
    const first = shown(firstSeen, 40)
    const seen =
      firstSeen === lastSeen ? t('trace.seenOnce', { first }) : t('trace.seen', { first, last: shown(lastSeen, 40) })
    return [`• ${shown(path)}  ${shown(format, 20)}, ${bytesText(bytes)}`, seen]
  })
}

/** Without entries, `none` is said instead; null leaves the block out. */
function block(title: string, entries: readonly Entry[], none: string | null, context: TextContext): string[] {
  const { t, paint, width } = context
  if (entries.length === 0) return none === null ? [] : [paint.strong(title), ...wrap(none, width - 2).map(indented)]
  const lines = entries.slice(0, MAX_ENTRIES).flatMap(([first, ...rest]) => {
    const [head = '', ...tail] = wrap(first, width - 5)
    const below = [...tail, ...rest.flatMap((line) => wrap(line, width - 5))]
    return [`  ${head}`, ...below.map((line) => `     ${line}`)]
  })
  const left = entries.length - MAX_ENTRIES
  if (left > 0) lines.push(indented(paint.faint(t('count.more', { count: left }))))
  return [paint.strong(title), ...lines]
}

function indented(line: string): string {
  return `  ${line}`
}
