import type { AuditReport } from '../contract/audit.ts'
import type { RecordedResult, ResultFigure, ResultSummary } from '../contract/result.ts'
import type { FactStatus, TraceReport } from '../contract/trace.ts'
import { signaturesText } from './actor-text.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import { percentText, shortId, wholeText } from './figures.ts'
import { ratioText } from './impact-sentences.ts'
import type { Translate } from './language.ts'
import type { TextContext, TextOptions } from './text-context.ts'
import type { TextEntry } from './trace-facts.ts'

const SHARES: readonly ResultFigure['code'][] = ['rate', 'negative-flips', 'positive-flips', 'flips']

/** Results on record, in lists. `traced`: the model whose results these are; others are named. */
export function resultEntries(
  results: TraceReport['results'],
  { t, nameOf }: Pick<TextContext, 't' | 'nameOf'>,
  traced: string,
): TextEntry[] {
  return results.map((result) => {
    const { kind, site, window, at, model, parent, status, signatures, statement, leftOut, log } = result
    const heads = [
      ...(model === traced ? [] : [t('ledger.ofModel', { name: shown(nameOf(model), 60) })]),
      ...(parent === null ? [] : [t('result.against', { name: shown(nameOf(parent), 60) })]),
      ...(site === null ? [] : [t('result.atSite', { site: shown(site, 80) })]),
      windowText(window, t),
    ]
    const number = t('ledger.statementNumber', { number: log?.number ?? statement })
    return [
      `• ${shown(at, 40)}  ${t(`result.kind.${kind}`)} · ${heads.join(' · ')}`,
      figuresText(result, t),
      [standingText(status, t), ...signaturesText(t, signatures), number].join(' · '),
      ...(leftOut.length === 0 ? [] : [t('result.withoutLists', { lists: shown(leftOut.join(', '), 200) })]),
      ...(log ? [t('passport.text.inLog', { origin: shown(log.origin, 80), number: log.number ?? '–' })] : []),
    ]
  })
}

function standingText(status: FactStatus, t: Translate): string {
  return t(`status.${status}.name`)
}

/** What was measured, in one line. */
export function figuresText({ kind, n, figures, findings }: ResultSummary, t: Translate): string {
  const parts = figures.map((figure) => figureText(figure, t))
  if (kind !== 'simulation' && n !== null) parts.unshift(t(`result.n.${kind}`, { n: wholeText(n) }))
  if (kind === 'audit') parts.push(findings === 0 ? t('result.noFindings') : t('result.findings', { count: findings }))
  return parts.join(' · ')
}

function figureText({ code, value, interval, where }: ResultFigure, t: Translate): string {
  const textOf = SHARES.includes(code) ? percentText : ratioText
  const [low, high] = interval ?? [null, null]
  const values =
    low === null
      ? textOf(value)
      : t('result.interval', {
          value: textOf(value),
          low: textOf(low),
          high: high === null ? t('audit.unbounded') : textOf(high),
        })
  return t(`result.figure.${code}`, { value: values, where: shown(where ?? '', 120) })
}

export function windowText({ from, to }: ResultSummary['window'], t: Translate): string {
  return from === null && to === null
    ? t('result.windowOpen')
    : t('result.window', { from: shown(from ?? '…', 40), to: shown(to ?? '…', 40) })
}

/** What was entered, and where it and the ledger do not fit together. Ends with a line feed. */
export function renderRecordedText(
  { statement, model, site, notes }: RecordedResult,
  kind: ResultSummary['kind'],
  { t, width }: TextOptions,
): string {
  const where = site === null ? t('result.noSite') : t('result.atSite', { site: shown(site, 80) })
  const values = { number: statement, model: shown(model.name, 80), site: where }
  const lines = [
    t('result.recorded', { ...values, kind: t(`result.kind.${kind}`) }),
    ...notes.map((note) => noteText(note, t)),
  ]
  return `\n${lines.flatMap((line) => wrap(line, width)).join('\n')}\n`
}

function noteText({ code, values }: RecordedResult['notes'][number], t: Translate): string {
  const named = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      shown(value.startsWith('blake3:') ? shortId(value) : value, 200),
    ]),
  )
  const { said = '', site = '', there = '', from = '', until = '', parent = '', lists = '' } = named
  return t(`result.note.${code}`, { said, site, there, from, until, parent, lists })
}

/** Sites named in one sentence; the JSON result has all. */
const MAX_SITES = 20

/** What was taken from the ledger, with the numbers of its statements. */
export function ledgerLines(
  { adopted, without, bases }: NonNullable<AuditReport['fromLedger']>,
  t: Translate,
): string[] {
  const names = without.slice(0, MAX_SITES).map((site) => shown(site, 80))
  const more = without.length > names.length ? ['…'] : []
  const lines = [
    ...adopted.map(({ site, at, statement }) =>
      t('result.ledger.adopted', { site: shown(site, 80), at: shown(at, 40), statement }),
    ),
    ...bases.map(({ deployer, base, statement }) => {
      const origins = base.split(' + ').map(shortId).join(' + ')
      return t('result.ledger.base', { deployer: shown(deployer, 80), base: shown(origins, 200), statement })
    }),
    ...(without.length > 0 && adopted.length > 0
      ? [t('result.ledger.without', { sites: [...names, ...more].join(t('list.separator')) })]
      : []),
  ]
  return lines.length > 0 ? lines : [t('result.ledger.nothing')]
}
