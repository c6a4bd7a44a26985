import type { PassportImported, PassportMade, PassportReport } from '../contract/passport.ts'
import { actorText } from './actor-text.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import { bytesText, shortId } from './figures.ts'
import type { Translate } from './language.ts'
import { changesText, evidenceText } from './relation-text.ts'
import { resultEntries } from './result-text.ts'
import { contextFor, type TextContext, type TextOptions } from './text-context.ts'
import {
  claimEntries,
  evaluationEntries,
  hopEntries,
  incidentEntries,
  siteEntries,
  type TextEntry,
} from './trace-facts.ts'

/** A terminal is scrolled by hand: past this, the JSON result is the better list. */
const MAX_ENTRIES = 60

/** The result of `yukue verify PASSPORT` for a terminal. Ends with a line feed. */
export function renderPassportText(report: PassportReport, options: TextOptions): string {
  const { t } = options
  const context = contextFor(
    Object.entries(report.names).map(([id, name]) => ({ id, name })),
    options,
  )
  const blocks = [
    heading(report, context),
    wrap(t(`passport.verdict.${report.verdict}`), options.width).map(context.paint.strong),
    block(t('passport.text.faults'), faultLines(report, t).map(bullet), context),
    // of a passport that was altered nothing it says is repeated as if somebody had said it
    ...(report.verdict === 'refused' ? [] : contents(report, context)),
    block(t('passport.text.open'), openLines(report, t).map(bullet), context),
    wrap(t('passport.notTruth'), options.width).map(context.paint.faint),
  ]
  const filled = blocks.filter((lines) => lines.length > 0)
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function contents(report: PassportReport, context: TextContext): string[][] {
  const { t } = context
  const { model } = report
  return [
    block(t('passport.text.signedBy'), signerLines(report, t).map(bullet), context),
    block(t('passport.text.atHand'), atHandLines(report, context).map(bullet), context),
    block(t('passport.text.from'), hopEntries(report.hops, context), context, t('ledger.noHops')),
    block(t('passport.text.done'), relationLines(report.relations, context).map(bullet), context),
    block(t('passport.text.claims'), claimEntries(report.claims, context), context),
    block(t('ledger.sites'), siteEntries(report.sites, context, model?.id ?? ''), context),
    block(t('ledger.evaluations'), evaluationEntries(report.evaluations, context), context),
    block(t('result.heading'), resultEntries(report.results, context, model?.id ?? ''), context),
    block(t('ledger.incidents'), incidentEntries(report.incidents, context), context),
  ]
}

function heading({ model, issued, log, statements, path }: PassportReport, { t, width, paint }: TextContext): string[] {
  const name = shown(model?.name ?? path)
  const facts = [
    ...(model ? [model.id] : []),
    t('passport.text.issued', {
      issued: shown(issued ?? '?', 40),
      statements,
      origin: shown(log?.origin ?? '?', 80),
      size: log?.size ?? 0,
    }),
  ]
  const lines = facts.flatMap((line) => wrap(line, width)).map(paint.faint)
  return [...wrap(t('passport.text.heading', { name }), width).map(paint.strong), ...lines]
}

function block(title: string, entries: readonly TextEntry[], context: TextContext, none?: string): string[] {
  const { t, paint, width } = context
  if (entries.length === 0) return none === undefined ? [] : [paint.strong(title), `  ${none}`]
  const lines = entries
    .slice(0, MAX_ENTRIES)
    .flatMap(([first, ...rest]) => [
      ...wrap(first, width - 4).map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`)),
      ...rest.flatMap((line) => wrap(line, width - 4)).map((line) => `    ${line}`),
    ])
  const left = entries.length - MAX_ENTRIES
  return [paint.strong(title), ...lines, ...(left > 0 ? [`  ${t('count.more', { count: left })}`] : [])]
}

function bullet(line: string): TextEntry {
  return [`• ${line}`]
}

export function faultLines({ faults }: PassportReport, t: Translate): string[] {
  return faults.map(({ code, at, detail }) => {
    return t(`passport.fault.${code}`, { at: at ?? '?', detail: shown(detail ?? `${at ?? '?'}`, 100) })
  })
}

export function openLines({ open }: PassportReport, t: Translate): string[] {
  return open.map(({ code, detail }) => t(`passport.open.${code}`, { detail: detail ?? '' }))
}

export function signerLines({ signers }: PassportReport, t: Translate): string[] {
  return signers.map(({ key, name, actor, result, given }) => {
    const standing = given ? t('passport.text.given') : t('passport.text.notGiven')
    const fault = result === 'good' ? [] : [t(`ledger.signature.${result}`)]
    return [actorText(t, actor), `${shown(name, 80)} ${shortId(key)}`, standing, ...fault].join(' · ')
  })
}

/** What was found about the model at hand, one line each. */
export function atHandLines({ atHand }: PassportReport, context: Pick<TextContext, 't' | 'nameOf'>): string[] {
  if (atHand === null) return []
  const { t } = context
  const path = shown(atHand.path)
  const own = atHand.relations.filter(({ child, parents }) =>
    [child, ...parents.map(({ id }) => id)].includes(atHand.id),
  )
  const related = relationLines(own, context)
  return [
    t(atHand.same ? 'passport.text.same' : 'passport.text.other', { path }),
    ...(atHand.same || related.length > 0 ? related : [t('passport.text.stranger')]),
    ...atHand.sideFiles
      .filter(({ change }) => change !== 'same')
      .map(({ name, role, change }) =>
        t(`passport.text.side.${change}`, { name: shown(name, 80), role: shown(role, 40) }),
      ),
  ]
}

export function relationLines(
  relations: PassportReport['relations'],
  { t, nameOf }: Pick<TextContext, 't' | 'nameOf'>,
): string[] {
  return relations.map((relation) => {
    const parents = relation.parents.map(({ id }) => shown(nameOf(id), 80)).join(t('list.separator'))
    const key = relation.direction === 'known' ? 'passport.text.relation' : 'passport.text.undirected'
    const changes = changesText(t, relation)
    return t(key, { child: shown(nameOf(relation.child), 80), parents, changes, evidence: evidenceText(t, relation) })
  })
}

/** The result of `yukue passport`. Ends with a line feed. */
export function renderMadeText(made: PassportMade, { t, width }: TextOptions): string {
  const { path, statements, prints, bytes, log, leftOut } = made
  const lines = [
    t('passport.made', {
      path: shown(path),
      statements,
      prints,
      bytes: bytesText(bytes),
      ...log,
      origin: shown(log.origin),
    }),
  ]
  const kinds = Object.entries(leftOut).map(([kind, count]) => `${kind} ${count}`)
  if (kinds.length > 0) lines.push(t('passport.leftOut', { kinds: kinds.join(t('list.separator')) }))
  return `${lines.flatMap((line) => wrap(line, width)).join('\n')}\n`
}

export function renderImportedText(
  { model, log, entered, known, prints }: PassportImported,
  options: TextOptions,
): string {
  const { t, width } = options
  const name = shown(model.name)
  const line = t('passport.imported', { name, origin: shown(log.origin), size: log.size, entered, known, prints })
  return `${[line, t('passport.scanNext')].flatMap((text) => wrap(text, width)).join('\n')}\n`
}
