import type { SiteReport } from '../contract/site.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import { shortId } from './figures.ts'
import { changesText, evidenceText } from './relation-text.ts'
import { resultEntries } from './result-text.ts'
import { contextFor, type TextContext, type TextOptions } from './text-context.ts'
import { exposureEntries, siteEntries, type TextEntry } from './trace-facts.ts'

/** The result of `yukue site`. Ends with a line feed. */
export function renderSiteText(report: SiteReport, options: TextOptions): string {
  const { t } = options
  const models = report.present.map(({ model, name }) => ({ id: model, name }))
  const context = contextFor(models, options)
  const { approved, history } = report
  const lines = [
    context.paint.strong(shown(report.site)),
    t(`site.verdict.${report.verdict}`),
    ...block(
      t('site.approved'),
      [[`• ${shown(context.nameOf(approved.model))}`], ...siteEntries([approved], context, approved.model)],
      context,
    ),
    ...block(t('site.present'), report.present.map(presentEntry), context),
    ...block(
      t('site.differences'),
      report.differences.map((difference) => differenceEntry(difference, context)),
      context,
    ),
    ...block(t('result.heading'), resultEntries(report.results, context, approved.model), context),
    ...block(t('exposure.site'), exposureEntries(report.exposures ?? [], context), context),
    ...block(t('site.history'), history.length > 1 ? siteEntries(history, context, '') : [], context),
  ]
  return `${lines.flatMap((line) => wrapped(line, options.width)).join('\n')}\n`
}

function presentEntry({ model, name, path, lastSeen }: SiteReport['present'][number]): TextEntry {
  return [`• ${shown(name)}  ${shown(shortId(model))}`, `${shown(path)} · ${shown(lastSeen, 40)}`]
}

function differenceEntry(difference: SiteReport['differences'][number], { t, nameOf }: TextContext): TextEntry {
  switch (difference.kind) {
    case 'model': {
      const { relation } = difference
      const path = shown(difference.path)
      const first = `✗ ${t('site.model', { path, name: shown(nameOf(difference.model), 60) })}`
      return relation ? [first, changesText(t, relation), evidenceText(t, relation)] : [first, t('site.stranger')]
    }
    case 'layout':
      return [`✗ ${t('site.layout', { path: shown(difference.path) })}`]
    case 'side-file': {
      const { path, role, change } = difference
      return [`✗ ${t(`site.side.${change}`, { path: shown(path), role: shown(role, 40) })}`]
    }
  }
}

function block(title: string, entries: readonly TextEntry[], { paint }: TextContext): string[] {
  if (entries.length === 0) return []
  return [
    '',
    paint.strong(title),
    ...entries.flatMap(([first, ...rest]) => [`  ${first}`, ...rest.map((line) => `     ${line}`)]),
  ]
}

/** Lines below the first keep the indentation of the first. */
function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0]
  if (line === '') return ['']
  return wrap(line.slice(indent.length), width - indent.length).map((part) => indent + part)
}
