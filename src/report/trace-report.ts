import type { TraceReport } from '../contract/trace.ts'
import { claimLines } from './claim-lines.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import { bytesText, shortId } from './figures.ts'
import { changesText, detailsOf, evidenceText, settleText } from './relation-text.ts'
import { resultEntries } from './result-text.ts'
import { contextFor, type TextContext, type TextOptions } from './text-context.ts'
import {
  claimEntries,
  evaluationEntries,
  exposedEntries,
  exposureEntries,
  holderEntries,
  hopEntries,
  incidentEntries,
  siteEntries,
  type TextEntry,
} from './trace-facts.ts'

/** A terminal is scrolled by hand: past this, the JSON result is the better list. */
const MAX_ENTRIES = 100

type Step = TraceReport['ancestors'][number]
type Place = TraceReport['places'][number]

/** The result of `yukue trace` for a terminal. Ends with a line feed. */
export function renderTraceText(trace: TraceReport, options: TextOptions): string {
  const { t } = options
  const steps = [...trace.ancestors, ...trace.descendants, ...trace.relatives]
  const context = contextFor([trace.model, ...steps.map((step) => step.model)], options)
  const { holders } = trace
  const blocks = [
    heading(trace, context),
    block(t('ledger.origins'), originEntries(trace), null, context),
    block(t('trace.cameFrom'), stepEntries(trace.ancestors, '◀─', context), t('trace.noAncestors'), context),
    block(t('trace.descendants'), stepEntries(trace.descendants, '─▶', context), t('trace.noDescendants'), context),
    further(trace, context),
    block(t('trace.relatives'), stepEntries(trace.relatives, '╌?', context), null, context),
    declarationBlock(trace, context),
    block(t('trace.places'), placeEntries(trace.places, context), t('trace.noPlaces'), context),
    block(t('ledger.hops'), hopEntries(trace.hops, context), t('ledger.noHops'), context),
    holders ? block(t('ledger.holders'), holderEntries(holders, context), t('ledger.noHolders'), context) : [],
    block(t('ledger.sites'), siteEntries(trace.sites, context, trace.model.id), null, context),
    block(t('ledger.claims'), claimEntries(trace.claims, context), null, context),
    block(t('ledger.evaluations'), evaluationEntries(trace.evaluations, context), null, context),
    block(t('result.heading'), resultEntries(trace.results, context, trace.model.id), null, context),
    block(t('ledger.incidents'), incidentEntries(trace.incidents, context), null, context),
    block(t('exposure.heading'), exposureEntries(ofAncestors(trace), context), null, context),
    block(t('exposure.reaches'), exposedEntries(trace.exposed ?? [], context), null, context),
  ]
  const filled = blocks.filter((lines) => lines.length > 0)
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** The model's own incidents stand above; here those that came with its ancestors, or that are settled. */
function ofAncestors({ exposures = [] }: TraceReport): NonNullable<TraceReport['exposures']> {
  return exposures.filter(({ path, settledBy }) => path.length > 1 || settledBy !== null)
}

function declarationBlock({ declarations = [] }: TraceReport, context: TextContext): string[] {
  const { t, paint } = context
  return declarations.length === 0 ? [] : [paint.strong(t('claim.heading')), ...claimLines(declarations, context)]
}

function heading({ model, asOf, log }: TraceReport, { t, paint, width }: TextContext): string[] {
  const size = model.parameters === null ? t('trace.unseen') : t('count.parameters', { count: model.parameters })
  const facts = `${model.id} · ${size}`
  const rest = [facts]
  if (asOf !== null) rest.push(t('ledger.asOf', { asOf: shown(asOf, 40) }))
  if (log !== null) rest.push(t('ledger.log', { origin: shown(log.origin, 80), size: log.size }))
  return [
    ...wrap(shown(model.name), width).map(paint.strong),
    ...rest.flatMap((line) => wrap(line, width)).map(paint.faint),
  ]
}

/** Left out where the origin is the one model that it came from: that stands below. */
function originEntries({ origins, ancestors }: TraceReport): TextEntry[] {
  return ancestors.length < 2 ? [] : origins.map(({ id, name }) => [`• ${shown(name)}  ${shortId(id)}`])
}

function further({ moreDescendants }: TraceReport, { t, paint }: TextContext): string[] {
  const count = moreDescendants.length
  return count === 0 ? [] : [indented(paint.faint(t('ledger.moreDescendants', { count })))]
}

function stepEntries(steps: readonly Step[], sign: string, context: TextContext): TextEntry[] {
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

function placeEntries(places: readonly Place[], { t }: TextContext): TextEntry[] {
  return places.map(({ path, format, bytes, firstSeen, lastSeen }) => {
    const first = shown(firstSeen, 40)
    const seen =
      firstSeen === lastSeen ? t('trace.seenOnce', { first }) : t('trace.seen', { first, last: shown(lastSeen, 40) })
    return [`• ${shown(path)}  ${shown(format, 20)}, ${bytesText(bytes)}`, seen]
  })
}

/** Without entries, `none` is said instead; null leaves the block out. */
function block(title: string, entries: readonly TextEntry[], none: string | null, context: TextContext): string[] {
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
